import { useQuery } from '@tanstack/react-query';
import type { Health } from '#contract/health.ts';
import { api } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { ago } from '../../words/ago.ts';
import { countOf } from '../../words/numbers.ts';
import styles from './worker-line.module.css';

/** After an hour a restart is no news any more. */
const newsMs = 3_600_000;

/** Says when the process that reads files is not well, or was not a short time ago; else nothing. */
export function WorkerLine() {
  const health = useQuery(api.health.queryOptions({ input: {}, refetchInterval: 15_000 }));
  const sentence = health.data === undefined ? null : sentenceOf(health.data.worker, health.dataUpdatedAt);
  if (sentence === null) return null;
  return (
    <p className={styles.line} role="status">
      <Icon name="warning" size={16} />
      {sentence}
    </p>
  );
}

function sentenceOf({ ok, restarts, since }: Health['worker'], now: number): string | null {
  if (!ok) return 'The worker does not answer. If it stays silent it is started again; nothing is lost.';
  if (restarts === 0 || since === null || now - Date.parse(since) > newsMs) return null;
  const times = restarts === 1 ? '' : `, ${countOf(restarts, 'time', 'times')} since Daybook was started`;
  return `The worker was restarted ${ago(since, now)}${times}.`;
}
