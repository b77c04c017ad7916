/** What was decided, listed and told in a sentence. */
import { sql, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { Decision } from '#contract/decisions.ts';
import type { DecisionKind } from '#contract/words.ts';
import { CursorRefused, readCursor, writeCursor } from '#db/cursor.ts';
import type { Queryable } from '#db/database.ts';
import type { Database } from '#db/schema.ts';
import { sentenceOf } from './decision-words.ts';

/** A decision that cannot be taken back, or let stand again. */
export class DecisionRefused extends Error {
  readonly code: 'not_found' | 'already_undone' | 'not_undone' | 'nothing_to_undo' | 'nothing_to_redo';
  constructor(code: DecisionRefused['code'], sentence: string) {
    super(sentence);
    this.code = code;
  }
}

type Page = { limit: number; cursor?: string | undefined };
type DecisionPage = { items: Decision[]; next_cursor: string | null };

/** Newest first. Throws `CursorRefused`. */
export async function listDecisions(
  db: Queryable,
  owner: string,
  wanted: Page & { kind?: DecisionKind | undefined },
): Promise<DecisionPage> {
  const { kind } = wanted;
  const query = db.selectFrom('decisions').where('decisions.owner', '=', owner);
  return pageOfDecisions(kind === undefined ? query : query.where('decisions.kind', '=', kind), wanted);
}

/** Those about one asset, newest first, undone ones too. */
export async function decisionsOfAsset(
  db: Queryable,
  owner: string,
  assetId: string,
  page: Page,
): Promise<DecisionPage> {
  const query = db
    .selectFrom('decisions')
    .where('decisions.owner', '=', owner)
    .where('decisions.id', 'in', (about) =>
      about.selectFrom('decision_assets').select('decision_id').where('asset_id', '=', assetId),
    );
  return pageOfDecisions(query, page);
}

async function pageOfDecisions(
  query: SelectQueryBuilder<Database, 'decisions', object>,
  { limit, cursor }: Page,
): Promise<DecisionPage> {
  let rows = query
    .select(columns)
    .select(assetsNow)
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) rows = rows.where('seq', '<', seqOf(cursor));
  const found = await rows.execute();
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    items: found.slice(0, limit).map(told),
    next_cursor: last === undefined ? null : writeCursor([String(last.seq), last.id]),
  };
}

function seqOf(cursor: string): number {
  const seq = Number(readCursor(cursor)[0]);
  if (!Number.isSafeInteger(seq)) throw new CursorRefused();
  return seq;
}

const columns = ['id', 'seq', 'at', 'kind', 'data_json', 'undone_at'] as const;

/** Of a corrected clock those that came later, too: it is counted anew. */
const assetsNow = sql<number>`
  case when decisions.kind = 'correct_clock'
    then (select count(*) from decision_assets where decision_assets.decision_id = decisions.id)
    else decisions.assets end`.as('assets');

function told(row: Pick<Selectable<Database['decisions']>, (typeof columns)[number] | 'assets'>): Decision {
  const { id, at, kind, data_json, assets, undone_at } = row;
  const data = JSON.parse(data_json) as Record<string, unknown>;
  return { id, at, kind, data, sentence: sentenceOf(kind, data), assets, undone_at };
}

export async function decisionOfId(db: Queryable, owner: string, id: string): Promise<Decision> {
  const row = await db
    .selectFrom('decisions')
    .select(columns)
    .select(assetsNow)
    .where('owner', '=', owner)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new DecisionRefused('not_found', 'There is no decision of this id.');
  return told(row);
}
