/** Every piece of evidence side by side: source, what it says, how it stands to the chosen time, or why it is out. */
import type { CaptureTime } from '#contract/capture-time.ts';
import type { DecisionToMake } from '#contract/decisions.ts';
import type { ComparedEvidence as Piece } from '#contract/library.ts';
import { Icon } from '../../parts/icons.tsx';
import { distanceShare, distanceWords, wallClockWords } from '../../words/dates.ts';
import { rejectionWords, sourceWords, zoneSourceWords } from '../../words/words.ts';
import styles from './evidence.module.css';

type Props = {
  evidence: readonly Piece[];
  chosen: CaptureTime;
  /** What a press on a piece does. A person may choose what the rules do not believe. */
  onChoose: (piece: Piece) => void;
  /** The keys 1 to 9 stand beside the pieces that they choose. */
  keys: boolean;
};

export function Evidence({ evidence, chosen, onChoose, keys }: Props) {
  if (evidence.length === 0) {
    return (
      <p className={styles.nothing}>Neither the file, its name nor its folder says when this was taken.</p>
    );
  }
  const order = inOrder(evidence, chosen);
  const valid = evidence.filter((piece) => piece.rejected === null).length;
  return (
    <section aria-label="Evidence">
      <h2 className={styles.title}>
        Evidence <span className={styles.count}>{evidenceCount(valid, evidence.length - valid)}</span>
      </h2>
      <ol className={styles.list}>
        {order.map((piece) => (
          <Row
            key={`${piece.source} ${piece.raw} ${piece.rejected}`}
            piece={piece}
            chosen={chosen}
            onChoose={onChoose}
            digit={keys ? digitOf(piece, order) : null}
          />
        ))}
      </ol>
    </section>
  );
}

/** As the rows stand: the chosen one first, then by weight, rejected ones last. */
export function inOrder(evidence: readonly Piece[], chosen: CaptureTime): Piece[] {
  return [...evidence].sort((a, b) => rank(a, chosen) - rank(b, chosen));
}

/** For one asset exactly this piece; for many the piece of this kind that each of them has. */
export function choiceOf({ source, raw }: Piece, meant: 'this one' | 'all'): DecisionToMake {
  return meant === 'all' || raw.length > 2000 ? { kind: 'choose', source } : { kind: 'choose', source, raw };
}

/** Pieces that say a time, in the order of their rows: those that can be chosen, the first nine by their digit. */
export function choosable(inOrder: readonly Piece[]): Piece[] {
  return inOrder.filter(({ local }) => local !== null);
}

function digitOf(piece: Piece, order: readonly Piece[]): number | null {
  const index = choosable(order).indexOf(piece);
  return index < 0 || index >= 9 ? null : index + 1;
}

type RowProps = Pick<Props, 'chosen' | 'onChoose'> & { piece: Piece; digit: number | null };

function Row({ piece, chosen, onChoose, digit }: RowProps) {
  const out = piece.rejected !== null;
  const chose = isChosen(piece, chosen);
  return (
    <li className={styles.row} data-out={out || undefined} data-chosen={chose || undefined}>
      <div className={styles.top}>
        {digit !== null && (
          <kbd className={styles.digit} aria-hidden="true">
            {digit}
          </kbd>
        )}
        {piece.local === null ? (
          <b className={styles.source}>{sourceWords[piece.source]}</b>
        ) : (
          <button
            type="button"
            data-dense=""
            className={styles.choose}
            title={chose ? 'Confirm this time' : out ? 'Choose this time all the same' : 'Choose this time'}
            aria-pressed={chose}
            onClick={() => onChoose(piece)}
          >
            {sourceWords[piece.source]}
          </button>
        )}
        <span className={styles.verdict}>
          {piece.rejected === null ? <Verdict piece={piece} chosen={chose} /> : rejectionWords[piece.rejected]}
        </span>
      </div>
      <p className={styles.meaning}>{meaningOf(piece)}</p>
      <p className={styles.raw}>
        <span>{piece.source}</span> <code>{piece.raw}</code>
      </p>
      {piece.agrees === false && piece.seconds_apart !== null && (
        <div className={styles.distance} aria-hidden="true">
          <span style={{ width: `${Math.max(2, 100 * distanceShare(piece.seconds_apart))}%` }} />
        </div>
      )}
    </li>
  );
}

function Verdict({ piece, chosen }: { piece: Piece; chosen: boolean }) {
  if (chosen) return <span className={styles.agrees}>chosen</span>;
  if (piece.seconds_apart === null) return null;
  if (piece.agrees === true) {
    return (
      <span className={styles.agrees}>
        <Icon name="done" size={14} /> agrees
      </span>
    );
  }
  return <span className={styles.differs}>{distanceWords(piece.seconds_apart)}</span>;
}

/** What the piece says: its wall clock and zone, or its instant where it knows nothing of the place. */
function meaningOf({ local, at, zone, zone_source, precision }: Piece): string {
  const from = zone_source === null ? '' : ` (${zoneSourceWords[zone_source]})`;
  if (local !== null) {
    const words = wallClockWords(local, 'without weekday');
    if (precision !== 'second' && precision !== 'minute') return words;
    return zone === null ? `${words}, no time zone` : `${words}, ${zone}${from}`;
  }
  if (at !== null) return `${wallClockWords(at.replace(/Z$/, ''), 'without weekday')}, UTC${from}`;
  return 'Says nothing that can be read as a time';
}

function isChosen(piece: Piece, chosen: CaptureTime): boolean {
  return (
    piece.rejected === null &&
    piece.source === chosen.source &&
    (piece.local === chosen.local || (piece.at !== null && piece.at === chosen.at))
  );
}

function rank(piece: Piece, chosen: CaptureTime): number {
  if (isChosen(piece, chosen)) return -1000;
  return (piece.rejected === null ? 0 : 1000) - piece.weight;
}

function evidenceCount(valid: number, rejected: number): string {
  return rejected === 0 ? String(valid) : `${valid}, and ${rejected} rejected`;
}
