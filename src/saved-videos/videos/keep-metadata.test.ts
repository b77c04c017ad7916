/** What is told of a video stays until something better is told. */
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import type { MetadataSource } from '#contract/words.ts';
import { idOf, listWith, now, orderOf, sharedDatabase, tell } from '#saved-videos/fixture.ts';
import { knownMetadata, writeMetadata, type Metadata } from './keep-metadata.ts';
import { videoOfSeq } from './video-rows.ts';

const whole: Metadata = {
  title: 'The best knots',
  channel: 'Ropes',
  description: 'Ten of them',
  duration_seconds: 754,
  published_at: '2020-01-02T00:00:00.000Z',
  thumbnail_url: 'https://i.ytimg.com/vi/video000001/hqdefault.jpg',
  language: 'de',
  live_state: 'none',
};
const nothing = Object.fromEntries(Object.keys(whole).map((name) => [name, null])) as Metadata;

onEachEngine('what is told of a video', (engine) => {
  const opened = sharedDatabase(engine);

  async function told(list: { id: string }, source: MetadataSource, given: Partial<Metadata>) {
    const { db } = opened;
    const video = { seq: 1, youtube_id: idOf(1), ...nothing, ...given, source, at: now.toISOString() };
    await db.transaction().execute(async (changes) => {
      await writeMetadata(changes, list.id, [video], await knownMetadata(changes, list.id, [1]));
    });
  }

  test.each([
    ['csv', 'oembed'],
    ['csv', 'youtube_api'],
    ['youtube_api', 'youtube_api'],
  ] as const)('by %s stays where %s does not tell it', async (first, then) => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1, fields: [] });
    await told(list, first, whole);
    await told(list, then, { title: ' ', channel: 'Knots' });
    expect(await videoOfSeq(db, list.id, 1)).toMatchObject({
      ...whole,
      channel: 'Knots',
      metadata_source: then,
    });
    // It is found by what it is called now, in either half.
    for (const text of ['best', 'knots', 'best knots'])
      expect(await orderOf(db, list.id, { text })).toEqual([1]);
    expect(await orderOf(db, list.id, { text: 'ropes' })).toEqual([]);
    const row = await db
      .selectFrom('saved_videos')
      .select(['title_key', 'channel_key'])
      .where('list_id', '=', list.id)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ title_key: 'the best knots', channel_key: 'knots' });
  });

  test('by a better source is left alone by a worse one, its gaps too', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1, fields: [] });
    await tell(db, list.id, 1, { ...whole, language: null });
    const before = await videoOfSeq(db, list.id, 1);
    await told(list, 'oembed', { ...whole, title: 'Another', description: 'Another', language: 'en' });
    expect(await videoOfSeq(db, list.id, 1)).toEqual(before);
  });

  test.each(['live', 'upcoming'] as const)('as %s has no length any more', async (live_state) => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1, fields: [] });
    await told(list, 'csv', whole);
    await told(list, 'youtube_api', { live_state });
    expect(await videoOfSeq(db, list.id, 1)).toMatchObject({ ...whole, live_state, duration_seconds: null });
  });
});
