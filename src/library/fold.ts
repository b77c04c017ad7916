/** What a person's decisions about one asset come to: a pure fold over those that stand, in order. */
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { Precision } from '#contract/words.ts';
import {
  confirmedPiece,
  enteredPiece,
  inZone,
  shifted,
  withoutFault,
  type ClockFault,
  type TimeSpokenOf,
} from '#capture-time/person.ts';

/** A decision that stands, with what it took from this asset when it was made. */
export type StandingDecision = {
  at: string;
} & (
  | { kind: 'choose'; value: { piece: TimeSpokenOf & { raw: string } } }
  | { kind: 'set_time'; data: { local: string; precision: Precision; zone: string | null; entered: string } }
  // `basis` is what the rules alone chose then: a correction means that value, whatever they choose later.
  | { kind: 'shift'; data: { seconds: number }; value: { basis: TimeSpokenOf } }
  | { kind: 'set_zone'; data: { zone: string; keep: 'clock' | 'instant' }; value: { basis: TimeSpokenOf } }
  | { kind: 'correct_clock'; data: ClockFault; value: { basis: TimeSpokenOf } }
  | { kind: 'accept'; value: { shown: CaptureTime } }
  | { kind: 'discard' }
  | { kind: 'restore' }
  | { kind: 'tag'; data: { add: string[]; remove: string[] } }
);

export type PersonsWord = {
  /** The one piece of evidence that a person gave. */
  piece: Evidence | null;
  /** Said of this very asset, and not of a camera. */
  is_own: boolean;
  /** The time shown when it was accepted, which then stays; null once a later decision says another. */
  held: CaptureTime | null;
  accepted: boolean;
  discarded: boolean;
  /** When the last decision that settles the time was made. */
  reviewed_at: string | null;
  /** `true`: added by hand; `false`: taken away, whatever names and folders say. */
  tags: ReadonlyMap<string, boolean>;
};

export const nothingSaid: PersonsWord = {
  piece: null,
  is_own: false,
  held: null,
  accepted: false,
  discarded: false,
  reviewed_at: null,
  tags: new Map(),
};

export function foldDecisions(decisions: readonly StandingDecision[]): PersonsWord {
  return decisions.reduce(said, nothingSaid);
}

function said(word: PersonsWord, decision: StandingDecision): PersonsWord {
  const { at } = decision;
  switch (decision.kind) {
    case 'choose': {
      const { piece } = decision.value;
      return settled(word, at, confirmedPiece(piece, `${piece.source}: ${piece.raw}`));
    }
    case 'set_time': {
      const { local, precision, zone, entered } = decision.data;
      return settled(word, at, enteredPiece({ raw: entered, local, precision, zone }));
    }
    case 'shift': {
      const { seconds } = decision.data;
      const moved = shifted(standing(word, decision.value.basis), seconds);
      return settled(word, at, moved && confirmedPiece(moved, `shifted by ${seconds} s`));
    }
    case 'set_zone': {
      const { zone, keep } = decision.data;
      const placed = inZone(standing(word, decision.value.basis), zone, keep);
      return settled(word, at, placed && confirmedPiece(placed, `placed in ${zone}`));
    }
    case 'correct_clock': {
      // A person's word for this very asset knows more than one for its camera.
      if (word.is_own) return word;
      const { shift_seconds, zone } = decision.data;
      const moved = withoutFault(word.piece ?? decision.value.basis, decision.data);
      const how = zone ? `from ${zone.clock} to ${zone.taken}` : `by ${shift_seconds} s`;
      const piece = moved && confirmedPiece(moved, `clock corrected ${how}`);
      return { ...settled(word, at, piece), is_own: false };
    }
    case 'accept':
      return {
        ...word,
        held: word.piece === null ? decision.value.shown : null,
        accepted: true,
        reviewed_at: at,
      };
    case 'discard':
      return { ...word, discarded: true };
    case 'restore':
      return { ...word, discarded: false };
    case 'tag':
      return { ...word, tags: withTags(word.tags, decision.data) };
  }
}

/** A piece that came to nothing leaves what stood. */
function settled(word: PersonsWord, at: string, piece: Evidence | null): PersonsWord {
  if (piece === null) return word;
  return { ...word, piece, is_own: true, held: null, accepted: true, reviewed_at: at };
}

function standing(word: PersonsWord, basis: TimeSpokenOf): TimeSpokenOf {
  return word.piece ?? word.held ?? basis;
}

function withTags(tags: ReadonlyMap<string, boolean>, change: { add: string[]; remove: string[] }) {
  return new Map([
    ...tags,
    ...change.add.map((tag) => [tag, true] as const),
    ...change.remove.map((tag) => [tag, false] as const),
  ]);
}
