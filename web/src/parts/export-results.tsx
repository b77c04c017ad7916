/** What came of an export, of its undo, and of the removal of its sources: in a sentence, with what is worth knowing. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { SummaryOf } from '#contract/job-summary.ts';
import { api } from '../api.ts';
import { byteSize, count, countOf } from '../words/numbers.ts';
import styles from './export-results.module.css';

type Props<Kind extends 'export' | 'undo_export' | 'remove_sources'> = {
  jobId: string;
  /** Null until the job has ended. */
  summary: SummaryOf<Kind> | null;
};

export function ExportResult({ jobId, summary }: Props<'export'>) {
  if (summary === null) return <OpenExport jobId={jobId} />;
  const { same, gone, bytes, failed, warnings, report } = summary;
  const written = summary.new + summary.changed;
  const others = [
    ...(same > 0 ? [`${count(same)} stood there as they should`] : []),
    ...(gone > 0 ? [`${count(gone)} did not belong any more`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
  ];
  return (
    <div className={styles.result}>
      <p className={styles.sentence}>
        <b>{countOf(written, 'copy', 'copies')}</b> written and verified, {byteSize(bytes)}:{' '}
        {count(summary.new)} new, {count(summary.changed)} changed
        {others.length > 0 && `; ${others.join(', ')}`}.
      </p>
      <Told told={warnings} one="copy has something to tell" many="copies have something to tell" />
      <p className={styles.report}>
        {report === null ? (
          'The report could not be written into the folder. Save it as CSV from the page of the export.'
        ) : (
          <>
            The report stands in <code>{report}</code> as report.csv and report.json.
          </>
        )}
      </p>
      <OpenExport jobId={jobId} />
    </div>
  );
}

export function UndoResult({ jobId, summary }: Props<'undo_export'>) {
  if (summary === null) return <OpenExport jobId={jobId} />;
  return (
    <div className={styles.result}>
      <p className={styles.sentence}>
        <b>{countOf(summary.removed, 'file', 'files')}</b> removed
        {summary.restored > 0 && `, ${countOf(summary.restored, 'earlier one', 'earlier ones')} put back`}.
      </p>
      <Told told={summary.left} one="was left as it is" many="were left as they are" />
      <OpenExport jobId={jobId} />
    </div>
  );
}

export function RemovalResult({ jobId, summary }: Props<'remove_sources'>) {
  if (summary === null) return <OpenExport jobId={jobId} />;
  return (
    <div className={styles.result}>
      <p className={styles.sentence}>
        <b>{countOf(summary.moved, 'source', 'sources')}</b> moved into the folder{' '}
        <code className={styles.path}>.daybook-trash</code> at the top of what was imported. Nothing was
        deleted.
      </p>
      <Told told={summary.left} one="was left where it stands" many="were left where they stand" />
      <OpenExport jobId={jobId} />
    </div>
  );
}

type ToldProps = {
  told: { count: number; examples: readonly { name: string; message: string }[] };
  /** After the number. */
  one: string;
  many: string;
};

function Told({ told, one, many }: ToldProps) {
  if (told.count === 0) return null;
  return (
    <details className={styles.told}>
      <summary>{countOf(told.count, one, many)}</summary>
      <ul>
        {told.examples.map(({ name, message }, index) => (
          // The same name may have several things to tell.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <b>{name}</b> {message}
          </li>
        ))}
        {told.count > told.examples.length && (
          <li>and {count(told.count - told.examples.length)} more: see the plan, file by file</li>
        )}
      </ul>
    </details>
  );
}

const exportsLookedAt = 100;

/** From the job to its export, where that is not what is shown already. A job does not know its export; of the newest it is found. */
function OpenExport({ jobId }: { jobId: string }) {
  const { exportId } = useParams({ strict: false });
  const exports = useQuery(
    api.exports.list.queryOptions({
      input: { limit: exportsLookedAt },
      enabled: exportId === undefined,
      staleTime: 30_000,
    }),
  );
  if (exportId !== undefined) return null;
  const found = exports.data?.items.find(({ job, undo_job, remove_job }) =>
    [job, undo_job, remove_job].some((each) => each?.id === jobId),
  );
  if (found === undefined) return null;
  return (
    <p>
      <Link to="/export/$exportId" params={{ exportId: found.id }} search={{}}>
        Open the export with its plan
      </Link>
    </p>
  );
}
