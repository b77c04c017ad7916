import { expect, test } from 'vitest';
import { someIds } from '../../../test/stand-ins/youtube.ts';
import { enrichDesk } from '#saved-videos/enrich-fixture.ts';

const [one, other] = someIds(2) as [string, string];

test('a picture is fetched once, however many ask for it, and then it is here', async () => {
  await using desk = await enrichDesk('sqlite');
  const { thumbnails } = desk.enrichment;
  expect(await thumbnails.kept(one)).toBeUndefined();
  expect(await Promise.all(Array.from({ length: 20 }, () => thumbnails.keep(one)))).toEqual(
    Array(20).fill(one),
  );
  expect(await thumbnails.keep(one)).toBe(one);
  expect(desk.youtube.calls.picture).toEqual([one]);
  expect(await thumbnails.kept(one)).toBe(one);
});

test('who has none is not asked for again at every look', async () => {
  await using desk = await enrichDesk('sqlite');
  desk.youtube.tell(one, { is: 'gone' });
  const { thumbnails } = desk.enrichment;
  expect(await thumbnails.keep(one)).toBeUndefined();
  expect(await thumbnails.keep(one)).toBeUndefined();
  expect(await thumbnails.keep(other)).toBe(other);
  expect(desk.youtube.calls.picture).toEqual([one, other]);
});

test('while nobody answers, nobody waits for each picture anew', async () => {
  await using desk = await enrichDesk('sqlite');
  desk.youtube.faults.order('picture', { cut: 'at once' });
  const { thumbnails } = desk.enrichment;
  expect(await thumbnails.keep(one)).toBeUndefined();
  expect(await thumbnails.keep(other)).toBeUndefined();
  expect(desk.youtube.calls.picture).toEqual([one]);
  expect(desk.pictures.size).toBe(0);
});

test('no more than a few are fetched at a time, and all are', async () => {
  await using desk = await enrichDesk('sqlite');
  const ids = someIds(60, 'many');
  await Promise.all(ids.map((id) => desk.enrichment.thumbnails.keep(id)));
  expect(new Set(desk.youtube.calls.picture)).toEqual(new Set(ids));
  expect(desk.pictures.size).toBe(60);
});
