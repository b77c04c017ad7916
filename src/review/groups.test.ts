import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../test/databases.ts';
import { addAssets, owner, rules, type Drawn } from '../../test/small-library.ts';
import { assetsOfGroup, reviewGroups } from './groups.ts';
import { makeDecision } from './make-decision.ts';
import { listTags } from './tags.ts';

const whatsapp: Drawn[] = Array.from({ length: 12 }, (_, index) => ({
  name: `IMG-20171218-WA00${10 + index}.jpg`,
  folder: '/photos/Chats',
}));
const undated: Drawn[] = Array.from({ length: 20 }, (_, index) => ({
  name: `scan${index}.jpg`,
  folder: '/photos/Scans',
}));
/** The camera's summer time was forgotten: one hour behind the satellites. */
const canon: Drawn[] = Array.from({ length: 5 }, (_, index) => ({
  name: `CRW_000${index}.jpg`,
  tags: {
    'EXIF:DateTimeOriginal': `2014:07:02 11:0${index}:00`,
    'GPS:GPSDateStamp': '2014:07:02',
    'GPS:GPSTimeStamp': `10:0${index}:00`,
  },
  gps: { latitude: 48.1, longitude: 11.5 },
  camera: { make: 'Canon', model: 'Canon PowerShot G2' },
}));
const sure: Drawn = {
  name: 'IMG_20140702_100000.jpg',
  tags: { 'EXIF:DateTimeOriginal': '2014:07:02 10:00:00' },
};

onEachEngine('the review queue', (engine) => {
  async function queue() {
    const { db, ...rest } = await testDatabase(engine);
    await addAssets(db, [...canon, ...undated, ...whatsapp, sure]);
    return { ...rest, db, place: { db, rules: rules() } };
  }

  test('what one action settles comes first; what needs its own look comes last, however many', async () => {
    await using it = await queue();
    const { total, groups } = await reviewGroups(it.db, owner, 100);
    expect(total).toBe(37);
    expect(groups.map(({ sentence }) => sentence)).toEqual([
      '12 from WhatsApp: the day is known, the time is not',
      '5 from Canon PowerShot G2: the camera’s clock is 1 h behind the GPS clock',
      '20: nothing says when',
    ]);
    expect(groups.map(({ proposal }) => proposal?.sentence)).toEqual([
      'Keep the day for all 12; no time is made up',
      'Take the GPS clock for all 5',
      undefined,
    ]);
    expect(groups[0]?.samples).toHaveLength(6);
  });

  test('a proposal settles its whole group in one call, and undo brings it back', async () => {
    await using it = await queue();
    for (const { key, proposal, count } of (await reviewGroups(it.db, owner, 2)).groups) {
      if (proposal === null || proposal.decision.kind !== 'accept') continue;
      const report = await makeDecision(it.place, owner, { filter: { doubt: key } }, { kind: 'accept' });
      expect(report).toMatchObject({ changed: count });
    }
    expect((await reviewGroups(it.db, owner, 100)).total).toBe(25);
  });

  test('a group is read a page at a time, each asset once, oldest first', async () => {
    await using it = await queue();
    const key = (await reviewGroups(it.db, owner, 1)).groups[0]?.key ?? '';
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await assetsOfGroup(it.db, owner, key, { limit: 5, cursor });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(whatsapp.map(({ name }) => name));
  });

  test('tags are completed, the most used first; no character is wild', async () => {
    await using it = await queue();
    expect(await listTags(it.db, owner, { prefix: '', limit: 10 })).toEqual({
      items: [
        { tag: 'scans', count: 20 },
        { tag: 'chats', count: 12 },
      ],
    });
    expect((await listTags(it.db, owner, { prefix: 'CH', limit: 10 })).items).toHaveLength(1);
    expect((await listTags(it.db, owner, { prefix: '%', limit: 10 })).items).toEqual([]);
    expect((await listTags(it.db, 'someone else', { prefix: '', limit: 10 })).items).toEqual([]);
  });
});
