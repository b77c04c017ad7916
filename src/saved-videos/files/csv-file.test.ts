/** Every dialect of CSV, and what its rows become. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { FieldChange } from '#contract/fields.ts';
import { editVideo } from '#saved-videos/edits/edit-values.ts';
import { changeField, removeField, restoreField } from '#saved-videos/fields/fields.ts';
import {
  cellsOf,
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
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { csvRows } from './csv-rows.ts';
import { importText, link, titlesOf } from './files-fixture.ts';
import { importFile } from './import-file.ts';

async function nextMillisecond(): Promise<void> {
  for (const start = Date.now(); Date.now() === start;) await othersTurn();
}

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
});

test('a row of a CSV file knows the line it begins in, wherever the file is cut', async () => {
  const content = 'a,b\r\n"1\r\n2",x\r\n\r\n"3\n",y\r\n4,z\r\n';
  for (const size of [1, 2, 3, 5, 100]) {
    const rows = [];
    for await (const { line, cells } of csvRows(fileOf(content, size).read())) rows.push(`${line} ${cells[1]}`);
    expect(rows).toEqual(['1 b', '2 x', '5 y', '7 z']);
  }
});
