/** JSON of any shape, and what its videos become. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { editVideo } from '#saved-videos/edits/edit-values.ts';
import {
  cellsOf,
  fieldNamed,
  fileOf,
  listWith,
  modelSays,
  newField,
  owner,
  sharedDatabase,
} from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { videoOfSeq } from '#saved-videos/videos/video-rows.ts';
import { importText, link } from './files-fixture.ts';
import { jsonParts } from './json-elements.ts';

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

  test('may have a field that is called values, inside of its values and outside', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [newField('values')] });
    const videos = [
      { url: link(1), values: 'flat' },
      { url: link(2), values: { values: 'within' } },
    ];
    await importText(db, list, JSON.stringify(videos), 'json');
    expect(await cellsOf(db, list, fieldNamed(list, 'values'))).toMatchObject({
      1: { value: 'flat' },
      2: { value: 'within' },
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
