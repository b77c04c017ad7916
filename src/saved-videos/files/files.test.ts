/** Files in and out: every dialect of CSV, JSON of any shape, and a round trip that loses nothing. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { FieldChange } from '#contract/fields.ts';
import type { List } from '#contract/lists.ts';
import type { ImportOptions, VideoView } from '#contract/saved-videos.ts';
import { editVideo } from '#saved-videos/edits/edit-values.ts';
import { fitValue } from '#saved-videos/fields/field-value.ts';
import { changeField, removeField, restoreField } from '#saved-videos/fields/fields.ts';
import {
  cellsOf,
  everyType,
  fieldNamed,
  fileOf,
  idOf,
  listWith,
  modelSays,
  newField,
  orderOf,
  owner,
  sharedDatabase,
  tell,
} from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { seqsInOrder } from '#saved-videos/table/views.ts';
import { videoOfSeq, videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { csvRows } from './csv-rows.ts';
import { exportCsv, exportJson } from './export-file.ts';
import { importFile, type FileFormat } from './import-file.ts';
import { jsonParts } from './json-elements.ts';

type Db = Parameters<typeof listWith>[0];

function importText(
  db: Db,
  list: Pick<List, 'id'>,
  content: string | Uint8Array,
  format: FileFormat = 'csv',
  options: Partial<ImportOptions> = {},
) {
  const place = { db, owner, expand_playlist: null };
  return importFile(place, list.id, fileOf(content), format, {
    create_fields: false,
    overwrite: false,
    ...options,
  });
}

async function exportText(
  db: Db,
  listId: string,
  format: FileFormat,
  view: Partial<VideoView> = {},
): Promise<string> {
  const list = await getList(db, owner, listId);
  const seqs = await seqsInOrder(db, listId, { filters: [], sort: [], ...view });
  const write = format === 'csv' ? exportCsv : exportJson;
  let text = '';
  for await (const piece of write(db, { list, fields: list.fields, seqs })) text += piece;
  return text;
}

async function titlesOf(db: Db, list: Pick<List, 'id'>): Promise<(string | null)[]> {
  return (await videosOfSeqs(db, list.id, [], await orderOf(db, list.id, {}))).map(({ title }) => title);
}

async function nextMillisecond(): Promise<void> {
  for (const start = Date.now(); Date.now() === start;) await othersTurn();
}

const link = (nth: number) => `https://youtu.be/${idOf(nth)}`;

/** A file of two videos, the second with this title. */
function twoVideos(second: string): string {
  return [
    'url,title,channel,state,level,summary,score,published_at',
    `${link(1)},One,Channel,ready,Beginner,"a; b",1,2020-01-01`,
    `${link(2)},${second},Channel,ready,Beginner,"a; b",2,2020-01-02`,
  ].join('\n');
}

