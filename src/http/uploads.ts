import { Server } from '@tus/server';
import type { FastifyInstance } from 'fastify';
import { checkUpload, UploadStore } from '#library/upload-store.ts';
import type { RequestContext } from './context.ts';

/**
 * Resumable uploads by tus 1.0 at `/api/uploads`. Metadata: `filename`, `relative_path` (folders inside what was
 * dropped), `modified_at` (ISO instant). The last part of an upload's address is its id, as `POST /api/imports`
 * wants it.
 */
export function serveUploads(
  server: FastifyInstance,
  context: RequestContext,
  limits: { max_bytes: number },
): void {
  const store = new UploadStore(context.db, context.storage, context.owner);
  const tus = new Server({
    path: '/api/uploads',
    datastore: store,
    relativeLocation: true,
    allowedOrigins: [],
    maxSize: limits.max_bytes,
    async onUploadCreate(_request, upload) {
      checkUpload(upload);
      return {};
    },
    async onUploadFinish(_request, upload) {
      await store.finish(upload);
      return {};
    },
  });
  // The body goes to the store as it comes; Fastify must not gather it first.
  server.addContentTypeParser('application/offset+octet-stream', (_request, _body, done) => done(null));
  server.all('/api/uploads', (request, reply) => {
    reply.hijack();
    return tus.handle(request.raw, reply.raw);
  });
  server.all('/api/uploads/:id', (request, reply) => {
    reply.hijack();
    return tus.handle(request.raw, reply.raw);
  });
}
