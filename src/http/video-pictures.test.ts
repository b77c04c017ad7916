import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { onEachEngine } from '../../test/databases.ts';
import { enrichDesk } from '#saved-videos/enrich-fixture.ts';
import { idOf, owner } from '#saved-videos/fixture.ts';
import { addVideos } from '#saved-videos/videos/add-videos.ts';
import type { RequestContext } from './context.ts';
import { serveVideoPictures } from './video-pictures.ts';

onEachEngine('the picture of a video', (engine) => {
  test('is found by every number that a video may have, and by no other', async () => {
    await using desk = await enrichDesk(engine);
    const list = await desk.list(0);
    const last = 2 ** 31 - 1;
    await desk.db
      .updateTable('lists')
      .set({ last_seq: last - 1 })
      .where('id', '=', list.id)
      .execute();
    // Without a picture a sign stands for it.
    desk.youtube.tell(idOf(1), { is: 'gone' });
    await addVideos(desk.db, owner, list.id, [idOf(1)], null);
    await using server = Fastify();
    serveVideoPictures(server, { db: desk.db, owner, enrichment: desk.enrichment } as RequestContext);
    const answerTo = async (seq: string) =>
      (await server.inject(`/api/lists/${list.id}/videos/${seq}/thumbnail`)).body;
    expect(await answerTo(String(last))).toMatch(/^<svg/);
    for (const seq of [String(last + 1), '1', '0', '-1', '1.5', 'x']) {
      expect(await answerTo(seq)).toContain('There is no video of this number');
    }
  });
});
