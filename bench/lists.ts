/**
 * A list of saved videos of the size of the aim: a CSV file in, views of it, any place of the table, changes of all
 * its rows, files out. The floor of the import is the same file parsed once by the same parser and its rows inserted
 * into bare tables; the peer of a kept view is `limit … offset …` asked anew for every window. Seconds of a
 * processor, because on a busy machine the wall clock measures the others.
 *
 *   npm run bench:lists [-- --videos 100000]
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { NewField } from '#contract/fields.ts';
import type { VideoView } from '#contract/saved-videos.ts';
import { openDatabase } from '#db/database.ts';
import { deleteVideos, editMany } from '#saved-videos/edits/edit-values.ts';
import { undoEdit } from '#saved-videos/edits/edits.ts';
import { changeField } from '#saved-videos/fields/fields.ts';
import { exportCsv, exportJson } from '#saved-videos/files/export-file.ts';
import { importFile } from '#saved-videos/files/import-file.ts';
import { createList, getList } from '#saved-videos/lists.ts';
import { openViews } from '#saved-videos/table/views.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';
import { drawCsv } from './list-csv.ts';
import { parseAndInsert } from './lists-floor.ts';
import { machineLine, quantile } from './photos.ts';

const { values } = parseArgs({ options: { videos: { type: 'string', default: '100000' } } });
const videos = Number(values.videos);
const owner = 'home';
const said: string[] = [];

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  const file = path.join(folder, 'list.csv');
  await writeFile(file, drawCsv(videos));
  await using opened = await openDatabase({ sqlite: path.join(folder, 'daybook.db') });
  const { db } = opened;
  const options = {
    level: ['Beginner', 'Intermediate', 'Advanced'],
    topics: ['wood', 'steel', 'stone', 'paper'],
  };
  const { id } = await createList(db, owner, {
    name: 'Bench',
    description: '',
    watch_videos: false,
    fields: [
      NewField.parse({ label: 'level', type: 'select', options: options.level }),
      NewField.parse({ label: 'topics', type: 'multi_select', options: options.topics }),
      NewField.parse({ label: 'score', type: 'number' }),
      NewField.parse({ label: 'summary', type: 'text' }),
    ],
  });
  const spooled = { read: () => createReadStream(file), [Symbol.asyncDispose]: async () => {} };
  const place = { db, owner, expand_playlist: null };
  const floor = await measured(() => parseAndInsert(file, path.join(folder, 'floor.db')));
  const into = await measured(() =>
    importFile(place, id, spooled, 'csv', { create_fields: false, overwrite: false }),
  );
  const again = await measured(() =>
    importFile(place, id, spooled, 'csv', { create_fields: false, overwrite: false }),
  );
  tell('floor', floor, 'the file parsed once, its rows inserted into bare tables');
  tell('CSV in', into, `${(into.processor / floor.processor).toFixed(1)} of the floor`);
  tell('again', again, 'the same file: nothing is new');

  const list = await getList(db, owner, id);
  const field = (label: string) => list.fields.find((each) => each.label === label)?.id ?? '';
  const all = { filters: [], sort: [] };
  await look('in the order of adding', all);
  await look('by title', sorted('title'));
  await look('by channel', sorted('channel'));
  await look('by a number of the owner', sorted(field('score')));
  await look('by a select and the title', {
    filters: [],
    sort: [...sorted(field('level')).sort, ...sorted('title').sort],
  });
  await look('one option', filtered(field('level'), 'any_of', 'Advanced'));
  await look('part of a title', filtered('title', 'contains', 'garden'));
  await look('a search of two words', { ...all, text: 'garden rust' });

  const views = openViews(db);
  const seqs = await views.of(list, sorted('title'));
  const kept: number[] = [];
  const offset: number[] = [];
  for (let nth = 0; nth < 100; nth += 1) {
    const from = Math.floor((nth * 7919 * 97) % (seqs.length - 100));
    const page = await timed(async () => {
      const shown = await views.of(list, sorted('title'));
      return videosOfSeqs(db, id, list.fields, [...shown.subarray(from, from + 100)]);
    });
    kept.push(page);
    offset.push(
      await timed(() =>
        sql`select * from saved_videos where list_id = ${id} and deleted_at is null
          order by title_key nulls last, seq limit 100 offset ${from}`.execute(db),
      ),
    );
  }
  said.push(
    `window   p50 ${quantile(kept, 0.5).toFixed(1)} ms, p95 ${quantile(kept, 0.95).toFixed(1)} ms for 100 rows with their values, anywhere in a kept view`,
    `peer     p50 ${quantile(offset, 0.5).toFixed(1)} ms, p95 ${quantile(offset, 0.95).toFixed(1)} ms for the rows without values by limit and offset`,
  );

  const everything = { condition: { filters: [] }, except: [] };
  const edit = await measured(() =>
    editMany(db, owner, id, everything, field('level'), { do: 'set', value: 'Beginner' }),
  );
  tell('edit', edit, `${edit.value.changed.toLocaleString('en')} cells of a person at once`);
  tell('undo', await measured(() => undoEdit(db, owner, id, edit.value.edit_id ?? '')), 'the same taken back');
  const changed = await measured(() =>
    changeField(db, owner, id, field('level'), {
      options: ['Advanced', 'Intermediate', 'Start'],
      renamed: [{ from: 'Beginner', to: 'Start' }],
    }),
  );
  tell('refit', changed, `options changed: ${changed.value.converted.toLocaleString('en')} values follow`);
  const deleted = await measured(() => deleteVideos(db, owner, id, everything));
  tell('delete', deleted, 'all of them');
  tell('restore', await measured(() => undoEdit(db, owner, id, deleted.value.edit_id ?? '')), 'all of them');

  const whole = { list, fields: list.fields, seqs };
  tell('CSV out', await measured(() => drained(exportCsv(db, whole))), 'all, by title');
  tell('JSON out', await measured(() => drained(exportJson(db, whole))), 'all, with descriptions and sources');

  async function look(name: string, view: VideoView): Promise<void> {
    const found = await measured(() => openViews(db).of(list, view));
    const [milliseconds, rows] = [found.processor * 1000, found.value.length.toLocaleString('en')];
    said.push(`view     ${milliseconds.toFixed(0).padStart(6)} ms of a processor   ${name}: ${rows} rows`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(
  [
    machineLine(),
    `list     ${videos.toLocaleString('en')} videos, 4 fields, SQLite; load ${loadavg()[0]?.toFixed(1)}`,
    ...said,
    `command  npm run bench:lists -- --videos ${videos}`,
    '',
  ].join('\n'),
);

function sorted(column: string): VideoView {
  return { filters: [], sort: [{ column, direction: 'asc' }] };
}

function filtered(column: string, test: 'any_of' | 'contains', value: string): VideoView {
  return { filters: [{ column, test, values: [value] }], sort: [] };
}

type Measured<Value> = { value: Value; wall: number; processor: number; stood: number };

/** `stood`: the longest time in which nobody else was answered, in milliseconds. */
async function measured<Value>(run: () => Promise<Value>): Promise<Measured<Value>> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  // The first delay is counted from the second turn on.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [start, used] = [performance.now(), process.cpuUsage()];
  const value = await run();
  const { user, system } = process.cpuUsage(used);
  const wall = (performance.now() - start) / 1000;
  // One turn of the loop, so that the last delay is counted.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  return { value, wall, processor: (user + system) / 1e6, stood: delay.max / 1e6 };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function tell(name: string, { wall, processor, stood }: Measured<unknown>, what: string): void {
  const seconds = `${wall.toFixed(1).padStart(6)} s, ${processor.toFixed(1).padStart(5)} s of a processor`;
  said.push(`${name.padEnd(9)}${seconds}, stood ${stood.toFixed(0).padStart(4)} ms   ${what}`);
}

async function drained(pieces: AsyncIterable<string>): Promise<void> {
  for await (const _ of pieces);
}
