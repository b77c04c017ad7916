/** One list: adding, finding out, and the table. */
import { Button, CloseButton, Menu, Skeleton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { viewQuery, type List, type ProcessWish, type VideoView } from '#contract/saved-videos.ts';
import { isUnfinished } from '#contract/words.ts';
import { api, listFileOf, Refusal } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { JobPanel } from '../../parts/job-panel.tsx';
import { Empty, Failure } from '../../parts/states.tsx';
import { columnWords } from '../../words/list-words.ts';
import { count, countOf } from '../../words/numbers.ts';
import { AddVideos } from './add-videos.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { useColumns, type Columns } from './columns.ts';
import { FieldsDialog, type FieldsOpen } from './fields-dialog.tsx';
import { ProcessDialog } from './process.tsx';
import { useSelection } from './selection.ts';
import { Table } from './table.tsx';
import { useEdits } from './use-edits.ts';
import { VideoPanel } from './video-panel.tsx';
import { isNarrowed, viewOf } from './view.ts';
import styles from './list-page.module.css';

export function ListPage() {
  const { listId } = useParams({ from: '/lists/$listId' });
  const found = useQuery(
    api.lists.get.queryOptions({
      input: { id: listId },
      refetchInterval: ({ state }) => (isWorkedOn(state.data) ? 2500 : false),
    }),
  );
  if (found.isError && found.data === undefined) {
    if (found.error instanceof Refusal && found.error.problem.status === 404) return <NoSuchList />;
    return <Failure what="The list" error={found.error} retry={() => void found.refetch()} />;
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
  const selection = useSelection();
  const edits = useEdits(list.id);
  const [total, setTotal] = useState(0);
  const [adding, setAdding] = useState(false);
  const [fieldsOpen, setFieldsOpen] = useState<FieldsOpen>(null);
  const [asked, setAsked] = useState<{ wish: ProcessWish; title: string } | null>(null);
  const working = isWorkedOn(list);
  const ask = useCallback((wish: ProcessWish, title: string) => setAsked({ wish, title }), []);
  const onView = useCallback(
    (change: Partial<VideoView>) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
  const show = (video: number | undefined) =>
    void navigate({ search: (before) => ({ ...before, video }), resetScroll: false });
  // A job that ends leaves rows that were read before its last ones.
  const { refresh } = edits;
  useEffect(() => void (working ? undefined : refresh()), [working, refresh]);

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
          <Button variant="default" aria-expanded={adding} onClick={() => setAdding(!adding)}>
            Add videos
          </Button>
          <Button variant="default" onClick={() => setFieldsOpen('all')}>
            Fields
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
      <AddVideos id={list.id} open={adding || list.videos === 0} onDone={() => void refresh()} />
      {list.job !== null && working && <JobPanel id={list.job.id} errors="with errors" />}
      {list.videos > 0 && (
        <>
          <Finding list={list} view={view} columns={columns} total={total} onView={onView} />
          {total === 0 && isNarrowed(view) && (
            <p className={styles.about}>No video fits what is chosen above.</p>
          )}
          {/* Another view is another table: it begins at its top. */}
          <Table
            key={JSON.stringify(view)}
            id={list.id}
            view={view}
            columns={columns}
            selection={selection}
            edits={edits}
            moving={working}
            onView={onView}
            onOpen={show}
            onProcess={ask}
            onEditField={(field_id) => setFieldsOpen({ field_id })}
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
      <FieldsDialog list={list} open={fieldsOpen} onOpen={setFieldsOpen} />
      <VideoPanel list={list} seq={search.video} onClose={() => show(undefined)} />
    </div>
  );
}

type FindingProps = {
  list: List;
  view: VideoView;
  columns: Columns;
  total: number;
  onView: (change: Partial<VideoView>) => void;
};

function Finding({ list, view, columns, total, onView }: FindingProps) {
  const nameOf = (id: string) =>
    list.fields.find((field) => field.id === id)?.label ?? columnWords[id as keyof typeof columnWords] ?? id;
  return (
    <div className={styles.finding} role="search" aria-label="Find in the list">
      <FindText text={view.text} onFind={(text) => onView({ text })} />
      {view.filters.map((filter) => (
        <span key={JSON.stringify(filter)} className={styles.chip}>
          {nameOf(filter.column)} {filterWords[filter.test]} {filter.values.join(', ')}
          <CloseButton
            size="xs"
            aria-label={`Show all of ${nameOf(filter.column)} again`}
            onClick={() => onView({ filters: view.filters.filter((each) => each !== filter) })}
          />
        </span>
      ))}
      <output className={isNarrowed(view) ? styles.about : 'unseen'}>
        {countOf(total, 'video', 'videos')}
      </output>
      <span className={styles.right}>
        <Menu shadow="md" position="bottom-end" closeOnItemClick={false}>
          <Menu.Target>
            <Button variant="default" size="xs">
              Columns
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {columns.all
              .filter(({ id }) => id !== 'title')
              .map((column) => (
                <Menu.Item
                  key={column.id}
                  role="menuitemcheckbox"
                  aria-checked={column.shown}
                  leftSection={<span aria-hidden="true">{column.shown ? '✓' : ' '}</span>}
                  onClick={() => columns.show(column.id, !column.shown)}
                >
                  {column.label}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
        {(['csv', 'json'] as const).map((format) => (
          <Button
            key={format}
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            renderRoot={(root) => <a {...root} href={listFileOf(list.id, format, viewQuery(view))} download />}
          >
            {format.toUpperCase()}
          </Button>
        ))}
      </span>
    </div>
  );
}

const filterWords: Record<VideoView['filters'][number]['test'], string> = {
  contains: 'contains',
  any_of: 'is',
  none_of: 'is not',
  at_least: 'at least',
  at_most: 'at most',
  source: 'given by',
  empty: 'is empty',
  filled: 'is filled',
  failed: 'failed',
  misfit: 'fits no longer',
};

const typingMs = 250;

function FindText({ text, onFind }: { text: string | undefined; onFind: (text: string | undefined) => void }) {
  const [typed, setTyped] = useState(text ?? '');
  useEffect(() => {
    const wanted = typed.trim() === '' ? undefined : typed.trim();
    if (wanted === text) return undefined;
    const timer = window.setTimeout(() => onFind(wanted), typingMs);
    return () => window.clearTimeout(timer);
  }, [typed, text, onFind]);
  return (
    <TextInput
      className={styles.search}
      size="xs"
      aria-label="Find a part of a title, channel or value"
      placeholder="Title, channel or value"
      leftSection={<Icon name="search" size={14} />}
      value={typed}
      maxLength={200}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function NoSuchList() {
  return (
    <Empty
      icon="lists"
      title="There is no such list"
      action={<Button renderRoot={(root) => <Link to="/lists" {...root} />}>Show all lists</Button>}
    >
      The address may be mistyped, or the list was put away.
    </Empty>
  );
}
