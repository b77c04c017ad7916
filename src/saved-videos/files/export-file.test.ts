/** A round trip that loses nothing, through both formats. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import type { List } from '#contract/lists.ts';
import type { VideoView } from '#contract/saved-videos.ts';
import { editVideo } from '#saved-videos/edits/edit-values.ts';
import { fitValue } from '#saved-videos/fields/field-value.ts';
import {
  cellsOf,
  everyType,
  fieldNamed,
  idOf,
  listWith,
  modelSays,
  newField,
  owner,
  sharedDatabase,
  tell,
} from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { videoOfSeq, videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { exportText, importText } from './files-fixture.ts';

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
