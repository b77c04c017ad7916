/** The real product asks the stand-ins: over HTTP, in its worker process, through kills and spent quotas. */
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { JobEvent } from '#contract/jobs.ts';
import type { LiveMessage } from '#contract/live.ts';
import { openDatabase, type DatabaseAddress, type Engine } from '#db/database.ts';
import { emptyDatabase, onEachEngine } from './databases.ts';
import { childrenOf, kill } from './processes.ts';
import { unsoundJobs } from './faults/soundness.ts';
import { manyPhotos } from './fixtures/stamp.ts';
import { untilOver } from './requests.ts';
import { startApp, type RunningApp } from './running-app.ts';
import { modelKey, startModel } from './stand-ins/model.ts';
import { someIds, startYouTube, youtubeKey } from './stand-ins/youtube.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function house(engine: Engine, environment: Record<string, string>) {
  const opened = new AsyncDisposableStack();
  const youtube = opened.use(await startYouTube());
  const model = opened.use(await startModel());
  const { address } = opened.use(await emptyDatabase(engine));
  const app = opened.use(
    await startApp({
      ...youtube.environment,
      ...model.environment.google,
      DATABASE_URL: 'postgres' in address ? address.postgres : '',
      DAYBOOK_WORKERS: '2',
      ...environment,
    }),
  );
  const database: DatabaseAddress =
    'postgres' in address ? address : { sqlite: path.join(app.data, 'daybook.db') };
  return {
    youtube,
    model,
    app,
    database,
    ask: asking(app),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What the answers hold that is looked at here. */
type Body = {
  id: string;
  code: string;
  detail: string;
  status: string;
  done: number;
  failed: number;
  completed_at: string | null;
  resume_at: string | null;
  used_units: number;
  fields: object[];
  items: { state: string; version?: number }[];
  job: { id: string } | null;
  events: JobEvent[];
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
  await using desk = await house('sqlite', {});
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
  await untilOver(desk.app.url, job.body.id, 300_000);
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
  await using desk = await house('sqlite', { DAYBOOK_LOG_LEVEL: 'debug' });
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
  await untilOver(desk.app.url, job.body.id, 300_000);
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

onEachEngine('a job of the running product', (engine) => {
  test('2,000 videos, some gone, a spent quota in the middle and kill -9: each is finished once', async () => {
    await using desk = await house(engine, {
      DAYBOOK_AI_CALLS: '12',
      DAYBOOK_RETRY_DELAY_SECONDS: '0',
      DAYBOOK_LOG_LEVEL: 'error',
    });
    const { ask, youtube, model, app, database } = desk;
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
    let killAfter = 300;
    let pauses = 0;
    let forgotten = 0;
    for (;;) {
      const { body } = await ask('GET', `/jobs/${job}`);
      if (body.status === 'paused') {
        pauses += 1;
        expect(body.failed).toBe(0);
        // Midnight in California, or up to twenty minutes later where it was that just now.
        expect(body.resume_at).toMatch(/T0[78]:[01]\d:/);
        youtube.quota.limit = Infinity;
        forgotten += await forgetQuota(database);
        await ask('POST', `/jobs/${job}/resume`);
      }
      if (body.completed_at !== null) break;
      if (kills < 4 && body.status === 'running' && body.done > killAfter) {
        kills += 1;
        // So far apart that what one of them interrupts is finished before the next.
        killAfter = body.done + 300;
        for (const pid of childrenOf(app.process.pid ?? 0)) kill(pid);
      }
      await sleep(50);
    }
    // What was in hand when the quota was spent, and says so only after the resume, pauses nothing.
    expect([kills, pauses]).toEqual([4, 1]);
    expect((await ask('GET', `/jobs/${job}`)).body).toMatchObject({
      status: 'completed',
      done: 2000,
      failed: 0,
      skipped: 0,
    });
    const { body: list } = await ask('GET', `/lists/${id}`);
    expect(list.states).toMatchObject({ ready: 1900, gone: 50, private: 50, pending: 0, failed: 0 });
    expect(await unsettled(database)).toEqual([]);

    // Each question about a video was asked once, and once more where its answer was lost with a process.
    const asked = new Map<unknown, number>();
    for (const { video } of model.questions) asked.set(video.title, (asked.get(video.title) ?? 0) + 1);
    expect(asked.size).toBe(1900);
    const attempts = await attemptsOf(database);
    expect(Math.max(...attempts.values())).toBeLessThanOrEqual(2);
    const tooOften = ids.filter((each) => (asked.get(`Video ${each}`) ?? 0) > (attempts.get(each) ?? 0));
    expect(tooOften).toEqual([]);
    // What was in hand, and what waited to be written: up to four groups of ten and those that came in meanwhile.
    expect(model.questions.length - 1900).toBeLessThanOrEqual(kills * (12 + 60));
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
  });

  test('is paused, resumed and cancelled over HTTP: what is in hand is finished, or aborted, and nothing fails', async () => {
    await using desk = await house(engine, { DAYBOOK_AI_CALLS: '4' });
    const { ask, model, app } = desk;
    await using live = await listen(app);
    let gate = Promise.withResolvers<undefined>();
    model.script.answer = () => gate.promise;
    const inHand = async () => {
      while (model.inHand.now < 4) await sleep(5);
    };
    const { id } = (await ask('POST', '/lists', { name: 'Guitar', fields })).body;
    await ask('POST', `/lists/${id}/videos`, { urls: someIds(30) });
    const job = (await ask('POST', `/lists/${id}/process`, {})).body.id;
    const order = (command: string) => ask('POST', `/jobs/${job}/${command}`);
    const jobNow = async () => (await ask('GET', `/jobs/${job}`)).body;

    await inHand();
    expect(await order('retry')).toMatchObject({ status: 409, body: { code: 'job_not_retryable' } });
    for (let n = 0; n < 2; n++) {
      expect(await order('pause')).toMatchObject({ status: 200, body: { status: 'paused', done: 0 } });
    }
    gate.resolve(undefined);
    while ((await jobNow()).done < 4) await sleep(20);
    await sleep(300);
    expect(await jobNow()).toMatchObject({ status: 'paused', done: 4, failed: 0, completed_at: null });
    expect(model.questions).toHaveLength(4);

    gate = Promise.withResolvers();
    expect(await order('resume')).toMatchObject({ status: 200, body: { status: 'running', done: 4 } });
    await inHand();
    expect(await order('cancel')).toMatchObject({ status: 200, body: { status: 'cancelled', done: 4 } });
    // Without an answer of the model, which nobody waits for any more.
    const working = `/jobs/${job}/items?state=working`;
    while ((await ask('GET', working)).body.items.length > 0) await sleep(20);
    gate.resolve(undefined);
    for (const [command, code] of [
      ['pause', 'job_not_pausable'],
      ['resume', 'job_not_resumable'],
      ['retry', 'job_not_retryable'],
    ] as const) {
      expect(await order(command)).toMatchObject({ status: 409, body: { code } });
    }
    expect((await ask('GET', `/progress/${job}`)).body).toMatchObject({
      status: 'cancelled',
      progress_current: 4,
      progress_total: 30,
      error_count: 0,
    });
    expect((await ask('GET', `/lists/${id}`)).body.states).toMatchObject({ ready: 4, pending: 26, failed: 0 });
    expect(model.questions).toHaveLength(8);

    const { events } = (await ask('GET', `/jobs/${job}/progress-history`)).body;
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'progress')).toEqual([
      'created',
      'started',
      'paused',
      'resumed',
      'cancelled',
    ]);
    await live.upTo(job, events.length);
    expect(live.events(job)).toEqual(events);

    // What was left is the work of the next job.
    const next = await ask('POST', `/lists/${id}/process`, {});
    expect(next).toMatchObject({ status: 201, body: { total: 26 } });
    await untilOver(desk.app.url, next.body.id, 300_000);
    expect((await ask('GET', `/lists/${id}`)).body.states).toMatchObject({ ready: 30, pending: 0 });
  });

  test('an older one is neither retried nor resumed beside another of its list, nor for a list that was deleted', async () => {
    await using desk = await house(engine, { DAYBOOK_RETRIES: '0' });
    const { ask, model } = desk;
    const { id } = (await ask('POST', '/lists', { name: 'Guitar', fields })).body;
    await ask('POST', `/lists/${id}/videos`, { urls: someIds(4) });
    model.faults.order('ask', { answer: 400, body: { error: { message: 'No.' } } });
    const older = (await ask('POST', `/lists/${id}/process`, {})).body.id;
    await untilOver(desk.app.url, older, 300_000);
    model.faults.mend();
    const gate = Promise.withResolvers<undefined>();
    model.script.answer = () => gate.promise;
    const wish = { what: 'videos', seqs: [1, 2, 3, 4] };
    const newer = (await ask('POST', `/lists/${id}/process`, { wish })).body.id;
    const jobOfList = async () => (await ask('GET', `/lists/${id}`)).body.job?.id;

    const beside = await ask('POST', `/jobs/${older}/retry`);
    expect(beside).toMatchObject({ status: 409, body: { code: 'job_running' } });
    expect(beside.body.detail).toContain('This list is being processed already (the job is ');
    expect(await jobOfList()).toBe(newer);
    // The one that is under way may be paused and resumed.
    await ask('POST', `/jobs/${newer}/pause`);
    expect(await ask('POST', `/jobs/${older}/retry`)).toMatchObject({ body: { code: 'job_running' } });
    expect(await ask('POST', `/jobs/${newer}/resume`)).toMatchObject({ status: 200 });
    gate.resolve(undefined);
    await untilOver(desk.app.url, newer, 300_000);

    await ask('DELETE', `/lists/${id}`);
    const { version } = (await ask('GET', '/lists?deleted=true')).body.items[0] ?? {};
    expect(await ask('POST', `/jobs/${older}/retry`)).toMatchObject({
      status: 409,
      body: {
        code: 'list_deleted',
        detail: 'The list of this job was deleted. Bring it back first.',
      },
    });
    expect((await ask('GET', '/lists?deleted=true')).body.items[0]?.version).toBe(version);
    await ask('POST', `/lists/${id}/restore`);
    const asked = model.questions.length;
    expect(await ask('POST', `/jobs/${older}/retry`)).toMatchObject({ status: 200 });
    // From now on it is the job of the list: another waits for it, and so does the end of the list.
    expect(await jobOfList()).toBe(older);
    await untilOver(desk.app.url, older, 300_000);
    expect(model.questions.length - asked).toBe(4);
  });

  test('is followed, refused and retried over HTTP exactly as an import is', async () => {
    await using desk = await house(engine, {});
    const { ask, model, app } = desk;
    await using live = await listen(app);
    await using folder = await temporaryFolder();
    await manyPhotos(folder.path, 2);
    await writeFile(path.join(folder.path, 'notes.jpg'), 'these are no pixels');
    const refuse = () => model.faults.order('ask', { answer: 400, body: { error: { message: 'No.' } } }, 1);

    const { id } = (await ask('POST', '/lists', { name: 'Guitar', fields })).body;
    await ask('POST', `/lists/${id}/videos`, { urls: someIds(3) });
    refuse();
    const enriching = (await ask('POST', `/lists/${id}/process`, {})).body.id;
    const ofVideos = await storyOf(enriching, refuse);
    const importing = (await ask('POST', '/imports', { paths: [folder.path] })).body.id;
    const ofPhotos = await storyOf(importing, () => {});
    expect(ofVideos).toEqual(ofPhotos);
    expect(ofVideos).toMatchObject({
      ended: { status: 'completed_with_errors', done: 2, failed: 1 },
      refusals: ['job_not_pausable', 'job_not_resumable', 'job_not_cancellable'],
      retried: { status: 200, body: { status: 'running', done: 2, failed: 0, completed_at: null } },
    });

    /** Of a job with three items, of which one fails and fails again when it is retried: what is told that the kind has no part in. */
    async function storyOf(job: string, beforeRetry: () => void) {
      await untilOver(desk.app.url, job, 300_000);
      const ended = countsOf((await ask('GET', `/jobs/${job}`)).body);
      const refusals = [];
      for (const command of ['pause', 'resume', 'cancel']) {
        refusals.push((await ask('POST', `/jobs/${job}/${command}`)).body.code);
      }
      beforeRetry();
      const { status, body } = await ask('POST', `/jobs/${job}/retry`);
      await untilOver(desk.app.url, job, 300_000);
      const { summary, ...progress } = (await ask('GET', `/progress/${job}`)).body;
      const { events } = (await ask('GET', `/jobs/${job}/progress-history`)).body;
      await live.upTo(job, events.length);
      expect(live.events(job)).toEqual(events);
      return {
        ended,
        refusals,
        retried: { status, body: countsOf(body) },
        endedAgain: countsOf((await ask('GET', `/jobs/${job}`)).body),
        progress: Object.keys(progress),
        has_summary: summary !== null,
        // How many items are written together is not the same each time.
        events: events
          .filter(({ kind }) => kind !== 'progress')
          .map(({ kind, data }) => [kind, Object.keys(data)]),
        progress_events: Object.keys(events.find(({ kind }) => kind === 'progress')?.data ?? {}),
      };
    }
  });
});

