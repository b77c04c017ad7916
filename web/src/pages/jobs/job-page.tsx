import { Link, useParams, useSearch } from '@tanstack/react-router';
import { itemStates } from '#contract/words.ts';
import { ErrorGroups } from '../../parts/error-groups.tsx';
import { Icon } from '../../parts/icons.tsx';
import { useJob } from '../../parts/job-queries.ts';
import { JobPanel } from '../../parts/job-panel.tsx';
import { SkipGroups } from '../../parts/skip-groups.tsx';
import { useTitleOf } from '../../parts/title.ts';
import { instantWords } from '../../words/dates.ts';
import { count } from '../../words/numbers.ts';
import { itemWords, stateWord } from '../../words/words.ts';
import { EventLog } from './event-log.tsx';
import { ItemList } from './item-list.tsx';
import { ProgressChart } from './progress-chart.tsx';
import styles from './job-page.module.css';

export function JobPage() {
  const { jobId } = useParams({ from: '/jobs/$jobId' });
  const { state } = useSearch({ from: '/jobs/$jobId' });
  const job = useJob(jobId).data;
  useTitleOf(job?.label ?? null);
  const counts = {
    waiting: undefined,
    working: undefined,
    done: job?.done,
    skipped: job?.skipped,
    failed: job?.failed,
  };
  return (
    <div className={styles.page}>
      <Link to="/jobs" className={styles.back}>
        <Icon name="left" size={16} /> All jobs
      </Link>
      <h1 className="unseen">{job?.label ?? 'Job'}</h1>
      <JobPanel id={jobId} errors="errors elsewhere" />
      {job !== undefined && <p className={styles.times}>{timesOf(job)}</p>}
      {job !== undefined && <ProgressChart job={job} />}
      {job !== undefined && job.failed > 0 && (
        <section>
          <h2 className={styles.title}>What failed, by cause</h2>
          <ErrorGroups jobId={jobId} failed={job.failed} />
        </section>
      )}
      {job !== undefined && job.skipped > 0 && (
        <section>
          <h2 className={styles.title}>What was skipped, by reason</h2>
          <SkipGroups jobId={jobId} skipped={job.skipped} />
        </section>
      )}
      {job !== undefined && (
        <section>
          <h2 className={styles.title}>{capital(itemWords(job.kind)[1])}</h2>
          <nav className={styles.filters} aria-label="Filter by outcome">
            <Link
              to="/jobs/$jobId"
              params={{ jobId }}
              search={{}}
              className={styles.filter}
              replace
              resetScroll={false}
            >
              all {count(job.total)}
            </Link>
            {itemStates.map((name) => (
              <Link
                key={name}
                to="/jobs/$jobId"
                params={{ jobId }}
                search={{ state: name }}
                className={styles.filter}
                replace
                resetScroll={false}
              >
                {stateWord(job.kind, name)} {figure(counts[name])}
              </Link>
            ))}
          </nav>
          <ItemList
            key={state}
            jobId={jobId}
            kind={job.kind}
            state={state}
            settled={job.done + job.skipped + job.failed}
          />
        </section>
      )}
      {job !== undefined && (
        <section>
          <h2 className={styles.title}>What happened</h2>
          <EventLog jobId={jobId} />
        </section>
      )}
    </div>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : count(value);
}

function timesOf(job: { created_at: string; started_at: string | null; completed_at: string | null }): string {
  const said = [`Asked for ${instantWords(job.created_at)}`];
  if (job.started_at !== null) said.push(`started ${instantWords(job.started_at)}`);
  if (job.completed_at !== null) said.push(`ended ${instantWords(job.completed_at)}`);
  return said.join(', ');
}
