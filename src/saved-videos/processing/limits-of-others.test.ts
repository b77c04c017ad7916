import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { geminiTooOften, modelKey } from '../../../test/stand-ins/model.ts';
import { youtubeKey } from '../../../test/stand-ins/youtube.ts';
import { nextPacificMidnight } from '#saved-videos/asking/pacific-day.ts';
import { enrichDesk } from '#saved-videos/enrich-fixture.ts';
import { owner } from '#saved-videos/fixture.ts';

onEachEngine('limits of those who are asked', (engine) => {
  test('a spent quota pauses the job until midnight in California, and no video fails', async () => {
    // Far from midnight, after which a spent quota may still be that of the day before.
    const today = nextPacificMidnight(new Date()).getTime() - 12 * 3_600_000;
    const began = Date.now();
    const now = () => new Date(today + Date.now() - began);
    await using desk = await enrichDesk(engine, { model: null, now, ledger: { now } });
    const list = await desk.list(120);
    desk.youtube.quota.limit = 1;
    const job = await desk.start(list.id);
    await using worker = await desk.work();
    const paused = await desk.until(job, 'paused');
    expect(paused).toMatchObject({
      failed: 0,
      resume_at: nextPacificMidnight(now()).toISOString(),
      status_reason: expect.stringContaining('quota of today is spent (YouTube says so)'),
    });
    expect(paused.done).toBeLessThanOrEqual(50);
    expect(desk.youtube.calls.videos).toHaveLength(2);
    // Whoever resumes it has YouTube asked once more, and is told the same.
    await desk.ledger.resume({ id: job.id, owner });
    worker.wake();
    while ((await desk.ledger.get({ id: job.id, owner })).status !== 'paused') await sleep(5);
    expect(desk.youtube.calls.videos).toHaveLength(3);

    // Or is not, where the project was given more.
    desk.youtube.quota.limit = Infinity;
    await desk.ledger.resume({ id: job.id, owner });
    worker.wake();
    // What was in hand before and says only now that it must stop does not pause it again.
    expect(await desk.until(job, 'paused', 'completed')).toMatchObject({
      status: 'completed',
      done: 120,
      failed: 0,
    });
    expect(desk.youtube.calls.videos.map((ids) => ids.length)).toEqual([50, 50, 50, 50, 20]);
    expect((await desk.items(job)).every(({ attempt }) => attempt === 1)).toBe(true);
  });

  test.each(['youtube', 'model'] as const)(
    'a wrong key of the %s halts the job at the third refusal, and no video fails',
    async (whose) => {
      const wrong = whose === 'youtube' ? { youtube: { key: 'wrong-key' } } : { model_key: 'wrong-key' };
      await using desk = await enrichDesk(engine, { ...wrong, settings: { calls_at_once: 1 } });
      const list = await desk.list(20);
      const job = await desk.start(list.id);
      {
        await using _ = await desk.work();
        const halted = await desk.until(job, 'halted');
        expect(halted).toMatchObject({ done: 0, failed: 0 });
        expect(halted.status_reason).toContain(whose === 'youtube' ? 'DAYBOOK_YOUTUBE_KEY' : 'DAYBOOK_AI_KEY');
        expect(halted.status_reason).toContain('no video was given up');
        expect(halted.status_reason).not.toContain('wrong-key');
      }
      const asked = whose === 'youtube' ? desk.youtube.calls.videos : desk.model.questions;
      expect(asked.length).toBeGreaterThanOrEqual(3);
      // One more only where the database took seconds to write the halt.
      expect(asked.length).toBeLessThanOrEqual(4);
      await desk.ledger.resume({ id: job.id, owner });
      await using _ = await desk.work({ youtube: { key: youtubeKey }, model_key: modelKey });
      expect(await desk.until(job)).toMatchObject({ status: 'completed', done: 20 });
      expect((await desk.items(job)).every(({ attempt }) => attempt === 1)).toBe(true);
    },
  );

  test('a job that is resumed at once after its halt asks anew', async () => {
    await using desk = await enrichDesk(engine, { settings: { calls_at_once: 4 } });
    const list = await desk.list(20);
    const body = { error: { code: 401, message: 'No.', status: 'UNAUTHENTICATED' } };
    desk.model.faults.order('ask', { answer: 401, body }, 4);
    const job = await desk.start(list.id);
    await using worker = await desk.work();
    await desk.until(job, 'halted');
    await desk.ledger.resume({ id: job.id, owner });
    worker.wake();
    const after = await desk.until(job, 'halted', 'completed');
    expect(after).toMatchObject({ status: 'completed', done: 20, failed: 0 });
  });

  test('a rate limit is waited out as long as it says, and costs no attempt', async () => {
    const settings = { calls_at_once: 1 };
    await using desk = await enrichDesk(engine, {
      model: 'openai-compatible',
      ledger: { retries: 0 },
      settings,
    });
    const list = await desk.list(6);
    const times: number[] = [];
    desk.model.script.answer = () => void times.push(Date.now());
    desk.model.faults.order('ask', { answer: 429, body: {}, headers: { 'retry-after': '2' } }, 1);
    const began = Date.now();
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'completed', done: 6, failed: 0 });
    expect(desk.model.questions).toHaveLength(7);
    // The others waited as well.
    expect(Math.min(...times)).toBeGreaterThanOrEqual(began + 2000);
    expect((await desk.items(job)).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('a model whose quota of the day is spent pauses the job until it is given anew', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(3);
    desk.model.faults.order('ask', geminiTooOften(20, 'GenerateRequestsPerDayPerProjectPerModel-FreeTier'));
    const midnight = nextPacificMidnight(new Date());
    const job = await desk.process(list.id, { what: 'pending' }, 'paused');
    expect(job.failed).toBe(0);
    // Where one has passed meanwhile, it is the next.
    expect([midnight, nextPacificMidnight(new Date())].map((at) => at.toISOString())).toContain(job.resume_at);
  });

  test('a service that wants to be left alone for long pauses the job until then', async () => {
    await using desk = await enrichDesk(engine, { model: null });
    const list = await desk.list(3);
    desk.youtube.faults.order('videos', { answer: 429, body: {}, headers: { 'retry-after': '3600' } });
    const before = Date.now();
    const job = await desk.process(list.id, { what: 'pending' }, 'paused');
    expect(Date.parse(job.resume_at ?? '')).toBeGreaterThan(before + 3_590_000);
    expect(job).toMatchObject({ failed: 0, status_reason: expect.stringContaining('too often') });
  });

  test('a service that is down pauses the job: no video is given up, and YouTube is not asked about each again', async () => {
    await using desk = await enrichDesk(engine, { ledger: { retry_delay_seconds: 60 } });
    const list = await desk.list(320);
    desk.model.faults.order('ask', { answer: 503, body: 'busy' });
    const job = await desk.start(list.id);
    await using worker = await desk.work();
    const paused = await desk.until(job, 'paused');
    expect(paused).toMatchObject({
      failed: 0,
      status_reason: expect.stringContaining('no video was given up'),
    });
    expect(Date.parse(paused.resume_at ?? '')).toBeGreaterThan(Date.now());
    desk.model.faults.mend();
    await desk.ledger.resume({ id: job.id, owner });
    worker.wake();
    while ((await desk.ledger.get({ id: job.id, owner })).done < 300) await sleep(5);
    expect(desk.youtube.calls.videos.map((ids) => ids.length)).toEqual([50, 50, 50, 50, 50, 50, 20]);
  });

  test('a picture that does not come holds no cancelling back', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(1);
    desk.youtube.faults.order('picture', { late_ms: 60_000 });
    const job = await desk.start(list.id);
    await using _ = await desk.work();
    while (desk.youtube.calls.videos.length === 0) await sleep(5);
    await desk.ledger.cancel({ id: job.id, owner });
    while ((await desk.items(job)).some(({ state }) => state === 'working')) await sleep(5);
    expect(desk.model.questions).toEqual([]);
    expect(desk.faults).toEqual([]);
  });

  test('who waited long for a limit asks whether the job is still to go on', async () => {
    await using desk = await enrichDesk(engine, {
      model: 'openai-compatible',
      settings: { calls_at_once: 1 },
    });
    const list = await desk.list(3);
    desk.model.faults.order('ask', { answer: 429, body: {}, headers: { 'retry-after': '3' } }, 1);
    const job = await desk.start(list.id);
    await using _ = await desk.work();
    while (desk.model.questions.length === 0) await sleep(5);
    await desk.ledger.pause({ id: job.id, owner });
    while ((await desk.items(job)).some(({ state }) => state === 'working')) await sleep(5);
    expect(desk.model.questions).toHaveLength(1);
  });

  test('trouble that passes is met with another try', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(2);
    desk.youtube.faults.order('videos', { cut: 'half way' }, 1);
    desk.model.faults.order('ask', { answer: 500, body: 'oops' }, 1);
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'completed', done: 2, failed: 0 });
    expect(await desk.enrichment.youtube.quota()).toMatchObject({
      used_units: desk.youtube.calls.videos.length,
    });
  });
});
