import { sql, SqliteAdapter, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('list_edits')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('list_field_changes')
    .addColumn('field_id', 'text', (column) =>
      column.notNull().references('list_fields.id').onDelete('cascade'),
    )
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('renamed_json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('list_field_changes_pk', ['field_id', 'version'])
    .execute();
  await foldVideos(db);
  await foldValues(db);
}

// ── Keys of texts, made anew ────────────────────────────────────────────────────────────────────────────────
// Bold letters had stayed capitals, and marks that make another letter (バ, पि) had been taken away. A text of ASCII
// has the key that it had, so only the others are read: 250,000 videos with a title and a value each, in no ASCII, take
// 4 s on SQLite and 27 s on PostgreSQL (2 cores, others at work).

type Tables = {
  saved_videos: {
    list_id: string;
    seq: number;
    youtube_id: string;
    title: string | null;
    channel: string | null;
  };
  field_values: { field_id: string; seq: number; value_json: string; sort_key: string; state: string };
  list_fields: { id: string; type: string };
};

const atOnce = 1000;

async function foldVideos(db: Kysely<Tables>): Promise<void> {
  const told = sql`coalesce(title, '') || coalesce(channel, '')`;
  for (let [list, seq] = ['', 0]; ;) {
    const videos = await db
      .selectFrom('saved_videos')
      .select(['list_id', 'seq', 'youtube_id', 'title', 'channel'])
      .where(sql<boolean>`(list_id, seq) > (${list}, ${seq})`)
      .where(sql<boolean>`octet_length(${told}) > length(${told})`)
      .orderBy('list_id')
      .orderBy('seq')
      .limit(atOnce)
      .execute();
    const last = videos.at(-1);
    if (last === undefined) return;
    [list, seq] = [last.list_id, last.seq];
    const columns = {
      list_id: 'text',
      seq: 'integer',
      title_key: 'text',
      channel_key: 'text',
      search_text: 'text',
    } as const;
    const rows = videos.map((video) => {
      const { title, channel, youtube_id } = video;
      const lines = [title ?? '', channel ?? '', youtube_id].map((line) => line.replaceAll(/\s+/g, ' '));
      return {
        list_id: video.list_id,
        seq: video.seq,
        title_key: title === null ? null : textKey(title),
        channel_key: channel === null ? null : textKey(channel),
        search_text: fold(lines.join('\n')),
      };
    });
    await sql`
      update saved_videos
      set title_key = folded.title_key, channel_key = folded.channel_key, search_text = folded.search_text
      from ${given(db, columns, rows)}
      where saved_videos.list_id = folded.list_id and saved_videos.seq = folded.seq`.execute(db);
  }
}

async function foldValues(db: Kysely<Tables>): Promise<void> {
  for (let [field, seq] = ['', 0]; ;) {
    const values = await db
      .selectFrom('field_values')
      .innerJoin('list_fields', 'list_fields.id', 'field_values.field_id')
      .select(['field_id', 'seq', 'value_json', 'sort_key', 'state', 'type'])
      .where(sql<boolean>`(field_id, seq) > (${field}, ${seq})`)
      .where(sql<boolean>`octet_length(value_json) > length(value_json)`)
      .orderBy('field_id')
      .orderBy('seq')
      .limit(atOnce)
      .execute();
    const last = values.at(-1);
    if (last === undefined) return;
    [field, seq] = [last.field_id, last.seq];
    const columns = { field_id: 'text', seq: 'integer', sort_key: 'text', search_text: 'text' } as const;
    const rows = values.map(({ type, state, ...value }) => {
      const words = inWords(JSON.parse(value.value_json) as string | string[]);
      const isOfText = type === 'text';
      const isMisfit = isOfText ? state === 'misfit' : value.sort_key.startsWith('~');
      const key = isMisfit ? `~${textKey(words)}` : isOfText ? textKey(words) : value.sort_key;
      return { field_id: value.field_id, seq: value.seq, sort_key: key, search_text: fold(words) };
    });
    await sql`
      update field_values set sort_key = folded.sort_key, search_text = folded.search_text
      from ${given(db, columns, rows)}
      where field_values.field_id = folded.field_id and field_values.seq = folded.seq`.execute(db);
  }
}

/** Rows as one parameter, to stand after `from` as `folded`. */
function given<Columns extends Record<string, 'text' | 'integer'>>(
  db: Kysely<Tables>,
  columns: Columns,
  rows: readonly Record<keyof Columns, string | number | null>[],
) {
  const names = Object.keys(columns);
  if (db.getExecutor().adapter instanceof SqliteAdapter) {
    const json = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    const fields = names.map((name, at) => sql`value ->> ${sql.lit(at)} as ${sql.ref(name)}`);
    // `limit -1` lets SQLite read the rows once, and not again for each of the table.
    return sql`(select ${sql.join(fields)} from json_each(${json}) limit -1) as folded`;
  }
  const fields = names.map((name) => sql`${sql.ref(name)} ${sql.raw(columns[name] as string)}`);
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as folded(${sql.join(fields)})`;
}

function inWords(value: string | string[]): string {
  if (!Array.isArray(value)) return value;
  return value.map(quoted).join('; ');
}

function quoted(option: string): string {
  return /[;"]/.test(option) ? `"${option.replaceAll('"', '""')}"` : option;
}

function textKey(text: string): string {
  return fold(text)
    .trim()
    .replaceAll(/\d+/g, (number) => number.replace(/^0+(?=\d)/, '').padStart(12, '0'))
    .slice(0, 200)
    .toWellFormed();
}

function fold(text: string): string {
  return text
    .replaceAll(/(\p{M}{30})\p{M}+/gu, '$1')
    .normalize('NFKD')
    .replaceAll(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u0300-\u036F]+/gu, '$1')
    .toLowerCase()
    .normalize('NFC');
}
