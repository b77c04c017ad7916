import { expect, test } from 'vitest';
import type { Kysely } from 'kysely';
import { onEachEngine, testDatabase } from '../../../test/databases.ts';
import type { Fault as Ordered } from '../../../test/stand-ins/wire.ts';
import {
  apiError,
  someIds,
  spent,
  startYouTube,
  wrongKey,
  youtubeKey,
} from '../../../test/stand-ins/youtube.ts';
import type { Database } from '#db/schema.ts';
import { ApiFault, type Fault } from '#saved-videos/asking/api-fault.ts';
import { nextPacificMidnight } from '#saved-videos/asking/pacific-day.ts';
import { openYouTube, type YouTubeSettings } from './youtube.ts';

const signal = new AbortController().signal;
const asking = { signal, since: new Date(0) };
const one = 'dQw4w9WgXcQ';

async function desk(
  engine: 'sqlite' | 'postgres' = 'sqlite',
  settings: Partial<YouTubeSettings> = {},
  now?: () => Date,
) {
  const opened = new AsyncDisposableStack();
  const standIn = opened.use(await startYouTube());
  const { db } = opened.use(await testDatabase(engine));
  const open = (db: Kysely<Database>) =>
    openYouTube(db, { key: youtubeKey, url: standIn.url, limit_units: 10_000, country: '', ...settings }, now);
  return { standIn, db, youtube: open(db), [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function faultOf(asking: Promise<unknown>): Promise<ApiFault> {
  const error = await asking.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ApiFault)) throw new Error(`No fault, but ${String(error)}.`);
  return error;
}

test('fifty videos are one call, and the key goes in a header', async () => {
  await using test = await desk();
  const ids = someIds(50);
  const told = await test.youtube.videos(ids, asking);
  expect([...told.keys()]).toEqual(ids);
  expect(test.standIn.calls.videos).toEqual([ids]);
  expect(test.standIn.addresses.join(' ')).not.toContain(youtubeKey);
  await expect(test.youtube.videos(someIds(51), asking)).rejects.toThrow('At most 50 videos a call');
});

test('a video is told with all that the table shows', async () => {
  await using test = await desk();
  test.standIn.tell(one, {
    title: 'Tee & Toast',
    description: 'Langsam.',
    channel: 'Küche',
    seconds: 3723,
    language: 'pt-br',
  });
  const told = (await test.youtube.videos([one], asking)).get(one);
  expect(told).toEqual({
    state: 'ready',
    state_reason: null,
    metadata: {
      title: 'Tee & Toast',
      description: 'Langsam.',
      channel: 'Küche',
      duration_seconds: 3723,
      published_at: expect.stringMatching(/^20\d\d-\d\d-05T09:00:00\.000Z$/),
      thumbnail_url: `https://i.ytimg.com/vi/${one}/hqdefault.jpg`,
      language: 'pt-BR',
      live_state: 'none',
    },
  });
});

test('states are told with a sentence, and what is known stays with them', async () => {
  await using test = await desk('sqlite', { country: 'DE' });
  const [live, upcoming, down, blocked, allowed, nowhere, elsewhere, gone] = someIds(8) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  test.standIn.tell(live, { is: 'live' });
  test.standIn.tell(upcoming, { is: 'upcoming' });
  test.standIn.tell(down, { is: 'taken_down' });
  test.standIn.tell(blocked, { blocked: ['US', 'DE'] });
  test.standIn.tell(allowed, { allowed: ['US'] });
  test.standIn.tell(nowhere, { allowed: [] });
  test.standIn.tell(elsewhere, { blocked: ['US'] });
  test.standIn.tell(gone, { is: 'gone' });
  const told = await test.youtube.videos(someIds(8), asking);
  const state = (id: string) => [told.get(id)?.state, told.get(id)?.state_reason];
  expect(state(live)).toEqual(['live', 'It is on air.']);
  expect(told.get(live)?.metadata).toMatchObject({ duration_seconds: null, live_state: 'live' });
  expect(state(upcoming)).toEqual(['live', 'It is announced for 1 May 2031 at 18:00 UTC.']);
  expect(state(down)).toEqual(['gone', 'YouTube took it down (rejected).']);
  expect(state(blocked)).toEqual(['region_locked', 'It may not be watched in Germany.']);
  expect(state(allowed)).toEqual(['region_locked', 'It may not be watched in Germany.']);
  expect(state(nowhere)).toEqual(['region_locked', 'It may be watched in no country.']);
  expect(state(elsewhere)).toEqual(['ready', null]);
  expect(told.has(gone)).toBe(false);
  expect(told.get(nowhere)?.metadata?.title).toEqual(expect.any(String));
});

test('without a country what is locked somewhere is no more than noted', async () => {
  await using test = await desk();
  test.standIn.tell(one, { blocked: ['US'] });
  const told = (await test.youtube.videos([one], asking)).get(one);
  expect(told?.state).toBe('ready');
  expect(told?.state_reason).toContain('DAYBOOK_COUNTRY');
});

test('without a key a video is shown: title, channel and picture; private and gone are told apart', async () => {
  await using test = await desk('sqlite', { key: '' });
  test.standIn.tell('private0001', { is: 'private' });
  test.standIn.tell('gone0000001', { is: 'gone' });
  expect(test.youtube.hasKey).toBe(false);
  expect(test.youtube.expandPlaylist).toBeNull();
  expect(await test.youtube.shown(one, signal)).toMatchObject({
    state: 'ready',
    metadata: {
      title: expect.any(String),
      channel: expect.any(String),
      description: null,
      duration_seconds: null,
    },
  });
  expect(await test.youtube.shown('private0001', signal)).toMatchObject({ state: 'private', metadata: null });
  expect(await test.youtube.shown('gone0000001', signal)).toMatchObject({ state: 'gone', metadata: null });
  // As it once said it of a private video.
  test.standIn.faults.order('oembed', { answer: 200, body: 'Forbidden' }, 1);
  expect(await test.youtube.shown(one, signal)).toMatchObject({ state: 'private' });
  expect((await test.youtube.quota()).used_units).toBe(0);
});

const minute = new Date('2026-05-01T18:00:00.000Z');
const faults: [string, Ordered, Fault, RegExp][] = [
  [
    'a wrong key',
    { answer: 400, body: wrongKey().body },
    'setting_wrong',
    /refuses the key in DAYBOOK_YOUTUBE_KEY/,
  ],
  [
    'a key of old wording',
    { answer: 400, body: apiError(400, 'keyInvalid', 'Bad Request').body },
    'setting_wrong',
    /Set one/,
  ],
  [
    'an expired key',
    { answer: 400, body: apiError(400, 'badRequest', 'API key expired. Please renew the API key.').body },
    'setting_wrong',
    /has expired/,
  ],
  [
    'an API that is not switched on',
    { answer: 403, body: apiError(403, 'accessNotConfigured', 'Not used before.').body },
    'setting_wrong',
    /Switch that on/,
  ],
  [
    'a restricted key',
    { answer: 403, body: apiError(403, 'ipRefererBlocked', 'Blocked.').body },
    'setting_wrong',
    /restricted/,
  ],
  ['a spent quota', { answer: 403, body: spent().body }, 'quota_spent', /quota of today is spent/],
  [
    'a rate limit',
    { answer: 403, body: apiError(403, 'rateLimitExceeded', 'Slow down.').body },
    'rate_limited',
    /too often/,
  ],
  [
    'trouble over there',
    { answer: 503, body: '<html>Service Unavailable</html>' },
    'unavailable',
    /trouble of its own \(503\)/,
  ],
  ['a connection cut before the answer', { cut: 'at once' }, 'unavailable', /cannot be reached/],
  ['a connection cut in the answer', { cut: 'half way' }, 'unavailable', /cannot be reached/],
  [
    'a page of HTML',
    { answer: 200, body: '<!doctype html><title>Log in to the hotel network</title>' },
    'unreadable',
    /a page of HTML/,
  ],
  [
    'half a JSON',
    { answer: 200, body: '{"items": [', headers: { 'content-type': 'application/json' } },
    'unreadable',
    /is no JSON/,
  ],
  ['an answer without a list', { answer: 200, body: { items: 'none' } }, 'unreadable', /holds no list/],
  [
    'an answer of five megabytes',
    { answer: 200, body: { items: [], padding: 'x'.repeat(5_000_000) } },
    'unreadable',
    /larger than/,
  ],
  [
    'a way to somewhere else',
    { answer: 302, body: '', headers: { location: 'http://127.0.0.1:1/elsewhere' } },
    'setting_wrong',
    /not followed/,
  ],
  [
    'a bad request',
    { answer: 400, body: apiError(400, 'invalidFilters', 'Bad filters.').body },
    'refused',
    /Bad filters/,
  ],
];

test.each(faults)('%s is a fault of its own sort', async (_, ordered, fault, message) => {
  await using test = await desk();
  test.standIn.faults.order('videos', ordered, 1);
  const error = await faultOf(test.youtube.videos([one], asking));
  expect(error.fault).toBe(fault);
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain(youtubeKey);
  expect(error.cause).toBeUndefined();
  // It passes: the next call is answered.
  if (fault !== 'quota_spent') expect((await test.youtube.videos([one], asking)).size).toBe(1);
});

test('how long a rate limit lasts is heard in seconds, as a date, and as Google writes it', async () => {
  await using test = await desk('sqlite', {}, () => minute);
  const limited = (headers: Record<string, string>, body: unknown = '') =>
    test.standIn.faults.order('videos', { answer: 429, body, headers }, 1);
  const until = async () => (await faultOf(test.youtube.videos([one], asking))).until?.toISOString();
  limited({ 'retry-after': '17' });
  expect(await until()).toBe('2026-05-01T18:00:17.000Z');
  limited({ 'retry-after': 'Fri, 01 May 2026 18:01:00 GMT' });
  expect(await until()).toBe('2026-05-01T18:01:00.000Z');
  limited({}, { error: { code: 429, details: [{ retryDelay: '2.5s' }] } });
  expect(await until()).toBe('2026-05-01T18:00:02.500Z');
  limited({ 'retry-after': '99999999' });
  expect(await until()).toBe('2026-05-02T18:00:00.000Z');
  limited({ 'retry-after': 'soon' });
  expect(await until()).toBeUndefined();
});

function item(id: unknown, snippet: unknown) {
  return { id, snippet, contentDetails: { duration: 'P999999Y' } };
}

test('hostile answers: what is asked about is found in them, or nothing', async () => {
  await using test = await desk();
  const items = [
    null,
    'text',
    [],
    item(7, {}),
    item(one, {
      title: ['no', 'text'],
      description: 5,
      publishedAt: 'yesterday',
      defaultLanguage: '<b>',
      thumbnails: { high: { url: 'https://evil.example/x.jpg' } },
    }),
    item('otherVideo1', { title: 'Not asked about' }),
    { id: 'noSnippet01' },
    JSON.parse('{"id":"proto000001","snippet":{"__proto__":{"title":"x"}}}'),
  ];
  test.standIn.faults.order('videos', { answer: 200, body: { items } }, 1);
  const told = await test.youtube.videos([one, 'noSnippet01'], asking);
  expect([...told]).toEqual([
    [
      one,
      {
        state: 'ready',
        state_reason: null,
        metadata: {
          title: null,
          channel: null,
          description: null,
          duration_seconds: null,
          published_at: null,
          thumbnail_url: null,
          language: null,
          live_state: 'none',
        },
      },
    ],
  ]);
});

test('an answer that never comes ends with the signal, and a server that is not there is a fault', async () => {
  await using test = await desk();
  test.standIn.faults.order('videos', { late_ms: 60_000 }, 1);
  const stop = new AbortController();
  const asked = test.youtube.videos([one], { ...asking, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('The job was cancelled.')), 50);
  await expect(asked).rejects.toThrow('The job was cancelled.');

  const nobody = openYouTube(test.db, { key: 'k', url: 'http://127.0.0.1:1', limit_units: 10, country: '' });
  const error = await faultOf(nobody.videos([one], asking));
  expect([error.fault, error.message]).toEqual(['unavailable', expect.stringContaining('DAYBOOK_YOUTUBE_URL')]);
});

test('a playlist is read page by page; one that is not told about says so', async () => {
  await using test = await desk();
  const ids = someIds(120);
  test.standIn.playlist('PLmine', ids);
  const expand = test.youtube.expandPlaylist;
  expect(await expand?.('PLmine')).toEqual({ found: 'videos', youtube_ids: ids, cut_at: null });
  expect(test.standIn.calls.playlistItems).toHaveLength(3);
  expect(await expand?.('PLother')).toMatchObject({
    found: 'nothing',
    message: expect.stringContaining('private, gone'),
  });
  const forbidden = apiError(403, 'playlistItemsNotAccessible', 'Not accessible.');
  test.standIn.faults.order('playlistItems', { answer: 403, body: forbidden.body }, 1);
  expect(await expand?.('WL')).toMatchObject({ found: 'nothing' });
  test.standIn.faults.order('playlistItems', { cut: 'at once' }, 1);
  await expect(expand?.('PLmine')).rejects.toThrow('YouTube cannot be reached');
  expect((await test.youtube.quota()).used_units).toBe(6);
});

test('a playlist without end is cut', async () => {
  await using test = await desk();
  test.standIn.faults.order('playlistItems', {
    answer: 200,
    body: {
      items: [{ contentDetails: { videoId: one } }, { contentDetails: { videoId: '../../etc' } }],
      nextPageToken: 'again',
    },
  });
  const answer = await test.youtube.expandPlaylist?.('PLendless');
  expect(answer).toMatchObject({ found: 'videos', cut_at: 5000 });
  expect(answer?.found === 'videos' && new Set(answer.youtube_ids)).toEqual(new Set([one]));
  expect(test.standIn.calls.playlistItems).toHaveLength(100);
});

test('a picture is a JPEG or none', async () => {
  await using test = await desk();
  test.standIn.tell('gone0000001', { is: 'gone' });
  expect((await test.youtube.picture(one, signal))?.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  // YouTube sends a grey picture with its 404.
  expect(await test.youtube.picture('gone0000001', signal)).toBeUndefined();
  test.standIn.faults.order('picture', { answer: 200, body: '<script>alert(1)</script>' }, 1);
  expect(await test.youtube.picture(one, signal)).toBeUndefined();
  test.standIn.faults.order('picture', { answer: 200, body: Buffer.alloc(1_000_001, 0xff) }, 1);
  expect((await faultOf(test.youtube.picture(one, signal))).fault).toBe('unreadable');
  await expect(test.youtube.picture('../../../x', signal)).rejects.toThrow('Not the id of a video');
});

onEachEngine('what YouTube’s quota is used for', (engine) => {
  test('is counted call by call, also where the answer never came', async () => {
    await using test = await desk(engine);
    await test.youtube.videos(someIds(50), asking);
    await test.youtube.videos(someIds(3), asking);
    test.standIn.faults.order('videos', { cut: 'at once' }, 1);
    await faultOf(test.youtube.videos([one], asking));
    expect(await test.youtube.quota()).toMatchObject({ used_units: 3, left_units: 9997, exhausted: false });
  });

  test('ends where the setting says so, without another call', async () => {
    await using test = await desk(engine, { limit_units: 2 }, () => minute);
    await test.youtube.videos([one], asking);
    await test.youtube.videos([one], asking);
    const error = await faultOf(test.youtube.videos([one], asking));
    expect([error.fault, error.until]).toEqual(['quota_spent', nextPacificMidnight(minute)]);
    expect(error.message).toContain('2 units, DAYBOOK_YOUTUBE_QUOTA');
    expect(test.standIn.calls.videos).toHaveLength(2);
  });

  test('is never more than the setting allows, however many ask at once', async () => {
    await using test = await desk(engine, { limit_units: 3 });
    const asked = await Promise.allSettled(
      Array.from({ length: 12 }, () => test.youtube.videos([one], asking)),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(test.standIn.calls.videos).toHaveLength(3);
    expect(await test.youtube.quota()).toMatchObject({ used_units: 3, left_units: 0 });
  });

  test('ends where YouTube says so, for everybody who shares the database, until midnight in California', async () => {
    await using test = await desk(engine, {}, () => minute);
    test.standIn.quota.limit = 1;
    await test.youtube.videos([one], asking);
    expect((await faultOf(test.youtube.videos([one], asking))).until?.toISOString()).toBe(
      '2026-05-02T07:00:00.000Z',
    );
    const settings = { key: youtubeKey, url: test.standIn.url, limit_units: 10_000, country: '' };
    const other = openYouTube(test.db, settings, () => minute);
    expect((await faultOf(other.videos([one], asking))).fault).toBe('quota_spent');
    expect(test.standIn.calls.videos).toHaveLength(2);
    expect(await other.quota()).toMatchObject({ exhausted: true, left_units: 0, used_units: 2 });
  });

  test('a counter over there that still shows yesterday right after midnight does not cost the day', async () => {
    let justAfter = new Date('2026-05-02T07:01:00.000Z');
    await using test = await desk(engine, {}, () => justAfter);
    test.standIn.quota.limit = 0;
    const error = await faultOf(test.youtube.videos([one], asking));
    expect(error.until?.toISOString()).toBe('2026-05-02T07:11:00.000Z');
    justAfter = error.until as Date;
    test.standIn.quota.limit = Infinity;
    expect((await test.youtube.videos([one], asking)).size).toBe(1);
  });
});
