/** Import → export → import into a fresh library: what came back of each asset, and why where it is not the same. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Confidence, Precision, WriteTarget } from '#contract/words.ts';
import type { PlannedFile } from '#export/plan.ts';
import type { LineOutcome } from '#export/journal.ts';
import { decodedHash, pictureProof } from '#media/picture-proof.ts';
import { wallMilliseconds } from '#capture-time/wall-clock.ts';
import { emptySqlite } from '../../test/empty-databases.ts';
import { exportHouse, openTestTools, type ExportHouse } from '../../test/export-house.ts';

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
};

export type RoundTrip = { trips: Trip[]; failed: { name: string; message: string }[] };

/** Of every asset with a date below `source`. `mend` may decide things in the first library before it is exported. */
export async function roundTrip(
  source: string,
  wish: { write_uncertain: boolean },
  mend: (house: ExportHouse) => Promise<void>,
): Promise<RoundTrip> {
  await using tools = await openTestTools();
  await using first = await exportHouse({ database: await emptySqlite(), tools });
  await first.import(source);
  await mend(first);
  const job = await first.export(wish);
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
    const { into } = JSON.parse(line.plan_json) as PlannedFile;
    trips.push({
      file: path.relative(source, asset.path),
      format: asset.mime_type,
      kind: asset.kind,
      confidence: asset.confidence,
      into: exported.warnings.length > 0 && into === 'file' ? 'sidecar' : into,
      warnings: exported.warnings,
      before: asset.told,
      after: back?.told ?? null,
      pixels: await comparePixels(first, asset, copy),
      differs: back === null ? [] : differences(asset.told, back.told),
    });
  }
  return {
    trips,
    failed: items.map(({ label, error_message }) => ({ name: label, message: error_message ?? '' })),
  };
}

type Known = {
  id: string;
  path: string;
  mime_type: string;
  kind: 'photo' | 'video';
  size_bytes: number;
  confidence: Confidence;
  told: Told;
};

/** Each asset once, under the path where it was first met. */
async function toldBy({ db }: ExportHouse): Promise<Known[]> {
  const rows = await db
    .selectFrom('assets')
    .innerJoin('capture_times', 'capture_times.asset_id', 'assets.id')
    .innerJoin('locations', 'locations.asset_id', 'assets.id')
    .select(['assets.id', 'path', 'mime_type', 'kind', 'assets.size_bytes'])
    .select(['local', 'at', 'precision', 'confidence'])
    .orderBy('first_seen_at')
    .orderBy('locations.id')
    .execute();
  const tags = await db.selectFrom('asset_tags').select(['asset_id', 'tag']).orderBy('tag').execute();
  const tagsOf = Map.groupBy(tags, ({ asset_id }) => asset_id);
  return rows.map(({ local, at, precision, path, ...asset }) => ({
    ...asset,
    path: path ?? '',
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
