import { Link, Outlet } from '@tanstack/react-router';
import { Icon, type IconName } from './icons.tsx';
import { Keys } from './keys.tsx';
import { RunningStrip } from './running-strip.tsx';
import { usePageTitle } from './title.ts';
import { useUndoKeys } from './decide/use-undo-keys.ts';
import { useReviewQueue } from './review-queue.ts';
import { useUnfinishedJobs } from './job-queries.ts';
import { useUploads } from '../uploads/uploads.ts';
import { count } from '../words/numbers.ts';
import styles from './frame.module.css';

/** Rail (a bottom bar on a phone), the page, and the running job at its foot. */
export function Frame() {
  const unfinished = useUnfinishedJobs();
  const uploads = useUploads();
  const review = useReviewQueue();
  useUndoKeys('with Ctrl only');
  usePageTitle();
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to the page
      </a>
      <nav className={styles.rail} aria-label="Pages">
        <Place
          to="/import"
          icon="import"
          name="Import"
          waiting={uploads.left}
          meaning="files still to upload"
        />
        <Place to="/library" icon="library" name="Library" waiting={0} meaning="" />
        <Place
          to="/review"
          icon="review"
          name="Review"
          waiting={review.data?.total ?? 0}
          meaning="waiting for a look"
        />
        <Place to="/export" icon="export" name="Export" waiting={0} meaning="" />
        <Place to="/lists" icon="lists" name="Lists" waiting={0} meaning="" />
        <Place to="/jobs" icon="jobs" name="Jobs" waiting={unfinished} meaning="jobs not finished" />
        <Keys />
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
      <RunningStrip />
    </div>
  );
}

type PlaceProps = {
  to: '/import' | '/library' | '/review' | '/export' | '/lists' | '/jobs';
  icon: IconName;
  name: string;
  waiting: number;
  meaning: string;
};

function Place({ to, icon, name, waiting, meaning }: PlaceProps) {
  return (
    <Link to={to} className={styles.place} activeOptions={{ includeSearch: false }}>
      <span className={styles.icon}>
        <Icon name={icon} size={22} />
        {waiting > 0 && (
          <span className={styles.waiting}>
            {waiting > 999 ? '999+' : count(waiting)}
            <span className="unseen"> {meaning}</span>
          </span>
        )}
      </span>
      {name}
    </Link>
  );
}
