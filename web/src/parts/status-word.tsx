import type { JobStatus } from '#contract/words.ts';
import { statusWords, type Tone } from '../words/words.ts';
import styles from './status-word.module.css';

export function StatusWord({ status }: { status: JobStatus }) {
  return <ToneWord {...statusWords[status]} />;
}

export function ToneWord({ word, tone }: { word: string; tone: Tone }) {
  return (
    <span className={styles.status} data-tone={tone}>
      {word}
    </span>
  );
}