function countsOf({ status, done, failed, completed_at }: Body) {
  return { status, done, failed, completed_at: completed_at && 'some time' };
}

/** What `/api/live` tells from now on. */
async function listen(app: RunningApp) {
  const told = new Map<string, JobEvent[]>();
  const ready = Promise.withResolvers<void>();
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/live`);
  socket.addEventListener('open', () => socket.send('{}'));
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as LiveMessage;
    if (message.say === 'ready') ready.resolve();
    if (message.say === 'events') told.getOrInsert(message.job.id, []).push(...message.events);
  });
  await ready.promise;
  const events = (job: string): readonly JobEvent[] => told.get(job) ?? [];
  return {
    events,
    /** Resolves when so many events of the job came. */
    async upTo(job: string, count: number): Promise<void> {
      while (events(job).length < count) await sleep(10);
    },
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}

/** As the next day would. Resolves to the units that had been counted. */
async function forgetQuota(database: DatabaseAddress): Promise<number> {
  await using opened = await openDatabase(database);
  const gone = await opened.db.deleteFrom('quota_use').returning('units').execute();
  return gone.reduce((sum, { units }) => sum + units, 0);
}

/** The attempts that the item of each video took, by the id of the video. */
async function attemptsOf(database: DatabaseAddress): Promise<Map<string, number>> {
  await using opened = await openDatabase(database);
  const items = await opened.db.selectFrom('job_items').select(['key', 'attempt']).execute();
  const videos = await opened.db.selectFrom('saved_videos').select(['seq', 'youtube_id']).execute();
  const bySeq = new Map(items.map(({ key, attempt }) => [Number(key), attempt]));
  return new Map(videos.map(({ seq, youtube_id }) => [youtube_id, bySeq.get(seq) ?? 0]));
}

/** What does not agree with each of the 2,000 videos having been settled once, by every count that is kept of it. */
async function unsettled(database: DatabaseAddress): Promise<string[]> {
  await using opened = await openDatabase(database);
  const { db } = opened;
  const problems = await unsoundJobs(db);
  const events = await db.selectFrom('job_events').select(['kind', 'data_json']).orderBy('seq').execute();
  const finished = events
    .filter(({ kind }) => kind === 'progress')
    .map(({ data_json }) => (JSON.parse(data_json) as { done: number }).done);
  if (finished.some((done, nth) => done <= (finished[nth - 1] ?? 0))) problems.push('progress stood still');
  if (finished.at(-1) !== 2000) problems.push(`the events tell of ${finished.at(-1)} videos`);
  const values = await db.selectFrom('field_values').select('seq').execute();
  if (values.length !== 3800) problems.push(`${values.length} values`);
  const processed = await db.selectFrom('saved_videos').select('processed_at').execute();
  const missed = processed.filter(({ processed_at }) => processed_at === null).length;
  if (missed > 0) problems.push(`${missed} videos were not processed`);
  const use = await db.selectFrom('model_use').select(['videos', 'calls', 'cells']).execute();
  const counted = use.map(({ videos, calls, cells }) => `${videos} videos, ${calls} calls, ${cells} cells`);
  if (counted.join() !== '1900 videos, 1900 calls, 3800 cells') problems.push(`counted: ${counted.join()}`);
  return problems;
}
