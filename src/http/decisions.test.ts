/** Decisions over HTTP, on the running product: made in bulk, listed, undone, redone; dates read in free form. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Decision, DecisionReport, ParsedDate } from '#contract/decisions.ts';
import type { Job } from '#contract/jobs.ts';
import type { Asset, AssetTile, Timeline } from '#contract/library.ts';
import type { RulesTold } from '#contract/job-summary.ts';
import type { ReviewGroup } from '#contract/review.ts';
import type { Problem } from '#contract/problem.ts';
import { drawPhoto } from '../../test/fixtures/draw.ts';
import { untilOver } from '../../test/requests.ts';
import { startApp, type RunningApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

type Rules = Record<'settings' | 'in_force', RulesTold>;

let app: RunningApp;
let assets: AssetTile[];
const names = ['IMG-20171218-WA0028.png', 'IMG_20180704_091500.png', 'DSC_0001.png'];

beforeAll(async () => {
  app = await startApp();
  await using folder = await temporaryFolder();
  await mkdir(path.join(folder.path, 'Italy'));
  for (const [seed, name] of names.entries()) {
    const photo = await drawPhoto({ seed: seed + 1, width: 320, height: 200, format: 'png' });
    await writeFile(path.join(folder.path, 'Italy', name), photo);
  }
  const job = await ask<Job>('/api/imports', { paths: [folder.path] }, 201);
  await untilOver(app.url, job.id, 300_000);
  assets = await all();
});
afterAll(() => app[Symbol.asyncDispose]());

async function ask<Body>(address: string, body?: unknown, status = 200): Promise<Body> {
  const init: RequestInit = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const answer = await fetch(
    `${app.url}${address}`,
    body === undefined ? {} : { ...init, body: JSON.stringify(body) },
  );
  const told = (await answer.json()) as Body;
  expect(answer.status, JSON.stringify(told)).toBe(status);
  return told;
}

async function all(query = ''): Promise<AssetTile[]> {
  return (await ask<{ items: AssetTile[] }>(`/api/assets${query}`)).items;
}

const idOf = (name: string) => assets.find((asset) => asset.name === name)?.id ?? '';

test('folder names are tags, found by the filter', async () => {
  expect(await all('?tag=Italy')).toHaveLength(names.length);
  expect(await all('?tag=spain')).toEqual([]);
  const asset = await ask<Asset>(`/api/assets/${idOf('DSC_0001.png')}`);
  expect(asset.tags).toContainEqual({ tag: 'italy', source: 'folder' });
  expect(asset).toMatchObject({ review: 'open', reviewed_at: null });
});

test('a time in words is understood, kept and undone', async () => {
  const id = idOf('DSC_0001.png');
  const decision = { kind: 'set_time', text: 'june 2004' };
  const report = await ask<DecisionReport>('/api/decisions', { asset_ids: [id], decision });
  expect(report).toMatchObject({ matched: 1, changed: 1, left_alone: [] });
  const asset = await ask<Asset>(`/api/assets/${id}`);
  expect(asset.capture_time).toMatchObject({ local: '2004-06', precision: 'month', source: 'person' });
  expect(asset.review).toBe('accepted');
  const history = await ask<{ items: Decision[] }>(`/api/assets/${id}/decisions`);
  expect(history.items).toMatchObject([{ sentence: 'Set to June 2004', undone_at: null }]);
  await ask(`/api/decisions/${report.decision?.id}/undo`, {});
  expect((await ask<Asset>(`/api/assets/${id}`)).capture_time.local).not.toBe('2004-06');
  expect(await ask<Problem>(`/api/decisions/${report.decision?.id}/undo`, {}, 409)).toMatchObject({
    code: 'already_undone',
  });
  await ask('/api/decisions/redo', {});
  expect((await ask<Asset>(`/api/assets/${id}`)).capture_time.local).toBe('2004-06');
});

test('all in a filter are discarded and restored in one call each', async () => {
  const filter = { tag: 'italy' };
  const report = await ask<DecisionReport>('/api/decisions', { filter, decision: { kind: 'discard' } });
  expect(report).toMatchObject({ matched: names.length, changed: names.length });
  expect(await all()).toEqual([]);
  expect(await all('?review=discarded')).toHaveLength(names.length);
  expect(await ask<Timeline>('/api/assets/months')).toMatchObject({ total: 0, months: [] });
  const decision = { kind: 'restore' };
  await ask('/api/decisions', { filter: { review: 'discarded' }, decision });
  expect(await all()).toHaveLength(names.length);
});

test('other rules are tried by a job, and are in force once one applied them', async () => {
  const { settings, in_force } = await ask<Rules>('/api/rules');
  expect(in_force).toEqual(settings);
  const redate = async (wish: object) => {
    const { id } = await ask<Job>('/api/redate', wish, 201);
    return (await untilOver(app.url, id, 300_000)).summary;
  };
  expect(await redate({ dry_run: true, zone: 'Asia/Tokyo' })).toMatchObject({
    kind: 'redate',
    dry_run: true,
    assets: names.length,
    rules: { zone: 'Asia/Tokyo' },
  });
  expect(await ask<Rules>('/api/rules')).toEqual({ settings, in_force });
  await redate({ dry_run: false, zone: 'Asia/Tokyo' });
  expect(await ask<Rules>('/api/rules')).toEqual({ settings, in_force: { ...settings, zone: 'Asia/Tokyo' } });
  await redate({ dry_run: false, zone: settings.zone });
  expect(await ask<Problem>('/api/redate', { dry_run: true, zone: 'Mars' }, 422)).toMatchObject({
    code: 'zone_unknown',
  });
});

test('dates are read for a preview; what is ambiguous is shown twice and refused as a decision', async () => {
  const { readings } = await ask<ParsedDate>('/api/dates/parse', { text: '5/6/2019 3pm' });
  expect(readings.map(({ local }) => local)).toEqual(['2019-05-06T15:00', '2019-06-05T15:00']);
  const asset_ids = [idOf('DSC_0001.png')];
  const refused = (text: string) =>
    ask<Problem>('/api/decisions', { asset_ids, decision: { kind: 'set_time', text } }, 422);
  expect(await refused('5/6/2019 3pm')).toMatchObject({ code: 'date_ambiguous' });
  expect(await refused('some day')).toMatchObject({ code: 'date_not_understood' });
});

test('cameras are listed with their counts, for the filter', async () => {
  expect(await ask('/api/cameras')).toEqual({ items: [] });
  expect(await ask('/api/decisions/waiting')).toEqual({ assets: 0 });
});

test('the queue, clock corrections and tags are there', async () => {
  const { groups, total } = await ask<{ groups: ReviewGroup[]; total: number }>('/api/review/groups');
  expect(total).toBe(groups.reduce((sum, { count }) => sum + count, 0));
  const [group] = groups;
  const page = await ask<{ items: unknown[] }>(
    `/api/review/groups/${encodeURIComponent(group?.key ?? '')}/assets`,
  );
  expect(page.items).toHaveLength(group?.count ?? -1);
  expect(await ask('/api/clock-corrections')).toEqual({ items: [] });
  const wish = {
    camera: { make: null, model: 'none', serial: null },
    from: '2014',
    to: '2015',
    shift_seconds: 60,
  };
  expect(await ask('/api/clock-corrections', wish)).toMatchObject({ decision: null, matched: 0, changed: 0 });
  const zone = { clock: '+01:00', taken: 'Nowhere' };
  for (const [refused, code] of [
    [{ ...wish, zone }, 'zone_unknown'],
    [{ ...wish, shift_seconds: 0 }, 'nothing_to_shift'],
  ] as const) {
    expect(await ask('/api/clock-corrections', refused, 422)).toMatchObject({ code });
  }
  expect(await ask('/api/tags?prefix=it')).toEqual({ items: [{ tag: 'italy', count: names.length }] });
});

test.each([
  [{ decision: { kind: 'accept' } }, 400, 'invalid_input'],
  [{ asset_ids: ['a'], filter: {}, decision: { kind: 'accept' } }, 400, 'invalid_input'],
  [{ filter: {}, decision: { kind: 'shift', seconds: 0.5 } }, 400, 'invalid_input'],
  [{ filter: {}, decision: { kind: 'shift', seconds: 0 } }, 422, 'nothing_to_shift'],
  [{ filter: {}, decision: { kind: 'set_zone', zone: 'Mars/Base' } }, 422, 'zone_unknown'],
  [{ filter: {}, decision: { kind: 'tag', add: [] } }, 400, 'invalid_input'],
  [{ filter: {}, decision: { kind: 'accept', really: true } }, 400, 'invalid_input'],
])('%j is refused with %i %s', async (body, status, code) => {
  expect(await ask<Problem>('/api/decisions', body, status)).toMatchObject({ status, code });
});
