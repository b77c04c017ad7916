/** How a piece of evidence stands to the time that was chosen: what a person sees beside it. */
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import { agree, localAt, zoneIsKnown } from './agreement.ts';
import { hasClock, wallMilliseconds } from './wall-clock.ts';

/** `seconds_apart` is below zero where the piece is earlier than the chosen time, and 0 where the two agree. */
export type Standing = { agrees: boolean | null; seconds_apart: number | null };

export function standing(piece: Evidence, shown: Evidence | null, home_zone: string): Standing {
  if (shown === null || piece.rejected !== null || piece.local === null) {
    return { agrees: null, seconds_apart: null };
  }
  if (piece === shown || agree(piece, shown, home_zone)) return { agrees: true, seconds_apart: 0 };
  return { agrees: false, seconds_apart: Math.round(apartMs(piece, shown, home_zone) / 1000) };
}

/** The piece whose time was chosen. Agreement is between pieces; a chosen time that none states stands for itself. */
export function shownPiece(evidence: readonly Evidence[], chosen: CaptureTime): Evidence | null {
  const { source, local, at, zone, zone_source, precision } = chosen;
  if (local === null || source === null || precision === null) return null;
  const piece = evidence.find(
    (one) =>
      one.rejected === null && one.source === source && (one.local === local || (at !== null && one.at === at)),
  );
  return piece ?? { source, raw: '', at, local, zone, zone_source, precision, weight: 0, rejected: null };
}

/** By instant where both know their zone, else by wall clock, both cut at the coarser precision. */
function apartMs(piece: Evidence, shown: Evidence, home_zone: string): number {
  const clocks = hasClock(piece.precision) && hasClock(shown.precision);
  if (clocks && piece.at !== null && shown.at !== null && zoneIsKnown(piece) && zoneIsKnown(shown)) {
    return (
      Temporal.Instant.from(piece.at).epochMilliseconds - Temporal.Instant.from(shown.at).epochMilliseconds
    );
  }
  const [one, other] = [localAt(piece, home_zone) ?? '', localAt(shown, home_zone) ?? ''];
  if (clocks) return wallMilliseconds(one) - wallMilliseconds(other);
  const length = Math.min(one.length, other.length);
  return wallMilliseconds(one.slice(0, length)) - wallMilliseconds(other.slice(0, length));
}
