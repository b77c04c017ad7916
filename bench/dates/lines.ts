/** The dates of an imported folder, one line per file: what was expected, found and chosen, and why they differ. */
import path from 'node:path';
import { isForced } from '#capture-time/file-name.ts';
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import type { Evidence } from '#contract/capture-time.ts';

/** What somebody else says of a file: a wall clock, or an instant where only UTC is known. */
export type Expected = { source: string; local: string } | { source: string; at: string } | null;

/** Why what was chosen is not what was expected. Every difference has one of these, or the report fails. */
export const explanations = {
  skipped: 'not a photo or video: a sidecar, or text',
  failed: 'broken, and refused with a reason',
  forced: 'its owner marked the name [FORCE], which goes before everything else',
  expected_rejected: 'the expected date is not to be believed, and is kept with the reason',
  earlier_piece: 'the rule takes the earliest; another date of the file is earlier',
  light_earlier_piece: 'the rule takes the earliest; its name or folder says an earlier day',
  header_was_local: 'the header of the video is not UTC but the clock of its camera',
  shown_beside: 'agrees with the expected date within its group, and weighs more',
  known_elsewhere: 'the file has no date that was expected; name, folder, sidecar or another file tell one',
  tag_not_expected: 'the file has no date that was expected; another of its tags tells one',
  not_read: 'the bundled ExifTool does not read this date',
} as const;
export type Explanation = keyof typeof explanations;

export type Line = {
  file: string;
  outcome: 'done' | 'skipped' | 'failed';
  /** Why it was skipped or failed. */
  ending: string | null;
  expected: Expected;
  evidence: Evidence[];
  chosen: {
    local: string | null;
    at: string | null;
    zone: string | null;
    zone_source: string | null;
    source: string | null;
  } | null;
  confidence: string | null;
  verdict: 'same' | 'no date, none expected' | Explanation | 'unexplained';
};

export async function readLines(
  db: Kysely<Database>,
  folder: string,
  files: readonly { path: string; expected: Expected }[],
): Promise<Line[]> {
  const items = await db
    .selectFrom('job_items')
    .select(['key', 'state', 'skipped_because', 'error_message'])
    .execute();
  const itemOf = new Map(items.map((item) => [item.key, item]));
  const rows = await db
    .selectFrom('locations')
    .innerJoin('capture_times', 'capture_times.asset_id', 'locations.asset_id')
    .select(['path', 'locations.asset_id', 'local', 'at', 'zone', 'zone_source', 'source', 'confidence'])
    .execute();
  const rowOf = new Map(rows.map((row) => [row.path, row]));
  const lines: Line[] = [];
  for (const { path: file, expected } of files) {
    const full = path.join(folder, file);
    const [item, row] = [itemOf.get(full), rowOf.get(full)];
    const evidence =
      row === undefined
        ? []
        : await db
            .selectFrom('evidence')
            .select(['source', 'raw', 'at', 'local', 'zone', 'zone_source', 'precision', 'weight', 'rejected'])
            .where('asset_id', '=', row.asset_id)
            .orderBy('seq')
            .execute();
    const outcome = row !== undefined ? 'done' : item?.state === 'failed' ? 'failed' : 'skipped';
    const line: Line = {
      file,
      outcome,
      ending: item?.error_message ?? item?.skipped_because ?? null,
      expected,
      evidence,
      chosen: row ?? null,
      confidence: row?.confidence ?? null,
      verdict: 'unexplained',
    };
    lines.push({ ...line, verdict: verdictOf(line) });
  }
  return lines;
}

