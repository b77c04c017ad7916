/** Every address of the page. What can be linked is in the address: filter, day, open asset, job, outcome. */
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { z } from 'zod';
import { ItemState } from '#contract/words.ts';
import { orNothing } from './address.ts';
import { AssetPage } from './pages/asset/asset-page.tsx';
import { ExportPage } from './pages/export/export-page.tsx';
import { PlanPage } from './pages/export/plan-page.tsx';
import { PlanSearch } from './pages/export/plan-search.ts';
import { ExportSearch } from './pages/export/what-goes-out.ts';
import { ImportPage } from './pages/import/import-page.tsx';
import { JobPage } from './pages/jobs/job-page.tsx';
import { JobsPage } from './pages/jobs/jobs-page.tsx';
import { ListPage } from './pages/lists/list-page.tsx';
import { ListsPage } from './pages/lists/lists-page.tsx';
import { ListSearch } from './pages/lists/view.ts';
import { LibrarySearch } from './pages/library/filter.ts';
import { LibraryPage } from './pages/library/library-page.tsx';
import { ReviewPage } from './pages/review/review-page.tsx';
import { Frame } from './parts/frame.tsx';
import { Broken, NotFound } from './parts/states.tsx';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/import' });
  },
});

const ImportSearch = z.object({ job: orNothing(z.string()) });
const importRoute = createRoute({
  getParentRoute: () => root,
  path: '/import',
  validateSearch: ImportSearch,
  component: ImportPage,
});

const library = createRoute({
  getParentRoute: () => root,
  path: '/library',
  validateSearch: LibrarySearch,
  component: LibraryPage,
});
/** A child of the library, so that the grid keeps its place underneath. */
const asset = createRoute({
  getParentRoute: () => library,
  path: '$assetId',
  component: AssetPage,
});

const review = createRoute({
  getParentRoute: () => root,
  path: '/review',
  validateSearch: z.object({ group: orNothing(z.string()), asset: orNothing(z.string()) }),
  component: ReviewPage,
});

const exportRoute = createRoute({
  getParentRoute: () => root,
  path: '/export',
  validateSearch: ExportSearch,
  component: ExportPage,
});
const plan = createRoute({
  getParentRoute: () => root,
  path: '/export/$exportId',
  validateSearch: PlanSearch,
  component: PlanPage,
});

const lists = createRoute({ getParentRoute: () => root, path: '/lists', component: ListsPage });
const list = createRoute({
  getParentRoute: () => root,
  path: '/lists/$listId',
  validateSearch: ListSearch,
  component: ListPage,
});

const jobs = createRoute({ getParentRoute: () => root, path: '/jobs', component: JobsPage });
const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$jobId',
  validateSearch: z.object({ state: orNothing(ItemState) }),
  component: JobPage,
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    importRoute,
    library.addChildren([asset]),
    review,
    exportRoute,
    plan,
    lists,
    list,
    jobs,
    job,
  ]),
  defaultErrorComponent: Broken,
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
