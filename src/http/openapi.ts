/** The description of the API, from the contract; what is not in the contract (files, uploads) is added here. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import { contract } from '#contract/contract.ts';
import { ImportReport, VideoView } from '#contract/saved-videos.ts';
import { Problem } from '#contract/problem.ts';

type Description = Awaited<ReturnType<OpenAPIGenerator['generate']>>;

const refusal = {
  description: 'A refusal: what was expected, what came, what to do (RFC 9457).',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

export async function describeApi(version: string): Promise<Description> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const description = await generator.generate(contract, {
    info: {
      title: 'Daybook',
      version,
      description:
        'Errors are problem documents (RFC 9457). Uploads follow tus 1.0 (https://tus.io) at `/api/uploads`; events of all jobs come over a WebSocket at `/api/live`.',
    },
    servers: [{ url: '/api' }],
  });
  const { $schema: _, ...problemSchema } = z.toJSONSchema(Problem, { io: 'output' });
  description.components = {
    ...description.components,
    schemas: { ...description.components?.schemas, Problem: problemSchema as never },
  };
  description.paths = { ...description.paths, ...filePaths(description) };
  for (const path of Object.values(description.paths)) {
    for (const operation of Object.values(path ?? {})) {
      if (typeof operation === 'object' && 'responses' in operation) {
        operation.responses = { ...operation.responses, default: refusal };
      }
    }
  }
  return description;
}

const id = { name: 'id', in: 'path' as const, required: true, schema: { type: 'string' as const } };
const bytes = { schema: { type: 'string' as const, format: 'binary' } };

const csv = { schema: { type: 'string' as const } };
const { $schema: _, ...importReport } = z.toJSONSchema(ImportReport, { io: 'output' });

function queryFlag(name: string) {
  return { name, in: 'query' as const, schema: { type: 'boolean' as const } };
}

/** The header that a client of tus 1.0 sends with every request. */
const tusVersion = {
  name: 'Tus-Resumable',
  in: 'header' as const,
  required: true,
  schema: { const: '1.0.0' } as never,
};

const parametersOf = ({ paths }: Description, path: string) => paths?.[path]?.get?.parameters ?? [];
/** An export has all of a view: no offset and no limit. */
const viewOf = (described: Description) =>
  parametersOf(described, '/lists/{id}/videos').filter(
    (asked) => 'name' in asked && (asked.name === 'id' || asked.name in VideoView.shape),
  );

/** What the server answers beside the contract. */
const filePaths = (described: Description) => ({
  '/lists/{id}/videos/import': {
    post: {
      tags: ['lists'],
      summary: 'Add the rows of a file, sent as the body; columns named like fields fill them',
      parameters: [id, queryFlag('create_fields'), queryFlag('overwrite')],
      requestBody: { required: true, content: { 'text/csv': csv, 'application/json': csv } },
      responses: {
        200: {
          description: 'What became of the rows',
          content: { 'application/json': { schema: importReport as never } },
        },
      },
    },
  },
  '/lists/{id}/export.csv': {
    get: {
      tags: ['lists'],
      summary: 'What a view shows, as a table that imports back',
      parameters: viewOf(described),
      responses: { 200: { description: 'The table', content: { 'text/csv': csv } } },
    },
  },
  '/lists/{id}/export.json': {
    get: {
      tags: ['lists'],
      summary: 'The same with descriptions, and with where every value came from',
      parameters: viewOf(described),
      responses: { 200: { description: 'The list', content: { 'application/json': csv } } },
    },
  },
  '/lists/{id}/videos/{seq}/thumbnail': {
    get: {
      tags: ['lists'],
      summary: 'The picture of a video, 320 × 180, kept by the server; a grey one where there is none',
      parameters: parametersOf(described, '/lists/{id}/videos/{seq}'),
      responses: {
        200: { description: 'The picture', content: { 'image/jpeg': bytes, 'image/svg+xml': bytes } },
      },
    },
  },
  '/downloads/{id}': {
    get: {
      tags: ['exports'],
      summary: 'The zip that was prepared, once; its address came with that',
      parameters: [id],
      responses: { 200: { description: 'The zip', content: { 'application/zip': bytes } } },
    },
  },
  '/assets/{id}/thumbnail': {
    get: {
      tags: ['library'],
      summary: 'A small picture that fits 480 × 480; never changes',
      parameters: [id],
      responses: { 200: { description: 'The picture', content: { 'image/webp': bytes } } },
    },
  },
  '/assets/{id}/original': {
    get: {
      tags: ['library'],
      summary: 'The bytes as they were met; ranges are answered',
      parameters: [id],
      responses: {
        200: { description: 'All of it', content: { '*/*': bytes } },
        206: { description: 'The part that was asked for', content: { '*/*': bytes } },
      },
    },
  },
  '/exports/{id}/plan.csv': {
    get: {
      tags: ['exports'],
      summary: 'Every line of a plan as a table',
      parameters: [id],
      responses: {
        200: { description: 'The table', content: { 'text/csv': { schema: { type: 'string' as const } } } },
      },
    },
  },
  '/uploads': {
    post: {
      tags: ['imports'],
      summary:
        'Begin a resumable upload (tus 1.0): Upload-Length, Upload-Metadata with filename, relative_path, modified_at',
      parameters: [tusVersion],
      responses: { 201: { description: 'Its address is in Location; the last part of it is its id' } },
    },
  },
  '/uploads/{id}': {
    head: {
      tags: ['imports'],
      summary: 'How much of an upload has arrived',
      parameters: [id, tusVersion],
      responses: { 200: { description: 'Upload-Offset says it, Upload-Length of how much' } },
    },
    patch: {
      tags: ['imports'],
      summary: 'Send the rest of an upload, or a part of it',
      parameters: [
        id,
        tusVersion,
        { name: 'Upload-Offset', in: 'header' as const, required: true, schema: { type: 'integer' as const } },
      ],
      requestBody: { required: true, content: { 'application/offset+octet-stream': bytes } },
      responses: { 204: { description: 'Upload-Offset says how much has arrived now' } },
    },
    delete: {
      tags: ['imports'],
      summary: 'Forget an upload that no job imports',
      parameters: [id, tusVersion],
      responses: { 204: { description: 'It is gone' } },
    },
  },
});
