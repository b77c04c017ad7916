/** One list: adding, finding out, and the table. */
import { Button, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { List } from '#contract/lists.ts';
import type { ProcessWish } from '#contract/processing.ts';
import type { VideoView } from '#contract/saved-videos.ts';
import { isUnfinished } from '#contract/words.ts';
import { api, isGone } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { JobPanel } from '../../parts/job-panel.tsx';
import { Empty, Failure } from '../../parts/states.tsx';
import { count, countOf } from '../../words/numbers.ts';
import { AddVideos } from './add-videos.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { useColumns } from './columns.ts';
import { CostLine } from './cost.tsx';
import { FieldsDialog, type FieldsOpen } from './fields-dialog.tsx';
import { Finding } from './finding.tsx';
import { ListSettings } from './list-settings.tsx';
import { ProcessDialog } from './process.tsx';
import { useSelection } from './selection.ts';
import { Table } from './table.tsx';
import { useEdits } from './use-edits.ts';
import { VideoPanel } from './video-panel.tsx';
import { isNarrowed, viewOf } from './view.ts';
import styles from './list-page.module.css';

/** How often the list is asked whether it is another by now. While nobody looks, it is not. */
const workedOnMs = 2500;
/** Other windows change it too. With 100,000 videos an answer takes the server 14 ms. */
const restingMs = 5000;

export function ListPage() {
  const { listId } = useParams({ from: '/lists/$listId' });
  const found = useQuery(
    api.lists.get.queryOptions({
      input: { id: listId },
      refetchInterval: ({ state }) => (isWorkedOn(state.data) ? workedOnMs : restingMs),
    }),
  );
  if (isGone(found.error)) return <NoSuchList />;
  if (found.isError && found.data === undefined) {
    return <Failure level={1} what="The list" error={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data === undefined) {
    return (
      <div className={styles.page} aria-busy="true" aria-label="The list is being loaded">
        <Skeleton height={32} width="40%" />
        <Skeleton height={36} />
        <Skeleton height={420} />
      </div>
    );
  }
  return <Shown key={listId} list={found.data} />;
}

function isWorkedOn(list: List | undefined): boolean {
  const job = list?.job ?? null;
  return job !== null && isUnfinished(job.status);
}

function Shown({ list }: { list: List }) {
  const search = useSearch({ from: '/lists/$listId' });
  const navigate = useNavigate({ from: '/lists/$listId' });
  const view = viewOf(search);
  const columns = useColumns(list.id, list.fields);
  const selection = useSelection(view);
  const edits = useEdits(list.id);
  const [known, setTotal] = useState<number | null>(null);
  const total = known ?? 0;
  const [adding, setAdding] = useState(false);
  const [links, setLinks] = useState('');
  const addsVideos = adding || list.videos === 0;
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [fieldsOpen, setFieldsOpen] = useState<FieldsOpen>(null);
  const [asked, setAsked] = useState<{ wish: ProcessWish; title: string } | null>(null);
  const working = isWorkedOn(list);
  const ask = useCallback((wish: ProcessWish, title: string) => setAsked({ wish, title }), []);
  const editField = useCallback((field_id: string) => setFieldsOpen({ field_id }), []);
  const isSearched = view.text !== undefined;
  const onView = useCallback(
    (change: Partial<VideoView>) =>
      void navigate({
        search: (before) => ({ ...before, ...change, offset: undefined }),
        // Back leads to the view before: of a search that is typed on, to that before all of it.
        replace: isSearched && change.text !== undefined,
        resetScroll: false,
      }),
    [navigate, isSearched],
  );
  const onOffset = useCallback(
    (offset: number) =>
      void navigate({
        search: (before) => ({ ...before, offset: offset === 0 ? undefined : offset }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const show = (video: number | undefined) =>
    void navigate({ search: (before) => ({ ...before, video }), resetScroll: false });
  const client = useQueryClient();
  const { refresh } = edits;
  // A job that ends leaves rows that were read before its last ones.
  useEffect(() => void (working ? undefined : refresh()), [working, refresh]);
  const added = () => {
    // The first ones open the table, and what came of them is still to be read.
    setAdding(true);
    void refresh();
    // Reading a playlist takes of the quota.
    void client.invalidateQueries({ queryKey: api.processing.key() });
  };
  // Somebody else changed it: another tab, a job that was started elsewhere.
  const shown = useRef(list.version);
  useEffect(() => {
    if (shown.current === list.version || edits.pending > 0) return;
    shown.current = list.version;
    void client.invalidateQueries({ queryKey: api.videos.key() });
  }, [client, list.version, edits.pending]);

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.names}>
          <Link to="/lists" className={styles.back}>
            <Icon name="left" size={16} /> All lists
          </Link>
          <h1 className={styles.title}>{list.name}</h1>
          <p className={styles.about}>
            {countOf(list.videos, 'video', 'videos')}
            {list.states.pending > 0 && `, ${count(list.states.pending)} waiting to be processed`}
            {list.states.failed > 0 && `, ${count(list.states.failed)} failed`}
            {list.failed_cells > 0 && `, ${countOf(list.failed_cells, 'value', 'values')} failed`}
            {list.misfit_cells > 0 && `, ${countOf(list.misfit_cells, 'value fits', 'values fit')} no longer`}
          </p>
        </div>
        <div className={styles.actions}>
          <Button variant="default" aria-expanded={addsVideos} onClick={() => setAdding(!adding)}>
            Add videos
          </Button>
          <Button variant="default" onClick={() => setFieldsOpen('all')}>
            Fields
          </Button>
          <Button variant="default" onClick={() => setSettingsOpen(true)}>
            Settings
          </Button>
          <Button
            leftSection={<Icon name="resume" size={16} />}
            disabled={working || list.states.pending === 0}
            onClick={() => ask({ what: 'pending' }, 'Process what is waiting')}
          >
            Process {list.states.pending > 0 && count(list.states.pending)}
          </Button>
          {list.states.failed + list.failed_cells > 0 && (
            <Button
              variant="default"
              disabled={working}
              leftSection={<Icon name="retry" size={16} />}
              onClick={() => ask({ what: 'failed' }, 'Process what failed again')}
            >
              Failed again
            </Button>
          )}
        </div>
      </header>
      <CostLine list={list} working={working} after={known !== null || list.videos === 0} />
      {addsVideos && (
        <AddVideos
          id={list.id}
          links={links}
          onLinks={setLinks}
          onDone={added}
          onClose={list.videos === 0 ? null : () => setAdding(false)}
        />
      )}
      {list.job !== null && working && <JobPanel id={list.job.id} errors="with errors" />}
      {list.videos > 0 && (
        <>
          <Finding list={list} view={view} columns={columns} total={total} onView={onView} />
          {known === 0 && isNarrowed(view) && (
            <p className={styles.about}>No video fits what is chosen above.</p>
          )}
          <Table
            id={list.id}
            view={view}
            columns={columns}
            selection={selection}
            edits={edits}
            moving={working}
            offset={search.offset ?? 0}
            onOffset={onOffset}
            onView={onView}
            onOpen={show}
            onProcess={ask}
            onEditField={editField}
            onTotal={setTotal}
          />
        </>
      )}
      <BulkBar list={list} view={view} total={total} selection={selection} edits={edits} onProcess={ask} />
      <ProcessDialog
        id={list.id}
        wish={asked?.wish ?? null}
        title={asked?.title ?? ''}
        onClose={() => setAsked(null)}
      />
      <ListSettings list={list} opened={settingsOpen} onClose={() => setSettingsOpen(false)} />
      <FieldsDialog list={list} open={fieldsOpen} onOpen={setFieldsOpen} />
      <VideoPanel
        list={list}
        seq={search.video}
        onProcess={(wish, title) => {
          show(undefined);
          ask(wish, title);
        }}
        onClose={() => show(undefined)}
      />
    </div>
  );
}

function NoSuchList() {
  return (
    <Empty
      level={1}
      icon="lists"
      title="There is no such list"
      action={<Button renderRoot={(root) => <Link to="/lists" {...root} />}>Show all lists</Button>}
    >
      The address may be mistyped, or the list was put away.
    </Empty>
  );
}
