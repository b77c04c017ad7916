import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { limits } from '#contract/fields.ts';
import { idOf, listWith, orderOf, owner, sharedDatabase } from '#saved-videos/fixture.ts';
import { getList } from '#saved-videos/lists.ts';
import { addVideos } from './add-videos.ts';
import type { ExpandPlaylist } from './playlist.ts';
import { videosOfSeqs } from './video-rows.ts';

const gone: ExpandPlaylist = async () => ({ found: 'nothing', message: 'It is private.' });
const away: ExpandPlaylist = () => Promise.reject(new Error('YouTube does not answer.'));

onEachEngine('adding links', (engine) => {
  const opened = sharedDatabase(engine);

  test('counts what is added, here already and unreadable, with line and reason', async () => {
    const { db } = opened;
    const list = await listWith(db, { videos: 1, fields: [] });
    const lines = [
      `https://youtu.be/${idOf(2)}?t=90&si=tracking`,
      '',
      `https://www.youtube.com/watch?v=${idOf(1)}`,
      'not a link',
      idOf(2),
      'https://vimeo.com/1',
      `https://youtu.be/${idOf(3)} https://youtu.be/${idOf(4)}`,
    ];
    const report = await addVideos(db, owner, list.id, lines, null);
    expect(report).toMatchObject({ added: 3, already_here: 2, unreadable: 2, first_seq: 2 });
    expect(report.examples).toMatchObject([
      { line: 4, text: 'not a link', reason: 'not_a_link' },
      { line: 6, text: 'https://vimeo.com/1', reason: 'not_youtube' },
    ]);
    const videos = await videosOfSeqs(db, list.id, [], [1, 2, 3, 4]);
    expect(videos).toMatchObject([
      { seq: 1, youtube_id: idOf(1), start_seconds: null, state: 'pending', title: null, cells: {} },
      {
        seq: 2,
        youtube_id: idOf(2),
        start_seconds: 90,
        url: `https://www.youtube.com/watch?v=${idOf(2)}&t=90s`,
      },
      { seq: 3, youtube_id: idOf(3) },
      { seq: 4, youtube_id: idOf(4) },
    ]);
  });

  test('a video is once in a list, also when the same links come twice at the same time', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const other = await listWith(db, { fields: [] });
    const ids = Array.from({ length: 500 }, (_, nth) => idOf(nth));
    const reports = await Promise.all([1, 2, 3].map(() => addVideos(db, owner, list.id, ids, null)));
    expect(reports.reduce((sum, { added }) => sum + added, 0)).toBe(500);
    expect(await orderOf(db, list.id, {})).toEqual(ids.map((_, nth) => nth + 1));
    expect(await addVideos(db, owner, other.id, ids, null)).toMatchObject({ added: 500 });
  });

  test('shows the first hundred of what is unreadable, and counts the rest', async () => {
    const list = await listWith(opened.db, { fields: [] });
    const report = await addVideos(
      opened.db,
      owner,
      list.id,
      Array.from({ length: 250 }, () => 'x'.repeat(900)),
      null,
    );
    expect(report).toMatchObject({ added: 0, unreadable: 250, first_seq: null });
    expect(report.examples).toHaveLength(limits.unreadable_shown);
    expect(report.examples[0]?.text).toHaveLength(200);
  });

  test('a playlist needs the key; with it, it becomes its videos', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const playlist = 'https://www.youtube.com/playlist?list=PLx';
    const lines = [playlist, idOf(2)];
    const without = await addVideos(db, owner, list.id, lines, null);
    expect(without).toMatchObject({
      added: 1,
      unreadable: 1,
      examples: [{ line: 1, reason: 'playlist_needs_key' }],
    });

    const asked: string[] = [];
    const long: ExpandPlaylist = async (id) => {
      asked.push(id);
      return { found: 'videos', youtube_ids: [idOf(1), idOf(2), idOf(3)], cut_at: 3 };
    };
    expect(await addVideos(db, owner, list.id, lines, long)).toMatchObject({
      added: 2,
      already_here: 2,
      unreadable: 1,
      examples: [{ line: 1, reason: 'playlist_too_long' }],
    });
    expect(asked).toEqual(['PLx']);

    for (const [expand, message] of [
      [gone, 'It is private.'],
      [away, 'YouTube does not answer.'],
    ] as const) {
      expect(await addVideos(db, owner, list.id, [playlist, idOf(9)], expand)).toMatchObject({
        unreadable: 1,
        examples: [{ reason: 'playlist_unavailable', message }],
      });
    }
  });

  test('a playlist named thirty times is asked about once, also when it cannot be read', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const asked: string[] = [];
    const expand: ExpandPlaylist = async (id) => {
      asked.push(id);
      if (id === 'PLaway') throw new Error('YouTube does not answer.');
      return { found: 'videos', youtube_ids: [idOf(1), idOf(2)], cut_at: 2 };
    };
    const lines = ['PLx', 'PLaway'].flatMap((id) =>
      Array.from({ length: 30 }, () => `https://www.youtube.com/playlist?list=${id}`),
    );
    expect(await addVideos(db, owner, list.id, lines, expand)).toMatchObject({
      added: 2,
      already_here: 58,
      // That it is too long, once; that it cannot be read, for every line.
      unreadable: 31,
    });
    expect(asked).toEqual(['PLx', 'PLaway']);
  });

  test('what keeps YouTube from answering about one playlist keeps it from being asked about the others', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    let asked = 0;
    const expand: ExpandPlaylist = async (id) => {
      asked += 1;
      if (asked === 2) throw new Error('YouTube is asked too often.');
      return gone(id);
    };
    const lines = Array.from({ length: 300 }, (_, nth) => `https://www.youtube.com/playlist?list=PL${nth}`);
    const report = await addVideos(db, owner, list.id, lines, expand);
    expect(report.unreadable).toBe(300);
    expect(report.examples.slice(0, 3).map(({ message }) => message)).toEqual([
      'It is private.',
      'YouTube is asked too often.',
      'YouTube is asked too often.',
    ]);
    expect(asked).toBe(2);
  });

  test('one request asks about so many playlists, and no more', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    let asked = 0;
    const expand: ExpandPlaylist = async (id) => {
      asked += 1;
      return gone(id);
    };
    const lines = Array.from({ length: 300 }, (_, nth) => `https://www.youtube.com/playlist?list=PL${nth}`);
    expect(await addVideos(db, owner, list.id, lines, expand)).toMatchObject({ unreadable: 300 });
    expect(asked).toBe(limits.playlists_per_request);
  });

  test('all playlists of a request give no more videos than a list holds, and then no other is asked about', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    let asked = 0;
    const expand: ExpandPlaylist = async () => {
      asked += 1;
      // The same videos all over: the list itself has room.
      const youtube_ids = Array.from({ length: 100_000 }, (_, nth) => idOf(nth % 10));
      return { found: 'videos', youtube_ids, cut_at: null };
    };
    const lines = Array.from({ length: 20 }, (_, nth) => `https://www.youtube.com/playlist?list=PL${nth}`);
    const report = await addVideos(db, owner, list.id, lines, expand);
    expect(report).toMatchObject({ added: 10, already_here: limits.videos_per_list - 10, unreadable: 18 });
    expect(report.examples[0]).toMatchObject({ line: 3, reason: 'list_full' });
    expect(asked).toBe(3);
  });

  test('a full list takes no more, and says which came too late', async () => {
    const { db } = opened;
    const list = await listWith(db, { fields: [] });
    const most = limits.videos_per_list - 1;
    await sql`
      insert into saved_videos (list_id, seq, youtube_id, state, added_at, search_text)
      with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${sql.lit(most)})
      select ${list.id}, n, 'v' || n, 'pending', '', '' from counted`.execute(db);
    await db.updateTable('lists').set({ last_seq: most }).where('id', '=', list.id).execute();
    const late = [idOf(1), idOf(2), idOf(1)];
    expect(await addVideos(db, owner, list.id, late, null)).toMatchObject({
      added: 1,
      already_here: 1,
      unreadable: 1,
      examples: [{ line: 2, reason: 'list_full' }],
    });
    expect(await getList(db, owner, list.id)).toMatchObject({ videos: limits.videos_per_list });
  });
});
