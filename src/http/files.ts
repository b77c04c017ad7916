/** The bytes of assets: thumbnails and originals, with ranges. */
import path from 'node:path';
import { send } from '@fastify/send';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findAssetBytes, type AssetBytes } from '#library/asset.ts';
import { findOriginal } from '#library/find-original.ts';
import type { RequestContext } from './context.ts';
import { Refusal } from './problem.ts';

type AssetRequest = FastifyRequest<{ Params: { id: string } }>;

export function serveFiles(server: FastifyInstance, context: RequestContext): void {
  server.get('/api/assets/:id/thumbnail', async (request: AssetRequest, reply) => {
    const asset = await bytesOf(context, request.params.id);
    if (!asset.has_thumbnail) throw new Refusal(404, 'no_thumbnail', 'This asset has no thumbnail.');
    // The address names an asset and an asset is its bytes, so the picture behind it never changes.
    reply.header('cache-control', 'private, max-age=31536000, immutable');
    return sendFile(request, reply, context.storage.thumbnailPath(asset.sha256), 'image/webp');
  });

  server.get('/api/assets/:id/original', async (request: AssetRequest, reply) => {
    const asset = await bytesOf(context, request.params.id);
    const file = await findOriginal(context.storage, asset);
    if (file === undefined) {
      throw new Refusal(
        410,
        'original_gone',
        'The file is no longer where it was met, or was changed since. Connect its disk, or import it again from its new place.',
      );
    }
    reply.header('cache-control', 'private, no-cache');
    const inline = /^(image|video)\//.test(asset.mime_type) && asset.mime_type !== 'image/svg+xml';
    reply.header(
      'content-disposition',
      `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(asset.name)}`,
    );
    return sendFile(request, reply, file, asset.mime_type);
  });
}

async function bytesOf(context: RequestContext, id: string): Promise<AssetBytes> {
  const asset = await findAssetBytes(context.db, context.owner, id);
  if (asset === undefined) throw new Refusal(404, 'not_found', 'There is no asset of this id.');
  return asset;
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: string, type: string) {
  const sent = await send(request.raw, encodeURIComponent(path.basename(file)), {
    root: path.dirname(file),
    dotfiles: 'allow',
    cacheControl: false,
    index: false,
  });
  if (sent.type === 'error') {
    if (sent.statusCode === 404) {
      throw new Refusal(404, 'file_missing', 'The file is not where it was a moment ago.');
    }
    // A range or a condition of the request that this file does not meet; the headers say what it has.
    reply.headers(sent.headers);
    throw new Refusal(
      sent.statusCode,
      'range_or_condition',
      'The file has no such part, or is not as expected.',
    );
  }
  return reply
    .code(sent.statusCode)
    .headers({ ...sent.headers, 'content-type': type })
    .send(sent.stream);
}