function verdictOf({ outcome, expected, evidence, chosen }: Line): Line['verdict'] {
  if (outcome !== 'done' || chosen === null) return outcome === 'failed' ? 'failed' : 'skipped';
  if (expected === null) {
    if (chosen.local === null) return 'no date, none expected';
    return ofContent(chosen.source) ? 'tag_not_expected' : 'known_elsewhere';
  }
  if (saysExpected(chosen, expected)) return 'same';
  const pieces = evidence.filter((piece) => says(piece, expected));
  if (pieces.length === 0) return evidence.length === 0 || chosen.local === null ? 'not_read' : 'unexplained';
  if (evidence.some((piece) => isForced(piece) && piece.local === chosen.local)) return 'forced';
  const piece = pieces.find(({ rejected }) => rejected === null);
  if (piece === undefined) return 'expected_rejected';
  if (
    'at' in expected &&
    piece.zone_source !== 'standard' &&
    wallOf(expected.at) === piece.local?.slice(0, 19)
  ) {
    return 'header_was_local';
  }
  const earlier = (chosen.local ?? '') < (piece.local ?? '').slice(0, (chosen.local ?? '').length);
  if (earlier || (chosen.at ?? '') < (piece.at ?? ''))
    return ofContent(chosen.source) ? 'earlier_piece' : 'light_earlier_piece';
  return 'shown_beside';
}

function ofContent(source: string | null): boolean {
  return (
    source !== null && source.includes(':') && !source.startsWith('File:') && !source.startsWith('Takeout:')
  );
}

function saysExpected(chosen: NonNullable<Line['chosen']>, expected: NonNullable<Expected>): boolean {
  return 'at' in expected
    ? chosen.at?.slice(0, 19) === expected.at.slice(0, 19)
    : chosen.local?.slice(0, 19) === expected.local.slice(0, 19);
}

/** By raw value: a rejected piece may have no clock, and a header read as local has another instant. */
function says(piece: Evidence, expected: NonNullable<Expected>): boolean {
  const wanted = 'at' in expected ? wallOf(expected.at) : expected.local.slice(0, 19);
  return digits(piece.raw).startsWith(digits(wanted)) || piece.local?.slice(0, 19) === wanted;
}

function wallOf(at: string): string {
  return at.slice(0, 19);
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '').slice(0, 14);
}

/** One line: file, expected, evidence, chosen, confidence, zone, verdict. */
export function printed(line: Line): string {
  const { file, expected, chosen, confidence, verdict, ending } = line;
  const wanted = expected === null ? '–' : 'at' in expected ? `${expected.at} (UTC)` : expected.local;
  const zone =
    chosen?.zone === undefined || chosen.zone === null ? '–' : `${chosen.zone} (${chosen.zone_source})`;
  const what =
    chosen === null ? (ending ?? '–') : chosen.local === null ? 'none' : `${chosen.local} ${chosen.source}`;
  return [file, wanted, line.evidence.map(pieceText).join(', ') || '–', what, confidence ?? '–', zone, verdict]
    .map((cell) => cell.replaceAll('|', '\\|'))
    .join(' | ');
}

/** When a file was saved is another moment on every machine; a refused one is told without it. */
function pieceText({ source, local, raw, rejected }: Evidence): string {
  if (rejected === null) return `${source} ${local}`;
  const value = source === 'File:FileModifyDate' ? '' : ` ${local ?? JSON.stringify(raw.trim().slice(0, 25))}`;
  return `${source}${value} ✗ ${rejected}`;
}

export const heading = ['file', 'expected', 'evidence', 'chosen', 'confidence', 'zone', 'verdict'].join(' | ');

/** Counts by verdict, confidence and zone source. */
export function summary(lines: readonly Line[]): string {
  const count = (of: (line: Line) => string | null | undefined): string =>
    [...Map.groupBy(lines, (line) => of(line) ?? '–')]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([key, some]) => `${key} ${some.length}`)
      .join(', ');
  return [
    `files       ${lines.length}`,
    `verdict     ${count((line) => line.verdict)}`,
    `confidence  ${count((line) => line.confidence)}`,
    `zone from   ${count((line) => line.chosen?.zone_source)}`,
    `chosen from ${count((line) => line.chosen?.source)}`,
  ].join('\n');
}
