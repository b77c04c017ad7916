/**
 * A selection as a zip: asked for by the page, fetched by the browser's own download. The address holds no credential:
 * it names what was asked for, is of use once and only to its owner, and the guard lets no other site ask for it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { filesToZip, measureDownload } from '#export/download/download.ts';
import { zipStream } from '#export/download/zip.ts';
import { api, type RequestContext } from './context.ts';

export const downloadsHandlers = {
  create: api.downloads.create.handler(async ({ input, context }) => {
    const { asset_ids, filter = {} } = input;
    const which = asset_ids === undefined ? { filter } : { asset_ids };
    context.downloads.refuseMany();
    const measured = await measureDownload(context.db, context.owner, which);
    const id = context.downloads.add({ owner: context.owner, which, files: measured.files });
    return { url: `/api/downloads/${id}`, ...measured };
  }),
};

/** A browser that took nothing for so long was left alone: its place is for others. */
const longestStandstillMs = 15 * 60_000;

export function serveDownloads(server: FastifyInstance, context: RequestContext): void {
  server.get(
    '/api/downloads/:id',
    // Asking what it would be must not use it up.
    { exposeHeadRoute: false },
    async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const download = context.downloads.take(context.owner, request.params.id);
      const files = filesToZip(context, context.owner, download.which, context.export_template);
      const zip = zipStream(files);
      zip.once('close', () => download[Symbol.dispose]());
      zip.once('error', (error) => request.log.error({ err: error }, 'a download broke off'));
      reply.raw.setTimeout(longestStandstillMs, () => zip.destroy());
      reply.header('content-disposition', `attachment; filename="daybook-${download.files}-files.zip"`);
      reply.header('cache-control', 'no-store');
      return reply.type('application/zip').send(zip);
    },
  );
}
