/** Lists over HTTP, on the running product: every route, the query of a view, files both ways, refusals. */
import { readdir, utimes } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Problem } from '#contract/problem.ts';
import { type List, type ListSummary } from '#contract/lists.ts';
import {
  viewQuery,
  type AddReport,
  type EditReport,
  type ImportReport,
  type SavedVideoDetail,
  type VideoView,
  type VideoWindow,
} from '#contract/saved-videos.ts';
import type { Field, FieldChanged } from '#contract/fields.ts';
import { startApp, type RunningApp } from '../../test/running-app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

type Asked = { method?: string; body?: unknown; status?: number };

async function ask<Body>(address: string, { method, body, status = 200 }: Asked = {}): Promise<Body> {
  const answer = await fetch(`${app.url}${address}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const told = (await answer.json()) as Body;
  expect(answer.status, JSON.stringify(told)).toBe(status);
  return told;
}

async function send(list: Pick<List, 'id'>, content: string, type = 'text/csv', query = '') {
  return fetch(`${app.url}/api/lists/${list.id}/videos/import${query}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: content,
  });
}

const fields = [
  { label: 'level', type: 'select', options: ['Beginner', 'Advanced'] },
  { label: 'score', type: 'number' },
];
const newList = (name: string) => ask<List>('/api/lists', { body: { name, fields }, status: 201 });
const videosOf = (list: Pick<List, 'id'>, query = '') =>
  ask<VideoWindow>(`/api/lists/${list.id}/videos?${query}`);
const link = (nth: number) => `https://youtu.be/video${String(nth).padStart(6, '0')}`;

test('a list is made, filled, changed, looked through, put away and brought back', async () => {
  const list = await newList('Woodwork');
  const [level, score] = list.fields as [Field, Field];
  const at = `/api/lists/${list.id}`;
  expect(await ask<AddReport>(`${at}/videos`, { body: { url: link(1) } })).toMatchObject({ added: 1 });
  const urls = [link(1), link(2), 'nothing', ...Array.from({ length: 250 }, (_, nth) => link(nth + 3))];
  expect(await ask<AddReport>(`${at}/videos`, { body: { urls } })).toMatchObject({
    added: 251,
    already_here: 1,
    unreadable: 1,
    examples: [{ line: 3, reason: 'not_a_link' }],
  });

  const edited = await ask<EditReport>(`${at}/videos/7`, {
    method: 'PATCH',
    body: { changes: { [level.id]: { do: 'set', value: 'Advanced' }, [score.id]: { do: 'set', value: 5 } } },
  });
  expect(edited).toMatchObject({
    matched: 1,
    changed: 2,
    video: { seq: 7, cells: { [score.id]: { value: 5 } } },
  });
  const many = await ask<EditReport>(`${at}/values`, {
    body: {
      target: { condition: { text: '00010' } },
      field_id: level.id,
      change: { do: 'set', value: 'Beginner' },
    },
  });
  expect(many).toMatchObject({ matched: 11, changed: 11 });

  const view: VideoView = {
    text: undefined,
    filters: [{ column: level.id, test: 'any_of', values: ['Beginner', 'Advanced'] }],
    sort: [
      { column: level.id, direction: 'desc' },
      { column: 'seq', direction: 'desc' },
    ],
  };
  const seen = await videosOf(list, `${viewQuery(view)}&offset=1&limit=3`);
  expect(seen).toMatchObject({ total: 12, offset: 1 });
  expect(seen.items.map(({ seq }) => seq)).toEqual([109, 108, 107]);
  expect((await videosOf(list, 'offset=200')).items.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 52 }, (_, nth) => 201 + nth),
  );
  expect(await ask(`${at}/seqs?${viewQuery(view)}&offset=1&limit=3`)).toMatchObject({
    seqs: [109, 108, 107],
    total: 12,
  });
  expect(await videosOf(list, 'offset=5000')).toMatchObject({ total: 252, items: [] });
  expect(await ask(`${at}/columns/${level.id}/values`)).toEqual({
    items: [
      { value: 'Beginner', count: 11 },
      { value: 'Advanced', count: 1 },
    ],
  });

  expect(await ask<EditReport>(`${at}/edits/${many.edit_id}/undo`, { method: 'POST' })).toMatchObject({
    changed: 11,
  });
  const deleted = await ask<EditReport>(`${at}/videos/delete`, { body: { target: { seqs: [1, 2] } } });
  expect(await ask<List>(at)).toMatchObject({ videos: 250, states: { pending: 250 } });
  await ask(`${at}/edits/${deleted.edit_id}/undo`, { method: 'POST' });
  expect(await ask<SavedVideoDetail>(`${at}/videos/1`)).toMatchObject({
    youtube_id: 'video000001',
    description: null,
  });

  const changed = await ask<FieldChanged>(`${at}/fields/${level.id}`, {
    method: 'PATCH',
    body: { options: ['Beginner', 'Expert'], position: 1 },
  });
  expect(changed).toMatchObject({ misfits: 1, field: { position: 1 } });
  expect(await ask<List>(at)).toMatchObject({ misfit_cells: 1 });
  const added = await ask<Field>(`${at}/fields`, {
    body: { label: 'note', type: 'text', position: 0 },
    status: 201,
  });
  await ask(`${at}/fields/${added.id}`, { method: 'DELETE' });
  const labelsOf = async (query: string) =>
    (await ask<{ items: Field[] }>(`${at}/fields${query}`)).items.map(({ label }) => label);
  expect(await labelsOf('')).toEqual(['score', 'level']);
  expect(await labelsOf('?deleted=true')).toEqual(['note']);
  expect(await ask<Field>(`${at}/fields/${added.id}/restore`, { method: 'POST' })).toMatchObject({
    position: 0,
  });

  expect(await ask<List>(at, { method: 'PATCH', body: { name: 'Wood' } })).toMatchObject({ name: 'Wood' });
  await ask(at, { method: 'DELETE' });
  expect(await ask<Problem>(at, { status: 404 })).toMatchObject({ code: 'not_found' });
  const { items } = await ask<{ items: ListSummary[] }>('/api/lists?deleted=true');
  expect(items).toMatchObject([{ id: list.id, videos: 252 }]);
  await ask(`${at}/restore`, { method: 'POST' });
});

