/** The real product asks the stand-ins: over HTTP, in its worker process, through kills and spent quotas. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { childrenOf, kill } from './faults/processes.ts';
import { startApp, type RunningApp } from './running-app.ts';
import { modelKey, startModel } from './stand-ins/model.ts';
import { someIds, startYouTube, youtubeKey } from './stand-ins/youtube.ts';

async function house(environment: Record<string, string> = {}) {
  const opened = new AsyncDisposableStack();
  const youtube = opened.use(await startYouTube());
  const model = opened.use(await startModel());
  const app = opened.use(
    await startApp({
      ...youtube.environment,
      ...model.environment.google,
      DAYBOOK_WORKERS: '2',
      ...environment,
    }),
  );
  return { youtube, model, app, ask: asking(app), [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** What the answers hold that is looked at here. */
type Body = {
  id: string;
  status: string;
  done: number;
  failed: number;
  completed_at: string | null;
  resume_at: string | null;
  used_units: number;
  fields: object[];
  states: Record<string, number>;
  summary: object;
};
type Answer = { status: number; body: Body };

function asking(app: RunningApp) {
  return async (method: string, at: string, body?: unknown): Promise<Answer> => {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${app.url}/api${at}`, { method, ...json });
    return { status: response.status, body: (await response.json()) as Body };
  };
}

const fields = [
  { label: 'Level', type: 'select', options: ['Beginner', 'Advanced'] },
  { label: 'Topics', type: 'multi_select', options: ['Theory', 'Practice'] },
];

test('the way of a list, over HTTP', async () => {
  await using desk = await house();
  const { ask, youtube, model, app } = desk;
  youtube.tell('gone0000001', { is: 'gone' });
  youtube.playlist('PLmine', someIds(60));

  const suggested = await ask('POST', '/lists', { name: 'Guitar' });
  const { id } = suggested.body;
  expect(suggested.status).toBe(201);
  const proposals = await ask('POST', `/lists/${id}/fields/suggest`, { description: 'How hard is it?' });
  expect(proposals).toMatchObject({ status: 200, body: { model: 'stand-in-1' } });
  for (const field of proposals.body.fields)
    expect((await ask('POST', `/lists/${id}/fields`, field)).status).toBe(201);

  const links = ['https://youtu.be/gone0000001', 'https://www.youtube.com/playlist?list=PLmine'];
  expect(await ask('POST', `/lists/${id}/videos`, { urls: links })).toMatchObject({
    status: 200,
    body: { added: 61 },
  });
  expect((await ask('GET', '/enrichment')).body).toMatchObject({
    metadata: { from: 'youtube_api', key_set: true },
    model: { provider: 'google', name: 'stand-in-1', can_watch: true },
  });
  expect((await ask('POST', `/lists/${id}/process/estimate`, {})).body).toMatchObject({
    videos: 61,
    units: 2,
    cells: 244,
  });
  const job = await ask('POST', `/lists/${id}/process`, {});
  expect(job).toMatchObject({ status: 201, body: { kind: 'enrich', total: 61 } });
  expect(await ask('POST', `/lists/${id}/process`, {})).toMatchObject({
    status: 409,
    body: { code: 'job_running' },
  });
  await over(ask, job.body.id);
  expect(await ask('POST', `/lists/${id}/process`, {})).toMatchObject({
    status: 409,
    body: { code: 'nothing_to_process' },
  });
  const { body } = await ask('GET', `/progress/${job.body.id}`);
  expect(body.summary).toMatchObject({ kind: 'enrich', states: { ready: 60, gone: 1 }, success_count: 61 });
  expect((await ask('GET', '/quota')).body).toMatchObject({ key_set: true, used_units: 4, left_units: 9996 });
  expect(youtube.calls.videos.map((ids) => ids.length)).toEqual([50, 11]);

  const there = await fetch(`${app.url}/api/lists/${id}/videos/2/thumbnail`);
  expect([there.status, there.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(there.headers.get('x-content-type-options')).toBe('nosniff');
  const gone = await fetch(`${app.url}/api/lists/${id}/videos/1/thumbnail`);
  expect([gone.status, gone.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  for (const at of ['999', '0', '1e3', '../../x']) {
    expect((await fetch(`${app.url}/api/lists/${id}/videos/${encodeURIComponent(at)}/thumbnail`)).status).toBe(
      404,
    );
  }
  // Of what anybody asked for nothing was asked twice, and of the links nothing at all.
  expect(youtube.calls.picture).toHaveLength(60);
  expect(youtube.addresses.filter((address) => !/\/(youtube\/v3|oembed|vi)\b/.test(address))).toEqual([]);
  expect(model.questions.every(({ watch }) => watch === null)).toBe(true);
});

test('a key is told to nobody: not in answers, not in the log, not in the database, not in addresses', async () => {
  await using desk = await house({ DAYBOOK_LOG_LEVEL: 'debug' });
  const { ask, youtube, model, app } = desk;
  const { id } = (await ask('POST', '/lists', { name: 'Guitar', fields })).body;
  await ask('POST', `/lists/${id}/videos`, { urls: someIds(3) });
  model.faults.order('ask', { answer: 500, body: { error: { message: `Your key ${modelKey} is fine.` } } }, 1);
  model.faults.order('ask', { answer: 400, body: { error: { message: `Refused, ${modelKey}.` } } }, 1);
  youtube.faults.order(
    'videos',
    { answer: 400, body: { error: { message: `Bad, ${youtubeKey}.`, errors: [] } } },
    1,
  );
  const job = await ask('POST', `/lists/${id}/process`, {});
  await over(ask, job.body.id);
  const answers = await Promise.all(
    [
      '/enrichment',
      '/quota',
      `/lists/${id}`,
      `/lists/${id}/videos`,
      `/jobs/${job.body.id}/items`,
      `/jobs/${job.body.id}`,
    ].map(async (at) => JSON.stringify((await ask('GET', at)).body)),
  );
  const told = [...answers, app.said(), ...youtube.addresses].join('\n');
  expect(told).toContain('youtube_refused');
  for (const key of [youtubeKey, modelKey]) {
    expect(told).not.toContain(key);
    for (const name of readdirSync(app.data).filter((each) => each.startsWith('daybook.db'))) {
      expect(readFileSync(path.join(app.data, name)).includes(key)).toBe(false);
    }
  }
});

test('2,000 videos, some gone, a spent quota in the middle and kill -9: each is finished once', async () => {
  await using desk = await house({
    DAYBOOK_AI_CALLS: '12',
    DAYBOOK_RETRY_DELAY_SECONDS: '0',
    DAYBOOK_LOG_LEVEL: 'error',
  });
  const { ask, youtube, model, app } = desk;
  const ids = someIds(2000);
  for (const [at, id] of ids.entries()) {
    if (at % 20 === 7) youtube.tell(id, { is: at % 40 === 7 ? 'gone' : 'private' });
    else youtube.tell(id, { title: `Video ${id}` });
  }
  const { id } = (await ask('POST', '/lists', { name: 'Many', fields })).body;
  await ask('POST', `/lists/${id}/videos`, { urls: ids });
  youtube.quota.limit = 25;
  const job = (await ask('POST', `/lists/${id}/process`, {})).body.id;

  let kills = 0;
  let resumed = false;
  for (;;) {
    const { body } = await ask('GET', `/jobs/${job}`);
    // More than once, where what was in hand before still says that it must stop.
    if (body.status === 'paused') {
      resumed = true;
      expect(body.failed).toBe(0);
      expect(body.resume_at).toMatch(/T0[78]:00:00/);
      youtube.quota.limit = Infinity;
      await forgetQuota(app);
      await ask('POST', `/jobs/${job}/resume`);
    }
    if (body.completed_at !== null) break;
    if (kills < 4 && body.status === 'running' && body.done > 300 * (kills + 1)) {
      kills += 1;
      for (const pid of childrenOf(app.process.pid ?? 0)) kill(pid);
    }
    await sleep(50);
  }
  expect([kills, resumed]).toEqual([4, true]);
  expect((await ask('GET', `/jobs/${job}`)).body).toMatchObject({
    status: 'completed',
    done: 2000,
    failed: 0,
    skipped: 0,
  });
  const { body: list } = await ask('GET', `/lists/${id}`);
  expect(list.states).toMatchObject({ ready: 1900, gone: 50, private: 50, pending: 0, failed: 0 });

  // Each answer of the model that was lost with a process was asked for once more, and no other.
  const asked = new Map<unknown, number>();
  for (const { video } of model.questions) asked.set(video.title, (asked.get(video.title) ?? 0) + 1);
  expect(asked.size).toBe(1900);
  const more = model.questions.length - 1900;
  // What was in hand, and what waited to be written: up to four groups of ten and those that came in meanwhile.
  expect(more).toBeLessThanOrEqual(kills * (12 + 60));
  // Units are counted before they are used, so that none that was used is missing; a kill in between costs one.
  const { body: quota } = await ask('GET', '/quota');
  const made = youtube.calls.videos.length;
  const counted = quota.used_units + forgotten;
  expect(counted).toBeGreaterThanOrEqual(made);
  expect(counted).toBeLessThanOrEqual(made + kills);
  // Videos are asked about by fifty, also those that a killed process had in hand.
  const few = youtube.calls.videos.filter((each) => each.length < 10).length;
  expect(few).toBeLessThanOrEqual(kills + 1);
  expect(made).toBeLessThanOrEqual(40 + 2 * kills + 3);
  expect(await doubled(app)).toEqual([]);
}, 240_000);

let forgotten = 0;

/** As the next day would. */
async function forgetQuota(app: RunningApp): Promise<void> {
  await using opened = await openDatabase({ sqlite: path.join(app.data, 'daybook.db') });
  const row = await opened.db.selectFrom('quota_use').select('units').executeTakeFirst();
  forgotten += row?.units ?? 0;
  await opened.db.deleteFrom('quota_use').execute();
}

/** Counts that do not agree with a recount. */
async function doubled(app: RunningApp): Promise<string[]> {
  await using opened = await openDatabase({ sqlite: path.join(app.data, 'daybook.db') });
  const { db } = opened;
  const count = async (table: 'field_values' | 'saved_videos') => {
    const { n } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return n;
  };
  const use = await db.selectFrom('model_use').selectAll().executeTakeFirstOrThrow();
  const problems = [];
  if ((await count('field_values')) !== 3800) problems.push(`${await count('field_values')} values`);
  if (use.videos !== 1900 || use.cells !== 3800)
    problems.push(`${use.videos} videos and ${use.cells} cells were counted`);
  return problems;
}

async function over(ask: ReturnType<typeof asking>, id: string): Promise<void> {
  while ((await ask('GET', `/jobs/${id}`)).body.completed_at === null) await sleep(20);
}
