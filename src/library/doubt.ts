/** Whether an asset waits for a person, and with which others it can be settled at once. */
import { readName } from '#capture-time/file-name.ts';
import { choose } from '#capture-time/choose.ts';
import type { Decision, NameClues, Rules } from '#capture-time/clues.ts';
import { inOrder } from '#capture-time/order.ts';
import { factsOf } from '#capture-time/sources.ts';
import { hasClock, wallMilliseconds } from '#capture-time/wall-clock.ts';
import {
  doubtKinds,
  evidenceSources,
  precisions,
  type DoubtKind,
  type EvidenceSource,
  type Precision,
} from '#contract/words.ts';

/** What the assets of one review group have in common. Its key is stored with each of them. */
export type Doubt = {
  kind: DoubtKind;
  /** The program or camera they are from, as a person calls it; '' when nothing says so. */
  origin: string;
  /** The source of the time shown. */
  shown: EvidenceSource | null;
  /** The source that says something else. */
  rival: EvidenceSource | null;
  /** By how much `shown` is later than `rival`, where that is the same for many: whole quarter hours. */
  seconds: number | null;
  precision: Precision | null;
};

export function doubtOf(
  { evidence, capture_time, rules_differ }: Pick<Decision, 'evidence' | 'capture_time' | 'rules_differ'>,
  asset: { camera: { make: string | null; model: string | null }; names: readonly NameClues[] },
  rules: Rules,
): Doubt | null {
  const { confidence, source, precision, local } = capture_time;
  if (confidence === 'high' && !rules_differ) return null;
  const about = { origin: originOf(asset), shown: source, rival: null, seconds: null, precision: null };
  if (source === null || precision === null || local === null) return { ...about, kind: 'no_date' };
  const against = evidence.some(
    (piece) => piece.rejected === null && piece.source !== source && piece.weight >= goodWeight,
  );
  const isContradicted =
    confidence === 'low' && hasClock(precision) && (factsOf(source).weight >= fairWeight || against);
  if (isContradicted || rules_differ) {
    const other = choose(evidence, rules.rule === 'earliest' ? 'trusted' : 'earliest', rules)?.shown;
    const rival = other ?? null;
    return {
      ...about,
      kind: isContradicted ? 'contradiction' : 'rules_differ',
      rival: rival?.source ?? null,
      seconds: rival === null ? null : regularDifference(local, rival.local),
    };
  }
  if (!hasClock(precision)) return { ...about, kind: 'part_of_date', precision };
  if (source === 'File:FileModifyDate') return { ...about, kind: 'file_time_only' };
  if (factsOf(source).weight < fairWeight) return { ...about, kind: 'name_only' };
  const other = otherClock(evidence, local);
  return other === null ? { ...about, kind: 'unconfirmed' } : { ...about, ...other, kind: 'unconfirmed' };
}

/** Another clock of the shot that is off by whole quarter hours: a zone or summer time was set wrong on one of them. */
function otherClock(evidence: Decision['evidence'], shown: string): Pick<Doubt, 'rival' | 'seconds'> | null {
  const clocks = evidence.filter(
    ({ rejected, local, source, zone_source }) =>
      rejected === null && local !== null && zone_source !== 'standard' && factsOf(source).of_the_shot,
  );
  for (const { source, local } of clocks.toSorted(inOrder)) {
    const seconds = regularDifference(shown, local);
    if (seconds !== null) return { rival: source, seconds };
  }
  return null;
}

const fairWeight = 5;
const goodWeight = 6;
const quarterHourMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** A wrong zone, or summer time forgotten, is a whole quarter hour within a day; anything else is each its own. */
function regularDifference(shown: string, rival: string | null): number | null {
  if (rival === null || shown.length < 16 || rival.length < 16) return null;
  const difference = wallMilliseconds(shown) - wallMilliseconds(rival);
  const quarters = Math.round(difference / quarterHourMs);
  const isRegular = Math.abs(difference - quarters * quarterHourMs) <= 60_000 && Math.abs(difference) <= dayMs;
  return isRegular && quarters !== 0 ? quarters * 900 : null;
}

const programs: Readonly<Record<string, string>> = {
  whatsapp: 'WhatsApp',
  'chat.signal': 'Signal',
  'chat.signal_ms': 'Signal',
  'chat.telegram': 'Telegram',
  'chat.telegram_export': 'Telegram',
  'epoch.facebook': 'Facebook',
  'epoch.wechat': 'WeChat',
};

function originOf({ camera, names }: Parameters<typeof doubtOf>[1]): string {
  if (camera.model !== null) return inKey(cameraName(camera));
  const rule = names[0] === undefined ? undefined : readName(names[0].name)?.rule;
  if (rule === undefined) return '';
  if (rule.startsWith('screenshot.')) return 'screenshots';
  return programs[rule] ?? programs[rule.split('.')[0] ?? ''] ?? '';
}

/** `Canon PowerShot G2`, not `Canon Canon PowerShot G2`. */
export function cameraName({ make, model }: { make: string | null; model: string | null }): string {
  if (model === null) return make ?? '';
  const first = make?.split(' ')[0] ?? '';
  return first === '' || model.toLowerCase().startsWith(first.toLowerCase()) ? model : `${first} ${model}`;
}

function inKey(text: string): string {
  return text
    .replaceAll(/[|/\\\p{Cc}]/gu, ' ')
    .trim()
    .slice(0, 80);
}

/** `rules_differ|Canon G2|EXIF:DateTimeOriginal|GPS:GPSDateTime|-3600|`; stands in URLs percent-encoded. */
export function doubtKey({ kind, origin, shown, rival, seconds, precision }: Doubt): string {
  return [kind, origin, shown, rival, seconds, precision].map((part) => part ?? '').join('|');
}

/** Null for what is no key of ours. */
export function readDoubtKey(key: string): Doubt | null {
  const [kind, origin = '', shown, rival, seconds = '', precision] = key.split('|');
  const known = doubtKinds.find((each) => each === kind);
  if (known === undefined) return null;
  return {
    kind: known,
    origin,
    shown: evidenceSources.find((each) => each === shown) ?? null,
    rival: evidenceSources.find((each) => each === rival) ?? null,
    seconds: seconds === '' ? null : Number(seconds),
    precision: precisions.find((each) => each === precision) ?? null,
  };
}
