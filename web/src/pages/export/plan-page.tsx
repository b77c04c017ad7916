/** One export: its plan, the job that does it, and what can be done after. */
import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { Export } from '#contract/exports.ts';
import { api, Refusal } from '../../api.ts';
import { AskFirst } from '../../parts/ask-first.tsx';
import { Icon } from '../../parts/icons.tsx';
import { JobPanel } from '../../parts/job-panel.tsx';
import { Empty, Failure, FailureLine } from '../../parts/states.tsx';
import { ToneWord } from '../../parts/status-word.tsx';
import { instantWords } from '../../words/dates.ts';
import { AfterExport } from './after-export.tsx';
import { PlanLines } from './plan-lines.tsx';
import { SaveAsCsv } from './save-as-csv.tsx';
import { Totals } from './totals.tsx';
import { stageOf, stageWords } from './stage.ts';
import { sayRefused } from '../../parts/say-refused.ts';
import styles from './plan-page.module.css';

export function PlanPage() {
  const { exportId } = useParams({ from: '/export/$exportId' });
  const found = useQuery(
    api.exports.get.queryOptions({
      input: { id: exportId },
      refetchInterval: ({ state }) =>
        state.data !== undefined && ['running', 'undoing'].includes(stageOf(state.data)) ? 4000 : false,
    }),
  );
  if (found.isError && found.data === undefined) {
    if (found.error instanceof Refusal && found.error.problem.status === 404) return <NoSuchExport />;
    return <Failure level={1} what="The export" error={found.error} retry={() => void found.refetch()} />;
  }
  return (
    <div className={styles.page}>
      <Link to="/export" search={{}} className={styles.back}>
        <Icon name="left" size={16} /> All exports
      </Link>
      {found.data === undefined ? <PlanSkeleton /> : <Plan one={found.data} />}
    </div>
  );
}

function Plan({ one }: { one: Export }) {
  const stage = stageOf(one);
  return (
    <>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1 className={styles.name}>Export to {one.folder}</h1>
          {/* Of a job its panel tells. */}
          {(stage === 'planned' || stage === 'undone') && <ToneWord {...stageWords(one)} />}
        </div>
        <p className={styles.about}>
          Planned {instantWords(one.created_at)}, names like <code>{one.template}</code>
          {one.write_uncertain && ', uncertain dates are written into the files'}
          {one.set_aside_gone && ', copies that do not belong any more are cleared away'}.
        </p>
      </header>
      {stage === 'planned' && <Totals one={one} />}
      {stage === 'planned' && <Accept one={one} />}
      {one.undo_job !== null && <JobPanel id={one.undo_job.id} errors="with errors" />}
      {one.remove_job !== null && <JobPanel id={one.remove_job.id} errors="with errors" />}
      {one.job !== null && <JobPanel id={one.job.id} errors="with errors" />}
      {(stage === 'ended' || stage === 'undone') && <AfterExport one={one} />}
      {stage !== 'planned' && <Totals one={one} />}
      <PlanLines one={one} />
    </>
  );
}

function Accept({ one }: { one: Export }) {
  const client = useQueryClient();
  const navigate = useNavigate({ from: '/export/$exportId' });
  const start = useMutation(
    api.exports.start.mutationOptions({
      onSuccess: async (job) => {
        client.setQueryData(api.exports.get.queryKey({ input: { id: one.id } }), { ...one, job });
        await Promise.all([
          client.invalidateQueries({ queryKey: api.exports.key() }),
          client.invalidateQueries({ queryKey: api.jobs.key() }),
        ]);
      },
    }),
  );
  const forget = useMutation(
    api.exports.forget.mutationOptions({
      async onSuccess() {
        await navigate({ to: '/export', search: {} });
        await client.invalidateQueries({ queryKey: api.exports.list.key() });
      },
      onError: (error) => sayRefused('The plan could not be thrown away', error),
    }),
  );
  return (
    <div className={styles.accept}>
      {hasWork(one) ? (
        <Button
          size="md"
          leftSection={<Icon name="export" size={18} />}
          loading={start.isPending}
          onClick={() => start.mutate({ id: one.id })}
        >
          Start the export
        </Button>
      ) : (
        <p className={styles.nothing}>
          <Icon name="done" size={18} /> Everything stands there as it should: there is nothing to start.
        </p>
      )}
      <SaveAsCsv id={one.id} />
      <AskFirst
        label="Throw the plan away"
        icon={null}
        busy={forget.isPending}
        name="Throw the plan away?"
        yes="Throw it away"
        no="Keep it"
        onYes={() => forget.mutate({ id: one.id })}
      >
        Only the plan goes. Nothing was written, and the library stays as it is.
      </AskFirst>
      {start.isError && <FailureLine error={start.error} retry={null} />}
    </div>
  );
}

function hasWork({ counts: { actions }, set_aside_gone }: Export): boolean {
  return actions.new + actions.changed + (set_aside_gone ? actions.gone : 0) > 0;
}

function NoSuchExport() {
  return (
    <Empty
      level={1}
      icon="export"
      title="There is no such export"
      action={
        <Button renderRoot={(root) => <Link to="/export" search={{}} {...root} />}>Show all exports</Button>
      }
    >
      The address may be mistyped, or its plan was thrown away.
    </Empty>
  );
}

function PlanSkeleton() {
  return (
    <div className={styles.skeleton} aria-busy="true" aria-label="The export is being loaded">
      <Skeleton height={32} width="50%" />
      <Skeleton height={18} width="70%" />
      <Skeleton height={120} />
      <Skeleton height={42} width="40%" />
      <Skeleton height={480} />
    </div>
  );
}
