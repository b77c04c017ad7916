/** The pictures of saved videos, from this server: the page asks YouTube for nothing. */
import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Seq } from '#contract/saved-videos.ts';
import { findList } from '#saved-videos/lists.ts';
import { noSuchVideo } from '#saved-videos/refused.ts';
import { videoOfPicture } from '#saved-videos/youtube/thumbnails.ts';
import type { RequestContext } from './context.ts';

type PictureRequest = FastifyRequest<{ Params: { id: string; seq: string } }>;

/** 320 × 180, as the pictures are: a play sign on grey that is seen on light and on dark. */
const placeholder =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><rect width="320" height="180" fill="#868e96" fill-opacity=".25"/><path d="M140 64v52l44-26z" fill="#868e96"/></svg>';

export function serveVideoPictures(server: FastifyInstance, context: RequestContext): void {
  server.get('/api/lists/:id/videos/:seq/thumbnail', async ({ params }: PictureRequest, reply) => {
    const seq = Seq.safeParse(Number(params.seq)).data;
    if (seq === undefined) throw noSuchVideo();
    await findList(context.db, context.owner, params.id);
    const { thumbnails } = context.enrichment;
    const video = await videoOfPicture(context.db, params.id, seq);
    // Nobody has a picture of what is not there any more, unless it was kept while it was.
    const isThere = video.state !== 'gone' && video.state !== 'private';
    const file = await (isThere ? thumbnails.keep(video.youtube_id) : thumbnails.kept(video.youtube_id));
    if (file === undefined) {
      return reply.type('image/svg+xml').header('cache-control', 'private, max-age=60').send(placeholder);
    }
    return reply
      .type('image/jpeg')
      .header('cache-control', 'private, max-age=86400')
      .send(await readFile(file));
  });
}
