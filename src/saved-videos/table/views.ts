/**
 * A view is the order of a list's videos under a filter, a search and a sort: their numbers, one after another. It is
 * found once for a version of the list and kept, so that any place of a table of 100,000 rows costs a lookup of the
 * rows in sight, wherever the table was scrolled to.
 */
import { sql, type Kysely } from 'kysely';
import type { VideoCondition, VideoView } from '#contract/saved-videos.ts';
import type { Queryable } from '#db/database.ts';
import { engineOf } from '#db/json-rows.ts';
import type { Database } from '#db/schema.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import type { ListRow } from '#saved-videos/list-lock.ts';
import { conditionsOf, orderOf, type ViewScope } from './conditions.ts';

export type Views = {
  /** The numbers of the videos in the order of the view. Throws `ListRefused`. */
  of(list: Pick<ListRow, 'id' | 'version'>, view: VideoView): Promise<Uint32Array>;
};

/** A view of 100,000 takes 400 kB. */
const viewsKept = 32;

export function openViews(db: Kysely<Database>): Views {
  const kept = new Map<string, Promise<Uint32Array>>();
  return {
    of({ id, version }, view) {
      const key = JSON.stringify([id, version, view.text, view.filters, view.sort]);
      const found = kept.get(key) ?? seqsInOrder(db, id, view);
      // The one asked for last stands last; the first is the one that nobody asked for longest.
      kept.delete(key);
      kept.set(key, found);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - viewsKept))) kept.delete(oldest);
      found.catch(() => kept.delete(key));
      return found;
    },
  };
}

/** The same, found now: for a transaction, which must not be told of what was. */
export async function seqsInOrder(db: Queryable, listId: string, view: VideoView): Promise<Uint32Array> {
  const scope: ViewScope = {
    engine: engineOf(db),
    list_id: listId,
    fields: await fieldsOfList(db, listId),
  };
  const { joins, order } = orderOf(scope, view.sort);
  // As one text: 100,000 rows of one number each cost more to hand over than to find. Sorted below the aggregate, and
  // not in it: there SQLite takes four times as long.
  const joined = scope.engine === 'sqlite' ? sql`group_concat(seq)` : sql`string_agg(seq::text, ',')`;
  const { rows } = await sql<{ seqs: string | null }>`
    select ${joined} as seqs from (
      select v.seq from saved_videos as v ${joins} where ${conditionsOf(scope, view)} order by ${order}
    ) as in_order`.execute(db);
  return numbersIn(rows[0]?.seqs ?? '');
}

/** In the order of adding. */
export function seqsThatMatch(db: Queryable, listId: string, condition: VideoCondition): Promise<Uint32Array> {
  return seqsInOrder(db, listId, { ...condition, sort: [] });
}

function numbersIn(text: string): Uint32Array {
  if (text === '') return new Uint32Array();
  return Uint32Array.from(text.split(','), Number);
}
