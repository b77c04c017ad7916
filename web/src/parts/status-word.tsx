import type { JobStatus } from '#contract/words.ts';
import { statusWords } from '../words/words.ts';
import styles from './status-word.module.css';

export function StatusWord({ status }: { status: JobStatus }) {
  const { word, tone } = statusWords[status];
  return (
    <span className={styles.status} data-tone={tone}>
      {word}
    </span>
  );
}