test('a list goes out and comes in again the same, by CSV and by JSON, under the view that is asked for', async () => {
  const list = await newList('Out = "in" / é');
  const rows = Array.from(
    { length: 1200 },
    (_, nth) => `${link(nth)},"=title ${nth}",${nth % 2 ? 'Advanced' : ''},${nth}`,
  );
  const sent = await send(list, `url,title,level,score\n${rows.join('\n')}\n`);
  expect(sent.status, app.said()).toBe(200);
  expect(await sent.json()).toMatchObject({ rows: 1200, added: 1200, values: { written: 1800 } });

  for (const [format, type] of [
    ['csv', 'text/csv; charset=utf-8'],
    ['json', 'application/json'],
  ] as const) {
    const answer = await fetch(`${app.url}/api/lists/${list.id}/export.${format}`);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''Out%20%3D%20_in_%20_%20%C3%A9.${format}`,
    );
    const file = Buffer.from(await answer.arrayBuffer()).toString();
    const next = await newList('In');
    const report = (await (await send(next, file, type)).json()) as ImportReport;
    expect(report).toMatchObject({ rows: 1200, added: 1200, unreadable: 0, values: { unfit: 0 } });
    const again = await fetch(`${app.url}/api/lists/${next.id}/export.${format}`);
    const back = Buffer.from(await again.arrayBuffer()).toString();
    // Only the name of the list is another.
    expect(back.replace('"name":"In"', '')).toBe(file.replace('"name":"Out = \\"in\\" / é"', ''));
  }

  const query = viewQuery({
    filters: [{ column: list.fields[1]?.id ?? '', test: 'at_most', values: ['3'] }],
    sort: [{ column: 'seq', direction: 'desc' }],
  });
  const some = await (await fetch(`${app.url}/api/lists/${list.id}/export.csv?${query}`)).text();
  expect(
    some
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[1]),
  ).toEqual(["'=title 3", "'=title 2", "'=title 1", "'=title 0"]);
});

async function expectRefusal(answer: Response, status: number, code: string): Promise<void> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([status, code]);
}

test('a file that cannot be read is refused with a sentence, and nothing of it is kept', async () => {
  const list = await newList('Files');
  await expectRefusal(await send(list, 'colour\nred\n'), 422, 'no_links_in_file');
  await expectRefusal(await send(list, '{"videos": [', 'application/json'), 422, 'file_unreadable');
  await expectRefusal(await send(list, `url\n${link(1)}\n`, 'application/pdf'), 415, 'not_a_list_file');
  await expectRefusal(
    await send(list, `url\n${link(1)}\n`, 'text/csv', '?overwrite=perhaps'),
    400,
    'invalid_input',
  );
  await expectRefusal(await send({ id: 'none' }, `url\n${link(1)}\n`), 404, 'not_found');
  await expectRefusal(
    await fetch(`${app.url}/api/lists/${list.id}/export.csv?sort[0][column]=colour`),
    422,
    'unknown_column',
  );
  await expectRefusal(
    await fetch(`${app.url}/api/lists/${list.id}/export.csv?colour=red`),
    400,
    'invalid_input',
  );
  await expectRefusal(await fetch(`${app.url}/api/lists/none/export.json`), 404, 'not_found');
  expect(await ask<List>(`/api/lists/${list.id}`)).toEqual(list);
  expect(await readdir(path.join(app.data, 'list-files'))).toEqual([]);
});

test('a file that breaks off on its way changes nothing and is not kept', async () => {
  const list = await newList('Broken off');
  const sending = request(`${app.url}/api/lists/${list.id}/videos/import`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
  });
  sending.on('error', () => {});
  sending.write(`url\n${link(1)}\n${link(2)}\n`);
  const incoming = path.join(app.data, 'list-files');
  while ((await readdir(incoming)).length === 0) await sleep(20);
  sending.destroy();
  while ((await readdir(incoming)).length > 0) await sleep(20);
  expect(await ask<List>(`/api/lists/${list.id}`)).toEqual(list);
});

test('what a killed server left of a file is swept at a later start', async () => {
  await using killed = await startApp();
  const made = await fetch(`${killed.url}/api/lists`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Killed' }),
  });
  const { id } = (await made.json()) as List;
  const sending = request(`${killed.url}/api/lists/${id}/videos/import`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
  });
  sending.on('error', () => {});
  sending.write(`url\n${link(1)}\n`);
  const folder = path.join(killed.data, 'list-files');
  while ((await readdir(folder)).length === 0) await sleep(20);
  killed.process.kill('SIGKILL');
  const left = await readdir(folder);
  expect(left).toHaveLength(1);
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const name of left) await utimes(path.join(folder, name), longAgo, longAgo);

  await using again = await startApp({ DAYBOOK_DATA: killed.data });
  await expect.poll(() => readdir(folder), { message: again.said() }).toEqual([]);
  expect(await (await fetch(`${again.url}/api/lists/${id}`)).json()).toMatchObject({ id, videos: 0 });
});

test.each([
  ['POST', '/lists', { name: ' ' }, 400, 'invalid_input'],
  ['POST', '/lists', { name: 'x', fields: [{ label: 'Title', type: 'text' }] }, 409, 'label_taken'],
  ['POST', '/lists/{list}/videos', {}, 400, 'invalid_input'],
  ['POST', '/lists/{list}/videos', { url: 'x', urls: ['x'] }, 400, 'invalid_input'],
  ['POST', '/lists/none/videos', { url: 'x' }, 404, 'not_found'],
  ['GET', '/lists/{list}/videos?limit=501', undefined, 400, 'invalid_input'],
  [
    'GET',
    '/lists/{list}/videos?filters[0][column]=title&filters[0][test]=like',
    undefined,
    400,
    'invalid_input',
  ],
  [
    'GET',
    '/lists/{list}/videos?filters[0][column]=x&filters[0][test]=filled',
    undefined,
    422,
    'unknown_column',
  ],
  ['GET', '/lists/{list}/videos?sort[0][column]=title&sort[0][direction]=up', undefined, 400, 'invalid_input'],
  ['GET', '/lists/{list}/videos/9', undefined, 404, 'not_found'],
  ['GET', '/lists/{list}/videos/2147483647', undefined, 404, 'not_found'],
  ['GET', '/lists/{list}/videos/2147483648', undefined, 400, 'invalid_input'],
  ['POST', '/lists/{list}/videos/delete', { target: {} }, 400, 'invalid_input'],
  ['POST', '/lists/{list}/videos/delete', { target: { seqs: [99999999999] } }, 400, 'invalid_input'],
  [
    'POST',
    '/lists/{list}/videos/delete',
    { target: { condition: {}, except: [99999999999] } },
    400,
    'invalid_input',
  ],
  [
    'POST',
    '/lists/{list}/process/estimate',
    { wish: { what: 'videos', seqs: [99999999999] } },
    400,
    'invalid_input',
  ],
  [
    'POST',
    '/lists/{list}/values',
    { target: { seqs: [1] }, field_id: 'x', change: { do: 'empty' } },
    404,
    'not_found',
  ],
  ['POST', '/lists/{list}/edits/none/undo', undefined, 404, 'not_found'],
  ['PATCH', '/lists/{list}/fields/none', { label: 'x' }, 404, 'not_found'],
  ['GET', '/lists/{list}/columns/colour/values', undefined, 422, 'unknown_column'],
])('%s %s is refused', async (method, address, body, status, code) => {
  const list = await newList('Refusals');
  const told = await ask<Problem>(`/api${address.replace('{list}', list.id)}`, {
    method,
    ...(body === undefined ? {} : { body }),
    status,
  });
  expect(told).toMatchObject({ code, status });
});
