/** The queries behind the grid: what is in the library, filtered, in order, a page at a time. */
import { sql, type SelectQueryBuilder } from 'kysely';
import type { AssetFilter } from '#contract/asset-filter.ts';
import type { AssetTile } from '#contract/library.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { readCursor, writeCursor } from '#db/cursor.ts';
import { hasWords } from './asset-words.ts';

export type AssetPage = { items: AssetTile[]; next_cursor: string | null };

/** One page of tiles, newest first by capture time or by arrival; undated assets stand last. Throws `CursorRefused`. */
export async function browseAssets(
  db: Queryable,
  owner: string,
  filter: AssetFilter,
  page: { order: 'taken' | 'added'; limit: number; cursor?: string | undefined },
): Promise<AssetPage> {
  const sortedBy = page.order === 'taken' ? ('capture_times.sort_key' as const) : ('assets.added_at' as const);
  let query = filtered(db, owner, filter)
    .select([
      'assets.id',
      'assets.name',
      'assets.kind',
      'assets.width',
      'assets.height',
      'assets.duration_seconds',
      'assets.has_thumbnail',
      'capture_times.local',
      'capture_times.zone',
      'capture_times.confidence',
      'capture_times.review',
    ])
    .select(`${sortedBy} as position`)
    .orderBy(sortedBy, 'desc')
    .orderBy('assets.id', 'desc')
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    const [position, id] = readCursor(page.cursor);
    query = query.where((where) =>
      where.or([
        where(sortedBy, '<', position),
        where.and([where(sortedBy, '=', position), where('assets.id', '<', id)]),
      ]),
    );
  }
  return pageOfTiles(await query.execute(), page.limit);
}

/** Rows of a query that asked for one more than a page holds, as the page and the way to the next one. */
export function pageOfTiles<Row extends { id: string; position: string; has_thumbnail: number }>(
  rows: readonly Row[],
  limit: number,
) {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows
      .slice(0, limit)
      .map(({ position: _, has_thumbnail, ...tile }) => ({ ...tile, has_thumbnail: has_thumbnail === 1 })),
    next_cursor: last === undefined ? null : writeCursor([last.position, last.id]),
  };
}

export type DayCount = { day: string | null; count: number };

/**
 * How many assets each day has, newest first, undated last as `null`. A time known only to the month or year counts
 * under `2014-07` or `2014`.
 */
export async function countDays(db: Queryable, owner: string, filter: AssetFilter): Promise<DayCount[]> {
  const day = sql<string>`substr(capture_times.sort_key, 1, 10)`;
  const rows = await conditions(asksOfAssets(filter) ? withAssets(db) : timesAlone(db), owner, filter)
    .select([day.as('day'), (select) => select.fn.countAll<number>().as('count')])
    .groupBy(day)
    .orderBy(day, 'desc')
    .execute();
  return rows.map((row) => ({ day: row.day === '' ? null : row.day, count: row.count }));
}

type AssetsInView = SelectQueryBuilder<Database, 'assets' | 'capture_times', object>;

/** The one meaning of a filter: for the grid, its day counts, and decisions made for all that match. */
export function filtered(db: Queryable, owner: string, filter: AssetFilter): AssetsInView {
  return conditions(withAssets(db), owner, filter);
}

function withAssets(db: Queryable): AssetsInView {
  return db.selectFrom('capture_times').innerJoin('assets', 'assets.id', 'capture_times.asset_id');
}

/** Enough where neither the filter nor the answer asks anything of the assets: of 100,000 the join takes two thirds of the time. */
function timesAlone(db: Queryable): AssetsInView {
  return db.selectFrom('capture_times');
}

function asksOfAssets({ kind, job_id, camera }: AssetFilter): boolean {
  return [kind, job_id, camera].some((asked) => asked !== undefined);
}

function conditions(view: AssetsInView, owner: string, filter: AssetFilter): AssetsInView {
  let query = view.where('capture_times.owner', '=', owner);
  if (filter.confidence !== undefined) query = query.where('capture_times.confidence', '=', filter.confidence);
  if (filter.kind !== undefined) query = query.where('assets.kind', '=', filter.kind);
  if (filter.job_id !== undefined) query = query.where('assets.job_id', '=', filter.job_id);
  // Times cut at the month or year ("2014-07") belong to a range when their first day does.
  if (filter.from !== undefined) {
    const firstDay = sql<string>`substr(capture_times.sort_key || '-01-01', 1, 10)`;
    // The year alone is what the index can be asked for.
    query = query
      .where('capture_times.sort_key', '>=', filter.from.slice(0, 4))
      .where(firstDay, '>=', filter.from);
  }
  if (filter.to !== undefined) query = query.where('capture_times.sort_key', '<', `${filter.to}U`); // 'U' follows 'T'
  if (filter.from === undefined && filter.to !== undefined)
    query = query.where('capture_times.sort_key', '!=', '');
  if (filter.text !== undefined && filter.text.trim() !== '') query = query.where(hasWords(owner, filter.text));
  if (filter.camera !== undefined) query = query.where('assets.camera_model', '=', filter.camera);
  if (filter.tag !== undefined) query = query.where(isTagged(owner, filter.tag));
  if (filter.review === undefined) query = query.where('capture_times.review', '!=', 'discarded');
  else if (filter.review !== 'any') query = query.where('capture_times.review', '=', filter.review);
  if (filter.in_doubt !== undefined) {
    query = query.where('capture_times.doubt', filter.in_doubt ? 'is not' : 'is', null);
  }
  if (filter.doubt !== undefined) query = query.where('capture_times.doubt', '=', filter.doubt);
  return query;
}

function isTagged(owner: string, tag: string) {
  return sql<boolean>`exists (
    select 1 from asset_tags where asset_tags.asset_id = capture_times.asset_id
    and asset_tags.owner = ${owner} and asset_tags.tag = ${tag.toLowerCase()}
  )`;
}
