import type { Confidence } from '#contract/words.ts';
import { confidenceWords } from '../words/words.ts';
import styles from './confidence.module.css';

/** ● ◐ ○ –, drawn rather than typed: fonts disagree about the size of these signs. */
function Shape({ confidence }: { confidence: Confidence }) {
  return (
    <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
      {confidence === 'none' ? (
        <path d="M2 6h8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      ) : (
        <circle
          cx="6"
          cy="6"
          r="4.2"
          stroke="currentColor"
          strokeWidth="1.8"
          fill={confidence === 'high' ? 'currentColor' : 'none'}
        />
      )}
      {confidence === 'medium' && <path d="M6 1.8a4.2 4.2 0 0 0 0 8.4z" fill="currentColor" />}
    </svg>
  );
}

function nounOf(confidence: Confidence): string {
  return confidence === 'none' ? 'no confidence' : `${confidenceWords[confidence].word} confidence`;
}

/** Colour, shape and word. `on` says what it lies on: a picture needs a ground of its own. */
export function ConfidenceMark({
  confidence,
  on,
}: {
  confidence: Confidence;
  on: 'page' | 'page with noun' | 'picture';
}) {
  return (
    <span
      className={styles.mark}
      data-confidence={confidence}
      data-on={on}
      title={confidenceWords[confidence].about}
    >
      <Shape confidence={confidence} />
      {on !== 'page with noun' && <span className="unseen">confidence </span>}
      <span>{on === 'page with noun' ? nounOf(confidence) : confidenceWords[confidence].word}</span>
    </span>
  );
}
