/** The description of the API, from the contract; what is not in the contract (files, uploads) is added here. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import { contract } from '#contract/contract.ts';
import { ImportReport } from '#contract/saved-videos.ts';
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
  description.paths = { ...description.paths, ...filePaths };
  for (const path of Object.values(description.paths)) {
    for (const operation of Object.values(path ?? {})) {
      if (typeof operation === 'object' && 'responses' in operation) {
        operation.responses = { ...operation.responses, default: refusal };
      }
    }
  }
  return description;
}

const assetId = { name: 'id', in: 'path' as const, required: true, schema: { type: 'string' as const } };
const bytes = { schema: { type: 'string' as const, format: 'binary' } };

const csv = { schema: { type: 'string' as const } };
const { $schema: _, ...importReport } = z.toJSONSchema(ImportReport, { io: 'output' });

function queryFlag(name: string) {
  return { name, in: 'query' as const, schema: { type: 'boolean' as const } };
}

const filePaths = {
  '/lists/{id}/videos/import': {
    post: {
      tags: ['lists'],
      summary: 'Add the rows of a file, sent as the body; columns named like fields fill them',
      parameters: [assetId, queryFlag('create_fields'), queryFlag('overwrite')],
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
      summary: 'What a view shows, as a table that imports back; asked for as `/lists/{id}/videos` is',
      parameters: [assetId],
      responses: { 200: { description: 'The table', content: { 'text/csv': csv } } },
    },
  },
  '/lists/{id}/export.json': {
    get: {
      tags: ['lists'],
      summary: 'The same with descriptions, and with where every value came from',
      parameters: [assetId],
      responses: { 200: { description: 'The list', content: { 'application/json': csv } } },
    },
  },
  '/assets/{id}/thumbnail': {
    get: {
      tags: ['library'],
      summary: 'A small picture that fits 480 × 480; never changes',
      parameters: [assetId],
      responses: { 200: { description: 'The picture', content: { 'image/webp': bytes } } },
    },
  },
  '/assets/{id}/original': {
    get: {
      tags: ['library'],
      summary: 'The bytes as they were met; ranges are answered',
      parameters: [assetId],
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
      parameters: [assetId],
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
      responses: { 201: { description: 'Its address is in Location; the last part of it is its id' } },
    },
  },
};
