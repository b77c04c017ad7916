/** The description of the API, from the contract; what is not in the contract (files, uploads) is added here. */
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import { contract } from '#contract/contract.ts';
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

const filePaths = {
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
