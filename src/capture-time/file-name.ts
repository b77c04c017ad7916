/** Evidence from the name of a file, and from its time on disk. */
import type { Evidence } from '#contract/capture-time.ts';
import type { NameClues, Rules } from './clues.ts';
import { localPiece, refused, utcPiece } from './content.ts';
import { burstRules } from './names/burst.ts';
import { chatRules } from './names/chat.ts';
import { droneRules } from './names/drone.ts';
import { epochRules } from './names/epoch.ts';
import type { NameRead, NameRule } from './names/name-rule.ts';
import { phoneRules } from './names/phone.ts';
import { pixelRules } from './names/pixel.ts';
import { plainRules } from './names/plain.ts';
import { screenshotRules } from './names/screenshot.ts';
import { cleanStem } from './names/stem.ts';
import { whatsappRules } from './names/whatsapp.ts';
import { copiedRecently } from './rejections.ts';
import { factsOf } from './sources.ts';
import { hasClock, instantText, wallClockIn } from './wall-clock.ts';

/** Every rule. Of two matches of the same length the one of the rule that stands first here wins. */
export const nameRules: readonly NameRule[] = [
  ...pixelRules,
  ...droneRules,
  ...phoneRules,
  ...whatsappRules,
  ...burstRules,
  ...epochRules,
  ...screenshotRules,
  ...chatRules,
  ...plainRules,
];

export type NameReading = NameRead & { rule: string };

/** No rule reads a name without either, which most camera names are. */
const yearOrEpoch = /(?:19|20)\d{2}|\d{13}/;

/** What the name says, by the rule with the longest match, or null where it says no date. */
export function readName(name: string): NameReading | null {
  const stem = cleanStem(name);
  if (!yearOrEpoch.test(stem)) return null;
  let best: { length: number; reading: NameReading } | null = null;
  for (const rule of nameRules) {
    for (const match of stem.matchAll(rule.pattern)) {
      if (match[0].length <= (best?.length ?? 0)) continue;
      const read = rule.read(match.groups ?? {});
      if (read !== null) best = { length: match[0].length, reading: { ...read, rule: rule.id } };
    }
  }
  return best?.reading ?? null;
}

/** The pieces one location gives: what the name says, and when the file was saved. */
export function evidenceFromName(
  { name, modified_at }: Pick<NameClues, 'name' | 'modified_at'>,
  rules: Rules,
): Evidence[] {
  const read = readName(name);
  return [
    ...(read === null ? [] : [namePiece(name, read)]),
    ...(modified_at === null ? [] : [savedAt(modified_at, rules)]),
  ];
}

export function namePiece(name: string, read: NameRead): Evidence {
  const source = hasClock(read.precision) ? 'filename_datetime' : 'filename_date';
  return read.reads === 'utc' ? utcPiece(source, name, read, null) : localPiece(source, name, read, null);
}

/** `[FORCE]` in a name is its owner's word that the name is right. */
export function isForced(piece: Evidence): boolean {
  return piece.source.startsWith('filename_') && /\[force\]/i.test(piece.raw);
}

function savedAt(modified_at: string, rules: Rules): Evidence {
  const source = 'File:FileModifyDate';
  const at = instantOf(modified_at);
  if (at === null) return refused(source, modified_at, 'impossible_date');
  return {
    source,
    raw: modified_at,
    at: instantText(at),
    local: wallClockIn(at, 'UTC'),
    zone: 'UTC',
    zone_source: 'standard',
    precision: 'second',
    weight: factsOf(source).weight,
    rejected: copiedRecently(at, rules) ? 'copied_recently' : null,
  };
}

function instantOf(text: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}
