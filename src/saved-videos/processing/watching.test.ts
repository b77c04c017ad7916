import { expect, test } from 'vitest';
import { onEachEngine } from '../../../test/databases.ts';
import { someIds } from '../../../test/stand-ins/youtube.ts';
import { enrichDesk } from '#saved-videos/enrich-fixture.ts';

onEachEngine('watching', (engine) => {
  const [short, long, live] = someIds(3) as [string, string, string];

  test('Gemini watches what the list allows, what is there, and what is no longer than the limit', async () => {
    await using desk = await enrichDesk(engine);
    desk.youtube.tell(short, { seconds: 3600 });
    desk.youtube.tell(long, { seconds: 3601 });
    desk.youtube.tell(live, { is: 'live' });
    const ids = [short, long, live];
    await desk.process((await desk.list(ids, { watch_videos: true })).id);
    const watched = desk.model.questions.flatMap(({ watch }) => (watch === null ? [] : [watch]));
    expect(desk.model.questions).toHaveLength(3);
    expect(watched).toEqual([`https://www.youtube.com/watch?v=${short}`]);
    await desk.process((await desk.list(ids)).id);
    expect(desk.model.questions.slice(3).map(({ watch }) => watch)).toEqual([null, null, null]);
  });

  test('a video that it may not watch is judged by what is written about it', async () => {
    await using desk = await enrichDesk(engine);
    desk.youtube.tell(short, { seconds: 60 });
    const list = await desk.list([short], { watch_videos: true });
    const body = {
      error: { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' },
    };
    desk.model.faults.order('ask', { answer: 403, body }, 1);
    const job = await desk.process(list.id);
    expect(job).toMatchObject({ status: 'completed', done: 1 });
    expect(desk.model.questions.map(({ watch }) => watch !== null)).toEqual([true, false]);
    expect((await desk.items(job))[0]?.attempt).toBe(1);
  });

  test('what did not fit is asked again without watching again', async () => {
    await using desk = await enrichDesk(engine);
    desk.youtube.tell(short, { seconds: 60 });
    const list = await desk.list([short], { watch_videos: true });
    desk.model.script.answer = ({ watch }) => ({
      value: watch ? { f1: 'Expert', f2: [], f3: 1 } : { f1: 'Advanced' },
    });
    await desk.process(list.id);
    expect(desk.model.questions.map(({ watch }) => watch !== null)).toEqual([true, false]);
    expect(desk.model.questions[1]?.text).toContain('Expert');
  });
});
