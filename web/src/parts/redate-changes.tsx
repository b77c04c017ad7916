/** What deciding again changed, or would change: how many, and some of them before and after. */
import { Link } from '@tanstack/react-router';
import type { RedateReport } from '#contract/job-summary.ts';
import { wallClockWords } from '../words/dates.ts';
import { count, countOf } from '../words/numbers.ts';
import { confidenceWords } from '../words/words.ts';
import styles from './redate-changes.module.css';

export function RedateChanges({ report }: { report: RedateReport }) {
  const { changed, changed_times, kept_by_person, confidence, examples, dry_run } = report;
  const moved = confidence.filter(({ from, to }) => from !== to);
  return (
    <div className={styles.changes}>
      <p>
        {dry_run ? 'Would change: ' : 'Changed: '}
        <b>{countOf(changed, 'picture', 'pictures')}</b>
        {changed > 0 && `, ${count(changed_times)} of them to another time`}.
        {kept_by_person > 0 && ` ${countOf(kept_by_person, 'time', 'times')} of yours stay.`}
      </p>
      {moved.length > 0 && (
        <p className={styles.quiet}>
          {moved
            .map(
              (one) =>
                `${count(one.count)} from ${confidenceWords[one.from].word} to ${confidenceWords[one.to].word} confidence`,
            )
            .join(', ')}
        </p>
      )}
      <ul className={styles.examples} aria-label="Examples">
        {examples.map((one) => (
          <li key={one.asset_id}>
            <Link to="/library/$assetId" params={{ assetId: one.asset_id }} className={styles.name}>
              {one.name}
            </Link>
            <BeforeAndAfter example={one} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where the clock stays and only its zone is another, the zone is what is told. */
function BeforeAndAfter({ example }: { example: RedateReport['examples'][number] }) {
  const { before, after, before_zone, after_zone, to } = example;
  const isZone = before === after;
  return (
    <span>
      {isZone && `${clock(after)}, `}
      <span className="unseen">before: </span>
      <s>{isZone ? (before_zone ?? 'no zone') : clock(before)}</s> <span className="unseen">after: </span>
      {isZone ? (after_zone ?? 'no zone') : clock(after)}, {confidenceWords[to].word} confidence
    </span>
  );
}

function clock(local: string | null): string {
  return local === null ? 'no date' : wallClockWords(local, 'short');
}
