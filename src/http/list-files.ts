/** Lists as files: imported from CSV and JSON, exported to both, streamed either way. */
import { Readable } from 'node:stream';
import { StandardBracketNotationSerializer } from '@orpc/openapi-client/standard';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImportOptions, VideoView, type ImportReport } from '#contract/saved-videos.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { exportCsv, exportJson } from '#saved-videos/files/export-file.ts';
import { importFile, type FileFormat } from '#saved-videos/files/import-file.ts';
import { FileTooLarge, spool } from '#saved-videos/files/spool.ts';
import { findList } from '#saved-videos/lists.ts';
import type { RequestContext } from './context.ts';
import { Refusal } from './problem.ts';

type ListRequest = FastifyRequest<{ Params: { id: string } }>;

/** 100,000 videos with long descriptions and many fields are about half of it. */
const largestFileBytes = 1_000_000_000;

const formats: Record<string, FileFormat> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'text/plain': 'csv',
  // What browsers say of a .csv on a computer with a spreadsheet.
  'application/vnd.ms-excel': 'csv',
  'application/json': 'json',
};

export async function serveListFiles(server: FastifyInstance, context: RequestContext): Promise<void> {
  await server.register(async (files) => {
    // The body is put aside as it comes; Fastify must not gather it first.
    files.removeAllContentTypeParsers();
    files.addContentTypeParser('*', (_request, _body, done) => done(null));

    files.post('/api/lists/:id/videos/import', (request: ListRequest) => receive(context, request));

    files.get('/api/lists/:id/export.csv', (request: ListRequest, reply) =>
      send(context, request, reply, { extension: 'csv', type: 'text/csv; charset=utf-8', write: exportCsv }),
    );

    files.get('/api/lists/:id/export.json', (request: ListRequest, reply) =>
      send(context, request, reply, { extension: 'json', type: 'application/json', write: exportJson }),
    );
  });
}

async function receive(context: RequestContext, request: ListRequest): Promise<ImportReport> {
  const options = read(ImportQuery, request);
  const format = formatOf(request);
  await findList(context.db, context.owner, request.params.id);
  await using file = await put(request, context.storage.listFiles);
  // Awaited here: the file must not be gone while it is read.
  return await importFile(context, request.params.id, file, format, options);
}

const flag = z.enum(['true', 'false']).optional();
const ImportQuery = z.strictObject({ create_fields: flag, overwrite: flag }).transform((given) =>
  ImportOptions.parse({
    create_fields: given.create_fields === 'true',
    overwrite: given.overwrite === 'true',
  }),
);

const brackets = new StandardBracketNotationSerializer();

/** The query of the address as the contract describes it. */
function read<Shape extends z.ZodType>(shape: Shape, request: FastifyRequest): z.output<Shape> {
  const { searchParams } = new URL(request.url, 'http://here');
  const read = shape.safeParse(brackets.deserialize([...searchParams]));
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || '(all)'}: ${message}`);
  throw new Refusal(400, 'invalid_input', faults.join('; '));
}

function formatOf(request: FastifyRequest): FileFormat {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const format = formats[type];
  if (format !== undefined) return format;
  throw new Refusal(415, 'not_a_list_file', 'Send a CSV file as text/csv, or a JSON file as application/json.');
}

async function put(request: FastifyRequest, folder: string) {
  try {
    return await spool(request.raw, folder, largestFileBytes);
  } catch (error) {
    if (error instanceof FileTooLarge) throw new Refusal(413, 'file_too_large', error.message);
    throw error;
  }
}

async function send(
  context: RequestContext,
  request: ListRequest,
  reply: FastifyReply,
  file: { extension: string; type: string; write: typeof exportCsv },
): Promise<FastifyReply> {
  const view = read(VideoView, request);
  const list = await findList(context.db, context.owner, request.params.id);
  const fields = await fieldsOfList(context.db, list.id);
  const seqs = await context.views.of(list, view);
  const name = encodeURIComponent(`${list.name.replaceAll(/[\\/:*?"<>|\r\n]/g, '_')}.${file.extension}`);
  return reply
    .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
    .header('cache-control', 'no-store')
    .type(file.type)
    .send(Readable.from(file.write(context.db, { list, fields, seqs })));
}
