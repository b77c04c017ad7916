/** Files that are none, or would be too much for a database or for everybody else. */
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { fileOf, listWith, newField, owner, sharedDatabase } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { csvRows } from './csv-rows.ts';
import { importText, link } from './files-fixture.ts';
import { jsonParts } from './json-elements.ts';

onEachEngine('a CSV file that cannot be read', (engine) => {
  const opened = sharedDatabase(engine);

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
  ])('for %s changes nothing, and says why', async (_, content, code) => {
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
      { reason: 'bad_row', message: 'A video has at most 1,000 members here, but 1,002 came.' },
      { reason: 'bad_row', message: expect.stringContaining('100,003') },
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

function membersAnd(count: number, last: string): Record<string, string> {
  const members = Array.from({ length: count }, (_, nth) => [`é${nth}`, 'x'] as const);
  return { ...Object.fromEntries(members), [last]: 'last' };
}
