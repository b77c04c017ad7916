import styles from './bar.module.css';

type Props = {
  part: number;
  total: number;
  label: string;
  tone: 'running' | 'good' | 'warn' | 'bad' | 'quiet';
};

/** A bar that moves by transform alone, so that a change every half second costs no layout. */
export function Bar({ part, total, label, tone }: Props) {
  const share = total === 0 ? 0 : part / total;
  return (
    <div
      className={styles.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={part}
      data-tone={tone}
    >
      <div className={styles.filled} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