onEachEngine('a CSV file', (engine) => {
  const opened = sharedDatabase(engine);

  test.each<[string, string | Uint8Array]>([
    ['commas', `url,title,level\n${link(1)},One,Beginner\n${link(2)},Two,\n`],
    ['semicolons', `url;title;level\n${link(1)};One;Beginner\n${link(2)};Two;\n`],
    ['tabs', `url\ttitle\tlevel\n${link(1)}\tOne\tBeginner\n${link(2)}\tTwo\t\n`],
    ['a mark at its beginning', `\uFEFFurl,title,level\r\n${link(1)},One,Beginner\r\n${link(2)},Two,\r\n`],
    ['other ends of lines', `url,title,level\r${link(1)},One,Beginner\r${link(2)},Two,\r`],
    ['columns in any order', `Level,Title,notes,Link\nBeginner,One,x,${link(1)}\n,Two,y,${link(2)}`],
    ['empty lines', `\n\nurl,title,level\n\n${link(1)},One,Beginner\n\n\n${link(2)},Two,\n\n`],
    ['short and long rows', `url,title,level\n${link(1)},One,Beginner,more,and more\n${link(2)},Two\n`],
    ['a line that names the separator', `sep=;\nurl;title;level\n${link(1)};One;Beginner\n${link(2)};Two;\n`],
    [
      'as many commas in a heading',
      `Link;Title;level;notes, long, with, more\n${link(1)};One;Beginner\n${link(2)};Two\n`,
    ],
    [
      'quoted separators in its headings',
      `"Link","Title","level","a;b;c;d;e"\n${link(1)},One,Beginner\n${link(2)},Two\n`,
    ],
    ['empty lines before semicolons', `\n\nurl;title;level\n${link(1)};One;Beginner\n${link(2)};Two;\n`],
    ['UTF-16', Buffer.from(`\uFEFFurl,title,level\n${link(1)},One,Beginner\n${link(2)},Two,\n`, 'utf16le')],
    [
      'quotes around everything',
      `"url","title","level"\n"${link(1)}","One","Beginner"\n"${link(2)}","Two",""\n`,
    ],
  ])('with %s is read', async (_, content) => {
    const { db } = opened;
    const list = await listWith(db);
    expect(await importText(db, list, content)).toMatchObject({ rows: 2, added: 2, unreadable: 0 });
    expect(await titlesOf(db, list)).toEqual(['One', 'Two']);
    expect(await cellsOf(db, list, fieldNamed(list, 'level'))).toMatchObject({
      1: { value: 'Beginner', source: 'csv' },
    });
  });

  test('of every sort of trouble says line and reason, and keeps the rest', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const content = [
      'url,score,title',
      `${link(1)},1.5,"quoted ""words"",`,
      `over two lines"`,
      `${link(2)},many,Two`,
      ',5,No link',
      'https://vimeo.com/1,6,Elsewhere',
      `${link(2)},7,Twice`,
      `"${link(3)} ${link(4)}",8,Two links`,
    ].join('\n');
    const report = await importText(db, list, content);
    expect(report).toMatchObject({ rows: 6, added: 3, already_here: 2, unreadable: 2, first_seq: 2 });
    expect(report.examples).toMatchObject([
      { line: 5, reason: 'bad_row' },
      { line: 6, reason: 'not_youtube', text: 'https://vimeo.com/1' },
    ]);
    expect(report.columns.map(({ as }) => as)).toEqual(['url', fieldNamed(list, 'score').id, 'title']);
    expect(report.values).toEqual({ written: 1, same: 0, kept: 0, unfit: 1 });
    expect(report.unfit_examples).toMatchObject([{ line: 4, text: 'many' }]);
    expect(await titlesOf(db, list)).toEqual(['quoted "words",\nover two lines', 'Two', null, null]);
  });

  test('may be links alone', async () => {
    const { db } = opened;
    const list = await listWith(db);
    expect(await importText(db, list, `${link(1)}\n${link(2)}\nnothing\n`)).toMatchObject({
      rows: 3,
      added: 2,
      unreadable: 1,
    });
    const takeout = `Video ID,Playlist Video Creation Timestamp\n${idOf(3)},2024-01-01T00:00:00+00:00\n`;
    expect(await importText(db, list, takeout)).toMatchObject({ rows: 1, added: 1 });
  });

  test('brings new fields only if that is wished', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const content = `url,Mood,,mood,=SUM\n${link(1)},calm,x,y,z\n`;
    expect(await importText(db, list, content)).toMatchObject({
      columns: [{ as: 'url' }, { heading: 'Mood', as: null }, { as: null }, { as: null }, { as: null }],
    });
    await importText(db, list, content, 'csv', { create_fields: true });
    const { fields } = await getList(db, owner, list.id);
    expect(fields.map(({ label, type }) => [label, type])).toEqual([
      ['Mood', 'text'],
      ['=SUM', 'text'],
    ]);
    const [mood] = fields;
    expect(mood && (await cellsOf(db, { ...list, fields }, mood))[1]).toMatchObject({
      value: 'calm',
      source: 'csv',
    });
  });

  test.each([
    ['a heading that none knows', `Nr;Titel;Link zum Video\n1;One;${link(1)}\n2;Two;\n3;Three;${link(2)}`, 2],
    ['a heading as long as an id', `Description,Clip\nA text,${link(1)}\nB text,${link(2)}`, 1],
    ['headings that are like ids all', `Description,Explanation\nA,${link(1)}\nB,${link(2)}`, 1],
    [
      'the headings of yt-dlp',
      `title,webpage_url,upload_date\nA,${link(1)},20240101\nB,${link(2)},20240101`,
      1,
    ],
    ['a heading for links over numbers', `ID,Name,Watch here\n1,One,${link(1)}\n2,Two,${link(2)}`, 2],
    ['links beside fewer links', `A,B\n,${link(1)}\n${link(3)},${link(2)}`, 1],
  ])('under %s has its links where they stand', async (_, content, at) => {
    const { db } = opened;
    const list = await listWith(db);
    const report = await importText(db, list, content);
    expect(report.columns.findIndex(({ as }) => as === 'url')).toBe(at);
    expect(report.added).toBe(2);
    const videos = await videosOfSeqs(db, list.id, [], [1, 2, 3]);
    expect(videos.map(({ youtube_id }) => youtube_id)).toEqual([idOf(1), idOf(2)]);
  });

  test('of links alone begins with its first row, also where that is not of YouTube', async () => {
    const { db } = opened;
    const list = await listWith(db);
    const words = 'what a friend sent me '.repeat(10);
    const content = `https://vimeo.com/1,a\n${link(1)},b\n`;
    expect(await importText(db, list, `${words}${link(2)},a\n`)).toMatchObject({ rows: 1, added: 1 });
    expect(await importText(db, list, content)).toMatchObject({ rows: 2, added: 1, unreadable: 1 });
  });

  test('fills the field of a long heading, and finds it again', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const heading = `In your own words: what did you learn, and what would you like to try${' next'.repeat(20)}?`;
    const content = `url,"${heading}"\n${link(1)},knots\n`;
    const made = await importText(db, list, content, 'csv', { create_fields: true });
    const [field] = (await getList(db, owner, list.id)).fields;
    expect(field?.label).toBe(heading.slice(0, 100).trim());
    expect(made).toMatchObject({ columns: [{ as: 'url' }, { as: field?.id }], values: { written: 1 } });
    expect(await importText(db, list, content)).toMatchObject({ values: { same: 1 } });
  });

  test('finds a field under a heading that is broken over two lines', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [newField('Practice time')] });
    const content = `url,"Practice\ntime"\n${link(1)},long\n`;
    expect(await importText(db, list, content, 'csv', { create_fields: true })).toMatchObject({
      columns: [{ as: 'url' }, { heading: 'Practice time', as: fieldNamed(list, 'Practice time').id }],
      values: { written: 1 },
    });
    expect((await getList(db, owner, list.id)).fields).toHaveLength(1);
  });

  test('that comes with others of the same new column shares one field with them', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const reports = await Promise.all(
      [1, 2, 3].map((nth) =>
        importText(db, list, `url,Note,Title,title\n${link(nth)},x,A,B\n`, 'csv', { create_fields: true }),
      ),
    );
    expect(reports.map(({ added, values }) => [added, values.written])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect((await getList(db, owner, list.id)).fields.map(({ label }) => label)).toEqual(['Note']);
  });

  test('writes over a model, not over a person unless that is wished; the same value stays as it is', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3 });
    const level = fieldNamed(list, 'level');
    await modelSays(db, list.id, level, { 1: 'Beginner', 3: 'Advanced' });
    await editVideo(db, owner, list.id, 2, { [level.id]: { do: 'set', value: 'Beginner' } });
    const content = `url,level\n${[1, 2, 3].map((nth) => `${link(nth)},advanced`).join('\n')}\n`;
    expect((await importText(db, list, content)).values).toEqual({ written: 1, same: 1, kept: 1, unfit: 0 });
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Advanced', source: 'csv' },
      2: { value: 'Beginner', source: 'person' },
      3: { value: 'Advanced', source: 'model' },
    });
    expect((await importText(db, list, content, 'csv', { overwrite: true })).values).toMatchObject({
      written: 1,
      same: 2,
    });
    await modelSays(db, list.id, level, { 1: 'Beginner', 2: 'Beginner' });
    expect(await cellsOf(db, list, level)).toMatchObject({
      1: { value: 'Advanced' },
      2: { value: 'Advanced' },
    });
  });

  test('tells of a video only what YouTube did not', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 2 });
    await tell(db, list.id, 1, { title: 'From YouTube' });
    const content = `url,title,state,processed_at,duration_seconds,published_at,thumbnail_url,language
${link(1)},From a file,gone,2025-01-01T00:00:00Z,5,2020-01-01,,en
${link(2)},From a file,gone,2025-01-01T00:00:00Z,x,yesterday,javascript:alert(1),<b>\n`;
    await importText(db, list, content);
    expect(await videosOfSeqs(db, list.id, [], [1, 2])).toMatchObject([
      { title: 'From YouTube', state: 'ready', metadata_source: 'youtube_api', duration_seconds: null },
      {
        title: 'From a file',
        state: 'gone',
        metadata_source: 'csv',
        duration_seconds: null,
        published_at: null,
        thumbnail_url: null,
        language: null,
      },
    ]);
    await tell(db, list.id, 2, { title: 'Told later' });
    await importText(db, list, content);
    expect(await titlesOf(db, list)).toEqual(['From YouTube', 'Told later']);
  });

  test.each([
    ['a state alone', 'pending', 'csv', ['ready', '', '', '']],
    ['a source without its time', 'pending', 'csv', ['ready', 'youtube_api', '', '']],
    ['the time of a title of a file', 'pending', 'csv', ['ready', 'csv', '2025-01-01T00:00:00Z', '']],
    ['what is no time', 'pending', 'csv', ['ready', 'youtube_api', 'yes', 'no']],
    ['when YouTube told it', 'live', 'oembed', ['live', 'oembed', '2025-01-01T00:00:00Z', '']],
    ['when it was asked about', 'gone', 'csv', ['gone', '', '', '2025-01-01T00:00:00Z']],
  ])('that says %s leaves a video %s, told by %s', async (_, state, metadata_source, cells) => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const rows = [1, 2].map((nth) => `${link(nth)},A title,${cells.join()}`);
    await importText(
      db,
      list,
      `url,title,state,metadata_source,metadata_at,processed_at\n${rows.join('\n')}\n`,
    );
    const expected = { title: 'A title', state, metadata_source };
    expect(await videosOfSeqs(db, list.id, [], [1, 2])).toMatchObject([expected, expected]);
  });

  test('sent again changes nothing, and what is news in it alone is written', async () => {
    const { db } = opened;
    const list = await listWith(db);
    const standing = async () => ({
      videos: await db
        .selectFrom('saved_videos')
        .selectAll()
        .where('list_id', '=', list.id)
        .orderBy('seq')
        .execute(),
      cells: await videosOfSeqs(db, list.id, list.fields, [1, 2]),
    });
    await importText(db, list, twoVideos('Two'));
    const before = await standing();
    await nextMillisecond();
    const again = await importText(db, list, twoVideos('Two'));
    expect(again).toMatchObject({ added: 0, already_here: 2, values: { written: 0, same: 6 } });
    expect(await standing()).toEqual(before);

    await importText(db, list, twoVideos('Second'));
    const [one, two] = (await standing()).videos;
    expect(one).toEqual(before.videos[0]);
    expect(two).toMatchObject({ title: 'Second', title_key: 'second', metadata_source: 'csv' });
    expect(two?.metadata_at).not.toBe(before.videos[1]?.metadata_at);
  });

  test('is fitted to the fields as they are when it is written, not as they were when it came', async () => {
    const { db } = opened;
    const list = await listWith(db);
    const [level, summary] = [fieldNamed(list, 'level'), fieldNamed(list, 'summary')];
    // YouTube is asked about the playlist between the reading of the headings and the writing.
    const expand_playlist = async () => {
      await changeField(db, owner, list.id, level.id, FieldChange.parse({ type: 'number', options: [] }));
      await removeField(db, owner, list.id, summary.id);
      return { found: 'videos', youtube_ids: [idOf(3)], cut_at: null } as const;
    };
    const content = `url,level,summary,score
${link(1)},Beginner,words,1
${link(2)},12,,2
https://www.youtube.com/playlist?list=PLx\n`;
    const options = { create_fields: false, overwrite: false };
    const report = await importFile({ db, owner, expand_playlist }, list.id, fileOf(content), 'csv', options);
    expect(report).toMatchObject({ added: 3, values: { written: 3, unfit: 2 } });
    expect(report.unfit_examples).toMatchObject([
      { line: 2, field_id: level.id, text: 'Beginner', message: expect.stringContaining('a number') },
      { line: 2, field_id: summary.id, text: 'words', message: expect.stringContaining('put away') },
    ]);
    expect(await cellsOf(db, list, level)).toEqual({
      1: undefined,
      2: expect.objectContaining({ value: 12 }),
      3: undefined,
    });
    await restoreField(db, owner, list.id, summary.id);
    expect((await cellsOf(db, list, summary))[1]).toBeUndefined();
  });

  test('that names a playlist thirty times asks about it once', async () => {
    const { db } = opened;
    const list = await listWith(db);
    let asked = 0;
    const expand_playlist = async () => {
      asked += 1;
      return { found: 'videos', youtube_ids: [idOf(1), idOf(2)], cut_at: null } as const;
    };
    const content = `url\n${'https://www.youtube.com/playlist?list=PLx\n'.repeat(30)}`;
    const options = { create_fields: false, overwrite: false };
    const report = await importFile({ db, owner, expand_playlist }, list.id, fileOf(content), 'csv', options);
    expect(report).toMatchObject({ rows: 30, added: 2, already_here: 58, unreadable: 0 });
    expect(asked).toBe(1);
  });

  test('tells of a video in the row that is about it alone, also where another names it before', async () => {
    const { db } = opened;
    const list = await listWith(db);
    const content = `url,title,score\n"${link(1)} ${link(2)}",Two links,1\n${link(2)},Two,2\n${link(2)},Twice,3\n`;
    expect(await importText(db, list, content)).toMatchObject({ added: 2, values: { written: 1 } });
    expect(await titlesOf(db, list)).toEqual([null, 'Two']);
  });

  test('longer than is written at once is in the list whole, with every value', async () => {
    const { db } = opened;
    const list = await listWith(db);
    const rows = Array.from({ length: 4500 }, (_, nth) => `${link(nth + 1)},Title ${nth + 1},${nth + 1}`);
    const content = `url,title,score\n${rows.join('\n')}\n`;
    expect(await importText(db, list, content)).toMatchObject({
      added: 4500,
      first_seq: 1,
      values: { written: 4500 },
    });
    const videos = await videosOfSeqs(db, list.id, list.fields, await orderOf(db, list.id, {}));
    const score = fieldNamed(list, 'score').id;
    expect(videos.map(({ title, cells }) => [title, cells[score]?.value])).toEqual(
      rows.map((_, nth) => [`Title ${nth + 1}`, nth + 1]),
    );
  });

  test.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'no_links_in_file'],
    ['no column of links', 'colour,size\nred,5\n', 'no_links_in_file'],
    ['a quote that never ends', `url,title\n${link(1)},"and so on\n${'x'.repeat(50)}\n`, 'file_unreadable'],
    ['a row without end', `url\n${link(1)}\n"${'x'.repeat(1_100_000)}"\n`, 'file_unreadable'],
    ['another encoding', Buffer.from(`url,title\n${link(1)},caf\u00E9\n`, 'latin1'), 'file_unreadable'],
    ['a first row of 1,001 columns', `url,${'x,'.repeat(999)}y\n${link(1)}\n`, 'file_unreadable'],
    [
      '100,000 columns',
      `url,${Array.from({ length: 99_999 }, (_, nth) => `é${nth}`).join()}\n`,
      'file_unreadable',
    ],
    [
      'more columns than fields can be',
      `url,${Array.from({ length: 51 }, (_, nth) => `é${nth}`).join()}\n`,
      'too_many_fields',
    ],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xd8]), 'file_unreadable'],
  ])('of %s changes nothing, and says why', async (_, content, code) => {
    const { db } = opened;
    const list = await listWith(db);
    await expect(importText(db, list, content, 'csv', { create_fields: true })).rejects.toMatchObject({ code });
    expect(await getList(db, owner, list.id)).toEqual(list);
  });
});

