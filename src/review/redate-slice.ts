/** Judging a slice of a library by other rules, and comparing that with what stands. Writes nothing. */
import type { Selectable } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { Queryable } from '#db/database.ts';
import { isAmong } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { judgeAssets } from '#library/decide-asset.ts';
import type { Asking } from '#library/others-of-asset.ts';
import { rowsOf, type JudgedRows } from '#library/write-judged.ts';
import { isTold } from './redate-tally.ts';

/** An asset of which something stored would be another. Plain data: it comes from another thread. */
export type Change = {
  rows: JudgedRows;
  name: string;
  /** As it stood; null when it was never decided. */
  before: CaptureTime | null;
  /** Of `before`: that row has changed meanwhile when it has another. */
  revision: number | null;
  asking: Asking;
  paired: boolean;
};

export type Slice = { assets: number; kept_by_person: number; changes: Change[] };

/** The assets whose ids lie between these two, both included. */
export async function judgeRange(
  db: Queryable,
  owner: string,
  range: { first: string; last: string },
  rules: Rules,
): Promise<Slice> {
  const rows = await db
    .selectFrom('assets')
    .select('id')
    .where('owner', '=', owner)
    .where('id', '>=', range.first)
    .where('id', '<=', range.last)
    .orderBy('id')
    .execute();
  return judgeSlice(
    db,
    owner,
    rows.map(({ id }) => id),
    rules,
  );
}

export async function judgeSlice(
  db: Queryable,
  owner: string,
  ids: readonly string[],
  rules: Rules,
): Promise<Slice> {
  // Before everything else is read: what is written from here on shows in the revision.
  const stood = await stoodBefore(db, ids);
  const judged = await judgeAssets(db, owner, ids, rules);
  const slice: Slice = { assets: judged.length, kept_by_person: 0, changes: [] };
  for (const each of judged) {
    const rows = rowsOf(each);
    if (rows.time.review === 'accepted') slice.kept_by_person += 1;
    const before = stood.get(rows.id);
    if (before !== undefined && !differs(before, rows)) continue;
    slice.changes.push({
      rows,
      name: before?.name ?? '',
      before: before?.time ?? null,
      revision: before?.time.revision ?? null,
      asking: each.asset.asking,
      paired: each.paired,
    });
  }
  return slice;
}

type Stood = { time: Selectable<Database['capture_times']>; name: string; evidence: string[] };

async function stoodBefore(db: Queryable, ids: readonly string[]): Promise<Map<string, Stood>> {
  const times = await db
    .selectFrom('capture_times')
    .innerJoin('assets', 'assets.id', 'capture_times.asset_id')
    .selectAll('capture_times')
    .select('assets.name')
    .where(isAmong(db, 'capture_times.asset_id', ids))
    .execute();
  const pieces = await db
    .selectFrom('evidence')
    .select(['asset_id', 'source', 'raw', 'at', 'local', 'zone', 'zone_source'])
    .select(['precision', 'weight', 'rejected'])
    .where(isAmong(db, 'evidence.asset_id', ids))
    .orderBy('asset_id')
    .orderBy('seq')
    .execute();
  const stood = new Map(
    times.map(({ name, ...time }) => [time.asset_id, { time, name, evidence: [] as string[] }]),
  );
  for (const { asset_id, ...piece } of pieces) stood.get(asset_id)?.evidence.push(pieceText(piece));
  return stood;
}

function pieceText(piece: Evidence): string {
  const { source, raw, at, local, zone, zone_source, precision, weight, rejected } = piece;
  return [source, raw, at, local, zone, zone_source, precision, weight, rejected].join('\0');
}

function differs({ time, name, evidence }: Stood, { id, time: next, evidence: pieces }: JudgedRows): boolean {
  return (
    isTold({ id, name, before: time, after: next }) ||
    time.doubt !== next.doubt ||
    time.review !== next.review ||
    time.sort_key !== next.sort_key ||
    time.rules_differ !== next.rules_differ ||
    evidence.length !== pieces.length ||
    pieces.some((piece, index) => pieceText(piece) !== evidence[index])
  );
}
