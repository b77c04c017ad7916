/** One list at a time: whoever changes anything in it raises its version first, and so waits for the others. */
import { sql, type Selectable, type Transaction } from 'kysely';
import type { Database } from '#db/schema.ts';
import type { ListsTable } from '#db/schema/saved-videos.ts';
import { noSuchList } from './refused.ts';

export type Changes = Transaction<Database>;
export type ListRow = Selectable<ListsTable>;

/** To be called before the first write. Throws `ListRefused` when the owner has no such list, or has deleted it. */
export async function lockList(changes: Changes, owner: string, id: string): Promise<ListRow> {
  const row = await changes
    .updateTable('lists')
    .set({ version: sql`version + 1` })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw noSuchList();
  return row;
}

/** The same for a job, which goes on with a list that was deleted meanwhile: it may come back. */
export async function touchList(changes: Changes, id: string): Promise<void> {
  await changes
    .updateTable('lists')
    .set({ version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}