test.each(['csv', 'json'] as const)('of a spreadsheet sent as %s it is said what to do', async (format) => {
  const packed = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(5000, 'x')]);
  for (const size of [1, 5000]) {
    const read = format === 'csv' ? csvRows : jsonParts;
    await expect(async () => {
      for await (const _ of read(fileOf(packed, size).read()));
    }).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringMatching(/spreadsheet.*CSV UTF-8/),
    });
  }
});

onEachEngine('a JSON file', (engine) => {
  const opened = sharedDatabase(engine);

  test('may be links, flat objects, or objects with values', async () => {
    const { db } = opened;
    const list = await listWith(db);
    const content = JSON.stringify(
      [
        link(1),
        { url: link(2), title: 'Two', Level: 'Beginner', topics: ['wood'], score: 5, seen: true, other: 1 },
        {
          link: link(3),
          values: { level: { value: 'Advanced', source: 'person', at: '2025-01-01T00:00:00Z' } },
        },
        { title: 'no link' },
        5,
        null,
      ],
      null,
      2,
    );
    const report = await importText(db, list, content, 'json');
    expect(report).toMatchObject({ rows: 6, added: 3, unreadable: 3, values: { written: 5, unfit: 0 } });
    expect(await cellsOf(db, list, fieldNamed(list, 'level'))).toMatchObject({
      2: { value: 'Beginner', source: 'csv' },
      3: { value: 'Advanced', source: 'person', at: '2025-01-01T00:00:00.000Z' },
    });
  });

  test('says who gave a value, and it weighs no more than that', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    const summary = fieldNamed(list, 'summary');
    // Over nothing, a model's, a file's and a person's value.
    const reset = async () => {
      await db.deleteFrom('field_values').where('field_id', '=', summary.id).execute();
      await modelSays(db, list.id, summary, { 2: 'by model' });
      await importText(db, list, `url,summary\n${link(3)},by file\n`);
      await editVideo(db, owner, list.id, 4, { [summary.id]: { do: 'set', value: 'by person' } });
    };
    const after = async (cell: object, overwrite = false) => {
      await reset();
      const videos = [1, 2, 3, 4].map((nth) => ({ url: link(nth), values: { summary: cell } }));
      const { values } = await importText(db, list, JSON.stringify(videos), 'json', { overwrite });
      const cells = await cellsOf(db, list, summary);
      return [values.kept, ...[1, 2, 3, 4].map((seq) => cells[seq] && cells[seq].value)];
    };
    const [model, file, person] = ['by model', 'by file', 'by person'];
    const ok = { value: 'new', state: 'ok' };
    expect(await after({ ...ok, source: 'model' })).toEqual([2, 'new', 'new', file, person]);
    expect(await after({ ...ok, source: 'csv' })).toEqual([1, 'new', 'new', 'new', person]);
    expect(await after({ ...ok, source: 'person' })).toEqual([1, 'new', 'new', 'new', person]);
    expect(await after({ ...ok, source: 'person' }, true)).toEqual([0, 'new', 'new', 'new', 'new']);
    expect(await after({ ...ok, source: 'model' }, true)).toEqual([2, 'new', 'new', file, person]);
    expect(await after({ value: null, source: 'person' })).toEqual([1, null, null, null, person]);
    for (const source of ['model', 'csv'] as const) {
      for (const state of ['ok', 'failed'] as const) {
        expect(await after({ value: null, state, source })).toEqual([3, null, model, file, person]);
      }
      expect(await after({ value: 5, state: 'misfit', source })).toEqual([3, 5, model, file, person]);
    }
  });

  test('tells of new videos and of those that nobody asked about, descriptions too', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1 });
    const processed_at = '2025-01-02T00:00:00.000Z';
    const asked = { state: 'failed', state_reason: 'Refused.', processed_at };
    const told = { title: 'A title', description: 'Long words', ...asked };
    const videos = [1, 2].map((nth) => ({ url: link(nth), ...told, metadata_at: '2025-01-01T00:00:00Z' }));
    await importText(db, list, JSON.stringify({ videos }), 'json');
    const expected = { ...told, metadata_source: 'csv', metadata_at: '2025-01-01T00:00:00.000Z' };
    for (const seq of [1, 2]) expect(await videoOfSeq(db, list.id, seq)).toMatchObject(expected);

    const others = videos.map((video) => ({ ...video, description: 'Other words' }));
    await importText(db, list, JSON.stringify({ videos: others }), 'json');
    expect(await videoOfSeq(db, list.id, 2)).toMatchObject({ ...expected, description: 'Other words' });
  });

  test.each([
    ['no JSON', '<html></html>'],
    ['an object without videos', '{"a": [1, 2]}'],
    ['one that breaks off', `{"videos": ["${link(1)}", "${link(2)}"`],
    ['an element that is none', `["${link(1)}", {"url": }]`],
    ['an element without end', `["${'x'.repeat(4_100_000)}"]`],
    ['a field that cannot be', `{"fields": [{"label": "x", "type": "colour"}], "videos": ["${link(1)}"]}`],
    ['what follows its end', `["${link(1)}"] and more`],
  ])('of %s changes nothing', async (_, content) => {
    const { db } = opened;
    const list = await listWith(db);
    await expect(importText(db, list, content, 'json')).rejects.toMatchObject({ code: 'file_unreadable' });
    expect(await getList(db, owner, list.id)).toEqual(list);
  });
});

