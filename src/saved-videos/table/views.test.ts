/** Which videos, in which order: every test of every kind of column, the same on both engines. */
import { beforeAll, expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { FieldChange } from '#contract/fields.ts';
import type { VideoFilter } from '#contract/saved-videos.ts';
import type { FilterTest } from '#contract/words.ts';
import { editMany } from '#saved-videos/edits/edit-values.ts';
import { changeField } from '#saved-videos/fields/fields.ts';
import {
  fieldNamed,
  listWith,
  modelSays,
  newField,
  orderOf,
  owner,
  sharedDatabase,
  tell,
} from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { columnValues } from './column-values.ts';
import { openViews } from './views.ts';

const filter = (column: string, test: FilterTest, ...values: string[]): VideoFilter => ({
  column,
  test,
  values,
});
const up = (column: string) => ({ sort: [{ column, direction: 'asc' as const }] });
const down = (column: string) => ({ sort: [{ column, direction: 'desc' as const }] });

/** Eight videos; nobody told anything of the last. */
async function smallTable(db: Parameters<typeof listWith>[0]) {
  const list = await listWith(db, { videos: 8 });
  const told = [
    {
      title: 'Part 10: Über-tables',
      channel: 'Wood & Co',
      duration_seconds: 60,
      published_at: '2024-05-01T10:00:00.000Z',
    },
    {
      title: 'part 2 – chairs',
      channel: 'wood & co',
      duration_seconds: 5000,
      published_at: '2023-12-31T23:59:59.000Z',
    },
    { title: 'A 100% guide', channel: 'Zoë', duration_seconds: 600, published_at: '2024-05-31T00:00:00.000Z' },
    { title: 'a_b', channel: 'Ελλάδα', duration_seconds: null, live_state: 'live', state: 'live' },
    {
      title: 'axb',
      channel: 'Ελλάδα',
      duration_seconds: 7,
      published_at: '2022-01-01T00:00:00.000Z',
      state: 'gone',
    },
    { title: 'Zebra', channel: 'Ann', language: 'pt-BR', duration_seconds: 60 },
    { title: 'Ann in the title', channel: 'Bob', language: 'en', duration_seconds: 61 },
  ] as const;
  for (const [nth, each] of told.entries()) await tell(db, list.id, nth + 1, each);
  const field = (label: string) => fieldNamed(list, label);
  await modelSays(db, list.id, field('level'), {
    1: 'Advanced',
    2: 'Beginner',
    3: 'Intermediate',
    4: new Error('no'),
  });
  await editMany(db, owner, list.id, { seqs: [5], except: [] }, field('level').id, {
    do: 'set',
    value: 'Beginner',
  });
  await modelSays(db, list.id, field('topics'), { 1: ['wood', 'steel'], 2: ['steel'], 3: ['a "b", c'], 4: [] });
  await modelSays(db, list.id, field('score'), { 1: -1.5, 2: 10, 3: 9, 4: 0, 5: 100 });
  await modelSays(db, list.id, field('seen'), { 1: true, 2: false });
  await modelSays(db, list.id, field('summary'), {
    1: 'How to build a TABLE',
    2: 'Chairs, 100% oak',
    8: 'éclair',
  });
  return { list, column: (label: string) => field(label).id };
}

onEachEngine('a view of a list', (engine) => {
  const opened = sharedDatabase(engine);
  let table: Awaited<ReturnType<typeof smallTable>>;
  beforeAll(async () => {
    table = await smallTable(opened.db);
  });

  test('sorts by any column; what is empty stands last both ways, ties in the order of adding', async () => {
    const { list, column } = table;
    const order = (view: object) => orderOf(opened.db, list.id, view);
    expect(await order({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await order(down('seq'))).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await order(up('title'))).toEqual([3, 4, 7, 5, 2, 1, 6, 8]);
    expect(await order(down('title'))).toEqual([6, 1, 2, 5, 7, 4, 3, 8]);
    expect(await order(up('channel'))).toEqual([6, 7, 1, 2, 3, 4, 5, 8]);
    expect(await order(up('duration_seconds'))).toEqual([5, 1, 6, 7, 3, 2, 4, 8]);
    expect(await order(down('duration_seconds'))).toEqual([2, 3, 7, 1, 6, 5, 4, 8]);
    expect(await order(up('published_at'))).toEqual([5, 2, 1, 3, 4, 6, 7, 8]);
    expect(await order(up('state'))).toEqual([8, 1, 2, 3, 6, 7, 4, 5]);
    expect(await order(up(column('level')))).toEqual([2, 5, 3, 1, 4, 6, 7, 8]);
    expect(await order(down(column('level')))).toEqual([1, 3, 2, 5, 4, 6, 7, 8]);
    expect(await order(up(column('score')))).toEqual([1, 4, 3, 2, 5, 6, 7, 8]);
    expect(await order(up(column('seen')))).toEqual([2, 1, 3, 4, 5, 6, 7, 8]);
    expect(await order({ sort: [...down(column('level')).sort, ...down('title').sort] })).toEqual([
      1, 3, 2, 5, 6, 7, 4, 8,
    ]);
  });

  test.each<[string, (column: (label: string) => string) => VideoFilter, number[]]>([
    ['title contains, in any case and accent', () => filter('title', 'contains', 'uber'), [1]],
    ['title contains, and not the channel', () => filter('title', 'contains', 'ann'), [7]],
    ['channel contains, and not the title', () => filter('channel', 'contains', 'ANN'), [6]],
    ['wildcards are letters', () => filter('title', 'contains', '0%', 'a_b'), [3, 4]],
    ['id contains', () => filter('youtube_id', 'contains', '00007'), [7]],
    ['title is exactly', () => filter('title', 'any_of', 'Zebra', 'zebra crossing'), [6]],
    ['channel is none of', () => filter('channel', 'none_of', 'Ελλάδα', 'Bob'), [1, 2, 3, 6, 8]],
    ['seconds at least', () => filter('duration_seconds', 'at_least', '61'), [2, 3, 7]],
    ['seconds at most', () => filter('duration_seconds', 'at_most', '60'), [1, 5, 6]],
    ['seconds exactly', () => filter('duration_seconds', 'any_of', '60', '7'), [1, 5, 6]],
    ['published from a day on', () => filter('published_at', 'at_least', '2024-05-01'), [1, 3]],
    ['published until the end of a month', () => filter('published_at', 'at_most', '2024-05'), [1, 2, 3, 5]],
    ['published in a year', () => filter('published_at', 'any_of', '2024'), [1, 3]],
    ['state any of', () => filter('state', 'any_of', 'live', 'gone'), [4, 5]],
    ['state none of', () => filter('state', 'none_of', 'ready'), [4, 5, 8]],
    ['language is', () => filter('language', 'any_of', 'pt-BR'), [6]],
    ['language contains', () => filter('language', 'contains', 'PT'), [6]],
    ['empty', () => filter('published_at', 'empty'), [4, 6, 7, 8]],
    ['filled', () => filter('language', 'filled'), [6, 7]],
    ['an option', (column) => filter(column('level'), 'any_of', 'beginner', 'Advanced'), [1, 2, 5]],
    ['none of the options', (column) => filter(column('level'), 'none_of', 'Beginner'), [1, 3, 4, 6, 7, 8]],
    [
      'from an option on, in their order',
      (column) => filter(column('level'), 'at_least', 'Intermediate'),
      [1, 3],
    ],
    ['one of several options', (column) => filter(column('topics'), 'any_of', 'steel'), [1, 2]],
    ['an option with quotes', (column) => filter(column('topics'), 'any_of', 'a "b", c'), [3]],
    ['a number at least', (column) => filter(column('score'), 'at_least', '9'), [2, 3, 5]],
    ['a number at most, below zero', (column) => filter(column('score'), 'at_most', '-1'), [1]],
    ['a number exactly', (column) => filter(column('score'), 'any_of', '10.0'), [2]],
    ['yes', (column) => filter(column('seen'), 'any_of', 'true'), [1]],
    ['not yes', (column) => filter(column('seen'), 'none_of', 'true'), [2, 3, 4, 5, 6, 7, 8]],
    ['text contains', (column) => filter(column('summary'), 'contains', 'table', 'ÉCL'), [1, 8]],
    ['text is exactly', (column) => filter(column('summary'), 'any_of', 'Chairs, 100% oak'), [2]],
    ['no value in a field', (column) => filter(column('topics'), 'empty'), [4, 5, 6, 7, 8]],
    ['a value in a field', (column) => filter(column('summary'), 'filled'), [1, 2, 8]],
    ['failed cells', (column) => filter(column('level'), 'failed'), [4]],
    ['values of a person', (column) => filter(column('level'), 'source', 'person', 'csv'), [5]],
  ])('filter: %s', async (_, given, seqs) => {
    const { list, column } = table;
    expect(await orderOf(opened.db, list.id, { filters: [given(column)] })).toEqual(seqs);
  });

  test('finds the last of a hundred options, also beside all the others', async () => {
    const options = Array.from({ length: 100 }, (_, nth) => `Option ${nth}`);
    const list = await listWith(opened.db, { videos: 2, fields: [newField('many', 'multi_select', options)] });
    const many = fieldNamed(list, 'many');
    await modelSays(opened.db, list.id, many, { 1: options, 2: options.slice(0, 99) });
    const view = { filters: [filter(many.id, 'any_of', 'Option 99')], sort: [] };
    expect(await orderOf(opened.db, list.id, view)).toEqual([1]);
  });

  test('a search looks through five thousand options, for each of its words', async () => {
    const { db } = opened;
    const options = Array.from({ length: 100 }, (_, nth) => `abcdefg ${nth}`);
    const fields = Array.from({ length: 50 }, (_, nth) =>
      newField(`f${nth}`, nth % 2 === 0 ? 'select' : 'multi_select', options),
    );
    const list = await listWith(db, { videos: 3, fields });
    await modelSays(db, list.id, fieldNamed(list, 'f48'), { 1: 'abcdefg 98' });
    await modelSays(db, list.id, fieldNamed(list, 'f49'), { 2: ['abcdefg 1', 'abcdefg 97'] });
    const found = (text: string) => orderOf(db, list.id, { text });
    expect(await found('a b c d e f g')).toEqual([1, 2]);
    expect(await found('abcdefg abc c 98')).toEqual([1]);
    expect(await found('a b c d e f g ab bc cd de ef 97')).toEqual([2]);
    expect(await found('a b c d e f g ab bc cd de ef 98')).toEqual([1]);
    expect(await found('a b c d e f g h i j k l m n o p q r s t u v w x y z')).toEqual([]);
  });

  test('a search finds an option with quotes as its owner wrote it, alone and among several', async () => {
    const { db } = opened;
    const options = ['say "x", then', 'plain; "y"', 'else'];
    const fields = [newField('one', 'select', options), newField('several', 'multi_select', options)];
    const list = await listWith(db, { videos: 4, fields });
    await modelSays(db, list.id, fieldNamed(list, 'one'), { 1: 'say "x", then', 2: 'else' });
    await modelSays(db, list.id, fieldNamed(list, 'several'), {
      3: ['say "x", then', 'plain; "y"'],
      4: ['else'],
    });
    expect(await orderOf(db, list.id, { text: '"x", then' })).toEqual([1, 3]);
    expect(await orderOf(db, list.id, { text: 'plain; "y"' })).toEqual([3]);
  });

  test('filters hold together, and with a search', async () => {
    const { list, column } = table;
    const filters = [filter('duration_seconds', 'at_least', '60'), filter(column('level'), 'filled')];
    expect(await orderOf(opened.db, list.id, { filters })).toEqual([1, 2, 3]);
    expect(await orderOf(opened.db, list.id, { filters, text: 'part', ...up('title') })).toEqual([2, 1]);
  });

  test('a title in bold letters is found and sorted as if it were in plain ones', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    for (const [nth, title] of ['Zebra', '𝗧𝗵𝗲 𝗕𝗲𝘀𝘁 𝗞𝗻𝗼𝘁𝘀', 'Apple'].entries())
      await tell(db, list.id, nth + 1, { title });
    expect(await orderOf(db, list.id, { text: 'best knots' })).toEqual([2]);
    expect(await orderOf(db, list.id, up('title'))).toEqual([3, 2, 1]);
  });

  test('every word of a search is found somewhere: title, channel, id, or words of a field', async () => {
    const { db } = opened;
    const { list, column } = await smallTable(db);
    const found = (text: string) => orderOf(db, list.id, { text });
    expect(await found('WOOD')).toEqual([1, 2]);
    expect(await found('chairs oak')).toEqual([2]);
    expect(await found('oak zebra')).toEqual([]);
    expect(await found('eclair')).toEqual([8]);
    expect(await found('advanc')).toEqual([1]);
    expect(await found('steel table')).toEqual([1]);
    expect(await found('ελλάδα')).toEqual([4, 5]);
    expect(await found('100%')).toEqual([2, 3]);
    expect(await found('a_b')).toEqual([4]);
    expect(await found("'; drop table lists; --")).toEqual([]);
    await changeField(
      db,
      owner,
      list.id,
      column('level'),
      FieldChange.parse({ options: ['Beginner', 'Intermediate'] }),
    );
    expect(await found('advanc')).toEqual([1]);
    expect(await orderOf(db, list.id, { filters: [filter(column('level'), 'misfit')] })).toEqual([1]);
    expect(await orderOf(db, list.id, { filters: [filter(column('level'), 'any_of', 'Advanced')] })).toEqual([
      1,
    ]);
    expect(await orderOf(db, list.id, { filters: [filter(column('level'), 'at_least', 'Beginner')] })).toEqual([
      2, 3, 5,
    ]);
  });

  test.each<[string, VideoFilter]>([
    ['unknown_column', filter('colour', 'filled')],
    ['filter_not_understood', filter('title', 'source', 'model')],
    ['filter_not_understood', filter('title', 'at_least', 'a')],
    ['filter_not_understood', filter('duration_seconds', 'contains', '1')],
    ['filter_not_understood', filter('duration_seconds', 'at_least', 'long')],
    ['filter_not_understood', filter('duration_seconds', 'at_least', '99999999999')],
    ['filter_not_understood', filter('duration_seconds', 'at_least', '1', '2')],
    ['filter_not_understood', filter('published_at', 'at_least', 'yesterday')],
    ['filter_not_understood', filter('state', 'any_of', 'lost')],
    ['filter_not_understood', filter('title', 'contains')],
  ])('%s: what cannot be asked is refused with a sentence', async (code, given) => {
    await expect(orderOf(opened.db, table.list.id, { filters: [given] })).rejects.toMatchObject({ code });
  });

  test('is kept for a version of the list, and found anew after any change', async () => {
    const { db } = opened;
    const { list, column } = await smallTable(db);
    const views = openViews(db);
    const view = { filters: [], ...up(column('score')) };
    const before = await getList(db, owner, list.id);
    const first = await views.of(before, view);
    expect(await views.of(before, view)).toBe(first);
    await editMany(db, owner, list.id, { seqs: [5], except: [] }, column('score'), { do: 'set', value: -100 });
    const after = await getList(db, owner, list.id);
    expect(after.version).toBeGreaterThan(before.version);
    expect([...(await views.of(after, view))].slice(0, 2)).toEqual([5, 1]);
  });

  test('tells what stands in a column, most often first', async () => {
    const { db } = opened;
    const { list, column } = await smallTable(db);
    const values = async (name: string, text?: string) =>
      (await columnValues(db, list.id, name, { text, limit: 3 })).map(
        ({ value, count }) => `${count} ${value}`,
      );
    expect(await values('channel')).toEqual(['2 Ελλάδα', '1 Ann', '1 Bob']);
    expect(await values('channel', 'WOOD')).toEqual(['1 Wood & Co', '1 wood & co']);
    expect(await values('state')).toEqual(['5 ready', '1 gone', '1 live']);
    expect(await values(column('topics'))).toEqual(['2 steel', '1 a "b", c', '1 wood']);
    expect(await values(column('level'))).toEqual(['2 Beginner', '1 Advanced', '1 Intermediate']);
    expect(await values(column('level'), 'inn')).toEqual(['2 Beginner']);
    expect(await values(column('seen'), 'R')).toEqual(['1 true']);
    expect(await values('seq', '3')).toEqual(['1 3']);
    expect(await values(column('summary'), 'chair')).toEqual(['1 Chairs, 100% oak']);
    await expect(values('colour')).rejects.toMatchObject({ code: 'unknown_column' });
  });

  test('reads no more of what stands in a column than is asked for, however many texts there are', async () => {
    const { db } = opened;
    const { list, column } = await smallTable(db);
    let mostRows = 0;
    const watched = db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (result.rows.some((row) => 'count' in row)) mostRows = Math.max(mostRows, result.rows.length);
        return result;
      },
    });
    for (const name of ['title', 'channel', 'seq', 'added_at', ...['summary', 'score', 'level'].map(column)]) {
      for (const text of [undefined, '1', 'a']) {
        expect((await columnValues(watched, list.id, name, { text, limit: 1 })).length).toBeLessThanOrEqual(1);
      }
    }
    expect(mostRows).toBe(1);
  });
});
