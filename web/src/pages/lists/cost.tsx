/** What finding out costs: of a job that may be started, and of YouTube's quota of the day. */
import { useQuery } from '@tanstack/react-query';
import type { List } from '#contract/lists.ts';
import type { Estimate, Quota } from '#contract/processing.ts';
import { api } from '../../api.ts';
import { instantWords } from '../../words/dates.ts';
import { count, countOf } from '../../words/numbers.ts';
import dialogs from './dialogs.module.css';
import styles from './list-page.module.css';

type CostLineProps = {
  list: List;
  working: boolean;
  /** Whether the rows are there: an estimate of 100,000 videos takes the server 0.4 s, for which they do not wait. */
  after: boolean;
};

/** Above the table: what processing all that waits would cost, and what is left for today. */
export function CostLine({ list, working, after }: CostLineProps) {
  const input = { id: list.id, wish: { what: 'pending' as const } };
  const waits = list.states.pending > 0 && !working;
  const estimate = useQuery({
    ...api.processing.estimate.queryOptions({ input }),
    // Another version of the list costs otherwise.
    queryKey: [...api.processing.estimate.queryKey({ input }), list.version],
    enabled: waits && after,
  });
  const quota = useQuery(
    api.processing.quota.queryOptions({ staleTime: 0, refetchInterval: working ? 5000 : false }),
  );
  const told = waits ? estimate.data : undefined;
  const sentences = told?.sentences ?? [];
  // The sentences say what is left, and were told with the quota they go by.
  const shown = told?.quota ?? quota.data;
  if (sentences.length === 0 && shown?.key_set !== true) return null;
  return (
    <div className={styles.cost}>
      {sentences.length > 0 && <p className={styles.about}>{sentences.join(' ')}</p>}
      {shown?.key_set === true && <QuotaMeter quota={shown} />}
    </div>
  );
}

/** What a job would cost in sentences, which know what is missing and what is a guess. */
export function Cost({ estimate: { quota, sentences } }: { estimate: Estimate }) {
  return (
    <>
      <ul className={dialogs.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {quota.key_set && <QuotaMeter quota={quota} />}
    </>
  );
}

function QuotaMeter({ quota }: { quota: Quota }) {
  const { limit_units: limit, left_units: left } = quota;
  // Of what other programs used with the same key, only that nothing is left is known.
  const used = limit - left;
  const share = limit === 0 ? 100 : (100 * used) / limit;
  const fresh = `Given anew ${instantWords(quota.resets_at)}, at midnight in California.`;
  return (
    <div className={dialogs.quota} title={fresh}>
      <div
        className={dialogs.meter}
        role="meter"
        aria-label="Quota of YouTube used today"
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={used}
      >
        <span style={{ width: `${share}%` }} data-spent={left === 0 || undefined} />
      </div>
      <p className={dialogs.quiet}>
        {quota.exhausted
          ? 'YouTube says that its quota is spent for today.'
          : `${count(left)} of ${countOf(limit, 'unit', 'units')} of YouTube’s quota left today`}
      </p>
    </div>
  );
}