onEachEngine('what no database keeps', (engine) => {
  const opened = sharedDatabase(engine);

  test('is taken out of every text of a file, headings, options and names of models too', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    await importText(db, list, `url,a\0b\n${link(1)},c\0d\n`, 'csv', { create_fields: true });
    const cell = { value: 'e\0', source: 'model', model: 'm\uD800', error: '\uDC00\0' };
    const fields = [
      { label: 'f\0\uD800', type: 'text', instruction: '\0' },
      { label: 'o', type: 'multi_select', options: ['x\0', 'y\uDFFF'] },
    ];
    const [f] = fields.map(({ label }) => label);
    const told = { url: link(2), title: 't\0', channel: '\\u0000 \\\\\0😀', state_reason: '\0' };
    const videos = [{ ...told, values: { [f ?? '']: cell, o: ['x\0', 'Y\uDFFF'] } }];
    await importText(db, list, JSON.stringify({ fields, videos }), 'json');

    const whole = await getList(db, owner, list.id);
    expect(whole.fields.map(({ label }) => label)).toEqual(['a\uFFFDb', 'f\uFFFD\uFFFD', 'o']);
    const rows = await videosOfSeqs(db, list.id, whole.fields, [1, 2]);
    expect(rows[1]).toMatchObject({ title: 't\uFFFD', channel: '\\u0000 \\\\\uFFFD😀' });
    expect(rows.flatMap(({ cells }) => whole.fields.flatMap(({ id }) => cells[id] ?? []))).toMatchObject([
      { value: 'c\uFFFDd' },
      { value: 'e\uFFFD', model: 'm\uFFFD', error: '\uFFFD\uFFFD' },
      { value: ['x\uFFFD', 'y\uFFFD'] },
    ]);
  });
});

