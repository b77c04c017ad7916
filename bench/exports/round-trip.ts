/** Import → export → import into a fresh library: what came back of each asset, and why where it is not the same. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { emptySqlite } from '../../test/empty-databases.ts';
import { exportHouse, type ExportHouse } from '../../test/export-house.ts';
import { wallMilliseconds } from '#capture-time/wall-clock.ts';
import type { Confidence, Precision, WriteTarget } from '#contract/words.ts';
import type { PlannedFile } from '#export/plan/plan.ts';
import type { LineOutcome } from '#export/write/journal.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { decodedHash, pictureProof } from '#media/picture-proof.ts';

/** Why an asset comes back with another time. Every exception has one of these, or the report fails. */
export const exceptions = {
  only_in_name:
    'not sure enough to be written into the file: its name alone says it, without fractions of a second and without zone',
  own_dates_stay:
    'cannot be written into, so an earlier date of its own stays beside what the sidecar says, and the rule takes the earliest',
  makers_notes: 'the date in the notes of the camera’s maker cannot be taken out',
  google: 'the JSON of Google beside it goes along as it is, and says another time',
  shared_name:
    'shares its name with the other file of the shot, which stood in another zone: the name contradicts its own clock',
} as const;
export type Exception = keyof typeof exceptions;

/** What a library says of one asset, as far as an export is to carry it. */
export type Told = {
  local: string | null;
  at: string | null;
  /** Minutes east of UTC; null without a clock. */
  offset: number | null;
  precision: Precision | null;
  tags: string[];
};

export type Trip = {
  /** Below the folder that was imported. */
  file: string;
  format: string;
  kind: 'photo' | 'video';
  confidence: Confidence;
  into: WriteTarget;
  warnings: string[];
  before: Told;
  /** Null when the copy did not come back as an asset. */
  after: Told | null;
  pixels: 'equal' | 'differ' | 'not decoded';
  /** Which of `Told` are other than before. */
  differs: (keyof Told)[];
  /** Why they are; null when they are not. */
  because: Exception | 'unexplained' | null;
};

export type RoundTrip = { trips: Trip[]; failed: { name: string; message: string }[] };

export type Journey = {
  source: string;
  write_uncertain: boolean;
  /** Decides things in the first library before it is exported. */
  mend: (house: ExportHouse) => Promise<void>;
  tools: MediaTools;
};

/** Of every asset with a date below `source`. */
export async function roundTrip({ source, write_uncertain, mend, tools }: Journey): Promise<RoundTrip> {
  await using first = await exportHouse({ database: await emptySqlite(), tools });
  await first.import(source);
  await mend(first);
  const job = await first.export({ write_uncertain });
  const { items } = await first.ledger.items({
    job: { id: job.id, owner: 'home' },
    state: 'failed',
    limit: 1000,
  });
  await using second = await exportHouse({ database: await emptySqlite(), tools });
  await second.import(first.target);

  const before = await toldBy(first);
  const after = new Map((await toldBy(second)).map((asset) => [asset.path, asset]));
  const lines = await first.db
    .selectFrom('export_files')
    .select(['asset_id', 'target', 'plan_json', 'outcome_json'])
    .where('export_id', '=', job.export_id)
    .execute();
  const trips: Trip[] = [];
  for (const line of lines) {
    const asset = before.find(({ id }) => id === line.asset_id);
    const { exported } = JSON.parse(line.outcome_json ?? '{}') as LineOutcome;
    if (asset === undefined || asset.told.local === null || exported === undefined) continue;
    const copy = path.join(first.target, exported.target);
    const back = after.get(copy) ?? null;
    const planned = JSON.parse(line.plan_json) as PlannedFile;
    const differs = back === null ? [] : differences(asset.told, back.told);
    const into = exported.warnings.length > 0 && planned.into === 'file' ? 'sidecar' : planned.into;
    trips.push({
      file: path.relative(source, asset.path),
      format: asset.mime_type,
      kind: asset.kind,
      confidence: asset.confidence,
      into,
      warnings: exported.warnings,
      before: asset.told,
      after: back?.told ?? null,
      pixels: await comparePixels(first, asset, copy),
      differs,
      because: back !== null && differs.length === 0 ? null : reasonOf(asset, planned, into, exported.target),
    });
  }
  return {
    trips,
    failed: items.map(({ label, error_message }) => ({ name: label, message: error_message ?? '' })),
  };
}

function reasonOf(
  { told, time_tags }: Known,
  { doubts, companions }: PlannedFile,
  into: WriteTarget,
  target: string,
): Exception | 'unexplained' {
  if (doubts.includes('uncertain_date')) return 'only_in_name';
  if (into === 'sidecar') return 'own_dates_stay';
  if ('MakerNotes:DateTimeOriginal' in time_tags) return 'makers_notes';
  if (companions.some(({ source }) => source.endsWith('.json'))) return 'google';
  const clock = told.local?.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_') ?? '';
  return path.basename(target).startsWith(clock) ? 'unexplained' : 'shared_name';
}

type Known = {
  id: string;
  path: string;
  mime_type: string;
  kind: 'photo' | 'video';
  size_bytes: number;
  confidence: Confidence;
  time_tags: Record<string, string>;
  told: Told;
};

/** Each asset once, under the path where it was first met. */
async function toldBy({ db }: ExportHouse): Promise<Known[]> {
  const rows = await db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .innerJoin('locations', 'locations.asset_id', 'assets.id')
    .select(['assets.id', 'path', 'mime_type', 'kind', 'assets.size_bytes'])
    .select(['local', 'at', 'precision', 'confidence', 'time_tags_json'])
    .orderBy('first_seen_at')
    .orderBy('locations.id')
    .execute();
  const tags = await db.selectFrom('asset_tags').select(['asset_id', 'tag']).orderBy('tag').execute();
  const tagsOf = Map.groupBy(tags, ({ asset_id }) => asset_id);
  return rows.map(({ local, at, precision, path, time_tags_json, ...asset }) => ({
    ...asset,
    path: path ?? '',
    time_tags: JSON.parse(time_tags_json) as Record<string, string>,
    told: {
      local,
      at,
      offset: local === null || at === null ? null : offsetOf(local, at),
      precision,
      tags: (tagsOf.get(asset.id) ?? []).map(({ tag }) => tag),
    },
  }));
}

function offsetOf(local: string, at: string): number {
  return Math.round((wallMilliseconds(local) - Date.parse(at)) / 60_000);
}

function differences(before: Told, after: Told): (keyof Told)[] {
  return (Object.keys(before) as (keyof Told)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

/** By a decoder that had no part in the export, where it knows the format; else by the streams. */
async function comparePixels(house: ExportHouse, original: Known, copy: string): Promise<Trip['pixels']> {
  const [one, other] = [await readFile(original.path), await readFile(copy)];
  if (one.equals(other)) return 'equal';
  const decoded = original.kind === 'photo' ? await decodedHash(one, 60) : null;
  if (decoded !== null) return decoded === (await decodedHash(other, 60)) ? 'equal' : 'differ';
  const working = { signal: new AbortController().signal, moves: () => {} };
  const proof = await pictureProof(original.path, original, house.tools, working);
  if (proof === null) return 'not decoded';
  const type = { mime_type: original.mime_type, size_bytes: other.length };
  return proof === (await pictureProof(copy, type, house.tools, working)) ? 'equal' : 'differ';
}
