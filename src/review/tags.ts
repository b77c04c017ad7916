import type { Queryable } from '#db/database.ts';
import { asTag } from '#library/name-tags.ts';

/** Tags that begin so, the most used first, for completion. Those of discarded assets count too. */
export async function listTags(
  db: Queryable,
  owner: string,
  { prefix, limit }: { prefix: string; limit: number },
): Promise<{ items: { tag: string; count: number }[] }> {
  const begins = asTag(prefix);
  const items = await db
    .selectFrom('asset_tags')
    .select(['tag', (select) => select.fn.countAll<number>().as('count')])
    .where('owner', '=', owner)
    // A range and not `like`, because the index serves it and no character in it is wild.
    .where('tag', '>=', begins)
    .where('tag', '<', `${begins}\u{10ffff}`)
    .groupBy('tag')
    .orderBy('count', 'desc')
    .orderBy('tag')
    .limit(limit)
    .execute();
  return { items };
}