test('JSON is read the same wherever its pieces are cut', async () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const layout = fc.constantFrom(undefined, 1, '\t');
  await fc.assert(
    fc.asyncProperty(
      fc.array(json),
      json,
      layout,
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      async (videos, more, space, size, isArray) => {
        const around = { 'a "videos": [': more, videos: [], more };
        const whole = isArray ? videos : { ...around, videos };
        const elements: unknown[] = [];
        let rest: unknown;
        for await (const part of jsonParts(fileOf(JSON.stringify(whole, null, space), size).read())) {
          if (part.is === 'element') elements.push(part.value);
          else rest = part.value;
        }
        // As JSON has it: without -0.
        expect(JSON.stringify(elements)).toBe(JSON.stringify(videos));
        expect(JSON.stringify(rest)).toBe(JSON.stringify(isArray ? null : around));
      },
    ),
    { seed: 6, numRuns: 300 },
  );
});

test('JSON with 200,000 arrays before its videos is read at one go', async () => {
  const json = `{${'"a":[],'.repeat(200_000)}"videos":[1]}`;
  const elements = [];
  for await (const part of jsonParts(fileOf(json).read())) if (part.is === 'element') elements.push(part.value);
  expect(elements).toEqual([1]);
});

onEachEngine('a wide file', (engine) => {
  const opened = sharedDatabase(engine);

  test('of a thousand columns is read', async () => {
    const { db } = opened;
    const labels = Array.from({ length: 50 }, (_, nth) => `Überschrift ${nth}`);
    const list = await listWith(db, { fields: labels.map((label) => newField(label)) });
    const headings = ['url', ...Array.from({ length: 949 }, (_, nth) => `é${nth}`), ...labels];
    const cells = [link(1), ...Array.from({ length: 999 }, (_, nth) => `v${nth}`)];
    const report = await importText(db, list, `${headings.join()}\n${cells.join()}\n`);
    expect(report).toMatchObject({ added: 1, values: { written: 50 } });
    expect(report.columns).toHaveLength(1000);
  });

  test('is read as far as its videos have no more members than a table has columns', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [newField('Überschrift')] });
    const videos = [
      { url: link(1), ...membersAnd(998, 'ÜBERSCHRIFT') },
      { url: link(2), ...membersAnd(999, 'ÜBERSCHRIFT') },
      { url: link(3), values: membersAnd(999, 'ÜBERSCHRIFT') },
      { url: link(4), values: membersAnd(100_000, 'ÜBERSCHRIFT') },
    ];
    const report = await importText(db, list, JSON.stringify(videos), 'json');
    expect(report).toMatchObject({ added: 1, unreadable: 3, values: { written: 1 } });
    expect(report.examples).toMatchObject([
      { reason: 'bad_row', message: 'A video has at most 1,000 members here, but 1,001 came.' },
      { reason: 'bad_row', message: 'A video has at most 1,000 members here, but 1,001 came.' },
      { reason: 'bad_row', message: expect.stringContaining('100,002') },
    ]);
  });

  test.each([
    ['text', 'x'.repeat(1_500_000)],
    ['list', Array.from({ length: 300_000 }, () => 'x')],
  ])('is read at one go where a long %s stands for the values of a video', async (_, values) => {
    const { db } = opened;
    const list = await listWith(db);
    const begun = performance.now();
    const json = JSON.stringify([{ url: link(1), values }]);
    expect(await importText(db, list, json, 'json')).toMatchObject({
      added: 1,
      values: { written: 0, unfit: 0 },
    });
    // Read letter by letter as members it took 10 s, during which nobody else was answered.
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

test('a row of a CSV file knows the line it begins in, wherever the file is cut', async () => {
  const content = 'a,b\r\n"1\r\n2",x\r\n\r\n"3\n",y\r\n4,z\r\n';
  for (const size of [1, 2, 3, 5, 100]) {
    const rows = [];
    for await (const { line, cells } of csvRows(fileOf(content, size).read())) rows.push(`${line} ${cells[1]}`);
    expect(rows).toEqual(['1 b', '2 x', '5 y', '7 z']);
  }
});

onEachEngine('an export', (engine) => {
  const opened = sharedDatabase(engine);

  const nasty = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc
      .array(
        fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\n', '\r\n', '\t', 'x', ' ', 'é', '\uFEFF'),
        { minLength: 1 },
      )
      .map((letters) => letters.join('')),
  );
  const valueOf: Record<string, fc.Arbitrary<unknown>> = {
    level: fc.constantFrom('Beginner', 'Intermediate', 'Advanced'),
    topics: fc.subarray(['wood', 'steel', 'piano; grand', 'a "b", c'], { minLength: 1 }),
    score: fc.double({ noNaN: true, noDefaultInfinity: true }),
    'watch time': fc.double({ min: 0, max: 1000, noNaN: true }),
    seen: fc.boolean(),
    summary: nasty,
  };

  test('imports back to the same table, in both formats, whatever stands in it', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 40 });
    const [texts] = fc.sample(fc.array(nasty, { minLength: 80, maxLength: 80 }), { numRuns: 1, seed: 6 });
    for (const seq of orderedSeqs(40)) {
      const [title = '', channel = ''] = texts?.slice(seq * 2 - 2) ?? [];
      if (seq % 4 !== 0) {
        await tell(db, list.id, seq, {
          title,
          channel,
          description: `${title}\n${channel}`,
          duration_seconds: seq * 7,
          published_at: new Date(Date.UTC(2020, 0, seq)).toISOString(),
          thumbnail_url: `https://i.ytimg.com/vi/${idOf(seq)}/hqdefault.jpg`,
          language: 'en',
          live_state: 'none',
          state: seq % 5 === 0 ? 'gone' : 'ready',
        });
      }
    }
    for (const [nth, field] of list.fields.entries()) {
      const arbitrary = valueOf[field.label];
      if (arbitrary === undefined) throw new Error(field.label);
      const values = fc.sample(arbitrary, { numRuns: 40, seed: nth }).map((value) => {
        const fitted = fitValue(field, value);
        return fitted.fits ? fitted.value : null;
      });
      await modelSays(db, list.id, field, Object.fromEntries(values.map((value, at) => [at + 1, value])));
    }
    const summary = fieldNamed(list, 'summary').id;
    await editVideo(db, owner, list.id, 3, {
      [fieldNamed(list, 'level').id]: { do: 'set', value: 'Advanced' },
      [summary]: { do: 'set', value: '(left empty)' },
    });
    await editVideo(db, owner, list.id, 4, { [summary]: { do: 'set', value: "''(left empty)" } });
    await editVideo(db, owner, list.id, 5, { [summary]: { do: 'empty' } });

    for (const format of ['csv', 'json'] as const) {
      const file = await exportText(db, list.id, format);
      // JSON brings its fields.
      const next = await listWith(db, { fields: format === 'csv' ? everyType : [] });
      expect(await importText(db, next, file, format)).toMatchObject({
        rows: 40,
        added: 40,
        unreadable: 0,
        values: { unfit: 0 },
      });
      expect(await exportText(db, next.id, format)).toBe(file);
      // Again into the same: nothing is otherwise.
      expect(await importText(db, next, file, format)).toMatchObject({
        added: 0,
        already_here: 40,
        values: { written: 0 },
      });
      const whole = await getList(db, owner, next.id);
      expect((await videosOfSeqs(db, next.id, whole.fields, orderedSeqs(40))).map(plain(whole))).toEqual(
        (await videosOfSeqs(db, list.id, list.fields, orderedSeqs(40))).map(plain(list)),
      );
      expect((await cellsOf(db, whole, fieldNamed(whole, 'summary')))[5]).toMatchObject({
        value: null,
        state: 'ok',
        source: 'person',
      });
      if (format === 'json') {
        expect(await cellsOf(db, whole, fieldNamed(whole, 'level'))).toEqual(
          await cellsOf(db, list, fieldNamed(list, 'level')),
        );
        expect((await videoOfSeq(db, next.id, 1)).description).toBe(
          (await videoOfSeq(db, list.id, 1)).description,
        );
      }
    }
  });

  test('to CSV says which cells a person left empty, and no model fills them in the next list', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 4 });
    for (const { id } of list.fields) await editVideo(db, owner, list.id, 1, { [id]: { do: 'empty' } });
    const score = fieldNamed(list, 'score');
    await modelSays(db, list.id, score, { 2: null, 3: new Error('No.') });
    const file = await exportText(db, list.id, 'csv');
    const rows = file.trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split('(left empty)').length - 1)).toEqual([6, 0, 0, 0]);

    const next = await listWith(db, { videos: 4 });
    const level = fieldNamed(next, 'level');
    await modelSays(db, next.id, level, { 1: 'Beginner' });
    expect(await importText(db, next, file)).toMatchObject({ values: { written: 6, unfit: 0 } });
    await modelSays(db, next.id, level, { 1: 'Advanced' });
    expect(await cellsOf(db, next, level)).toMatchObject({ 1: { value: null, source: 'person' } });
    // As any value of a person, until that is wished.
    await editVideo(db, owner, next.id, 1, { [level.id]: { do: 'set', value: 'Advanced' } });
    expect(await importText(db, next, file)).toMatchObject({ values: { same: 5, kept: 1 } });
    await importText(db, next, file, 'csv', { overwrite: true });
    expect(await cellsOf(db, next, level)).toMatchObject({ 1: { value: null } });
  });

  test('gives what a view shows, in its order', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 3, fields: [newField('note')] });
    for (const seq of [1, 2, 3]) await tell(db, list.id, seq, { title: `=${4 - seq}` });
    const view: VideoView = {
      filters: [{ column: 'title', test: 'contains', values: ['1', '3'] }],
      sort: [{ column: 'title', direction: 'asc' }],
    };
    const file = await exportText(db, list.id, 'csv', view);
    expect(file.charCodeAt(0)).toBe(0xfeff);
    const lines = file.trim().split('\r\n');
    expect(lines[0]).toMatch(/^url,title,channel,.*,note$/);
    expect(lines.slice(1).map((line) => line.split(',')[1])).toEqual(["'=1", "'=3"]);
    const json = JSON.parse(await exportText(db, list.id, 'json', view)) as { videos: { title: string }[] };
    expect(json.videos.map(({ title }) => title)).toEqual(['=1', '=3']);
  });

  test('of an empty list is a file that can be read', async () => {
    const { db } = opened;
    const list = await listWith(db);
    for (const format of ['csv', 'json'] as const) {
      const file = await exportText(db, list.id, format);
      expect(await importText(db, list, file, format)).toMatchObject({ rows: 0, added: 0 });
    }
  });
});

function membersAnd(count: number, last: string): Record<string, string> {
  const members = Array.from({ length: count }, (_, nth) => [`é${nth}`, 'x'] as const);
  return { ...Object.fromEntries(members), [last]: 'last' };
}

function orderedSeqs(count: number): number[] {
  return Array.from({ length: count }, (_, nth) => nth + 1);
}

/** A row without what belongs to its list: values by label, without where they came from. */
function plain(list: List) {
  return ({ cells, ...video }: Awaited<ReturnType<typeof videosOfSeqs>>[number]) => ({
    ...video,
    values: Object.fromEntries(list.fields.map(({ id, label }) => [label, cells[id]?.value ?? null])),
  });
}
