/** The HTTP process: the API under `/api`, uploads, files, and the page. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { SmartCoercionPlugin } from '@orpc/json-schema';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { ORPCError } from '@orpc/server';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import type { Problem } from '#contract/problem.ts';
import { Downloads } from '#export/download/download.ts';
import { assetsHandlers } from './assets.ts';
import type { RequestContext } from './context.ts';
import { decisionsHandlers } from './decisions.ts';
import { downloadsHandlers, serveDownloads } from './downloads.ts';
import { exportsHandlers, servePlans } from './exports.ts';
import { serveFiles } from './files.ts';
import { openGuard, stand } from './guard.ts';
import { healthHandler } from './health.ts';
import { importsHandlers } from './imports.ts';
import { jobsHandlers } from './jobs.ts';
import { serveListFiles } from './list-files.ts';
import { fieldsHandlers, listsHandlers, videosHandlers } from './lists.ts';
import { mayConnect, serveLive, usualLimits, type LiveLimits } from './live.ts';
import { describeApi } from './openapi.ts';
import { problemOf, Refusal } from './problem.ts';
import { processingHandlers, suggestHandler } from './processing.ts';
import { reviewHandlers } from './review.ts';
import { serveUploads } from './uploads.ts';
import { serveVideoPictures } from './video-pictures.ts';

const handlers = {
  jobs: jobsHandlers,
  assets: assetsHandlers,
  imports: importsHandlers,
  decisions: decisionsHandlers,
  review: reviewHandlers,
  exports: exportsHandlers,
  downloads: downloadsHandlers,
  lists: listsHandlers,
  fields: { ...fieldsHandlers, suggest: suggestHandler },
  videos: videosHandlers,
  processing: processingHandlers,
  health: healthHandler,
};

export type ServerOptions = {
  port: number;
  version: string;
  /** Folder of the built page. */
  page: string;
  max_upload_bytes: number;
  /** Left out: the usual ones. Tests wait for shorter ones. */
  live_limits?: LiveLimits;
  logger: Logger;
};

const bodyLimitBytes = 8 * 1024 * 1024;

const nothingHere = () => new Refusal(404, 'not_found', 'There is nothing at this address.');

/** Everything mounted, not yet listening. */
export async function buildServer(
  given: Omit<RequestContext, 'downloads'>,
  options: ServerOptions,
): Promise<FastifyInstance> {
  const context: RequestContext = { ...given, downloads: new Downloads() };
  const loggerInstance: FastifyBaseLogger = options.logger;
  const guard = openGuard(options.port);
  const server = Fastify({
    loggerInstance,
    bodyLimit: bodyLimitBytes,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors(error, _request, reply) {
      void refuse(error, reply);
    },
    forceCloseConnections: true,
    http: { shouldUpgradeCallback: (request) => mayConnect(request, guard) },
  });
  stand(guard, server);
  await server.register(helmet, { contentSecurityPolicy: pagePolicy, hsts: false });

  // JSON is all that the API reads: anything else is refused as such, and not as JSON that went wrong.
  server.removeContentTypeParser('text/plain');
  server.addHook('preValidation', refuseNul);
  server.setErrorHandler((error, request, reply) => {
    if (problemOf(error).status >= 500) request.log.error({ err: error, url: request.url }, 'request failed');
    return refuse(error, reply);
  });

  await serveLive(server, context, options.live_limits ?? usualLimits);
  serveFiles(server, context);
  serveVideoPictures(server, context);
  servePlans(server, context);
  serveDownloads(server, context);
  serveUploads(server, context, { max_bytes: options.max_upload_bytes });
  await serveListFiles(server, context);
  await serveContract(server, context, options);
  await servePage(server, options.page);
  return server;
}

function refuse(error: unknown, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

/** Behind an odd number of backslashes: two of them are one that was written. */
const nulInJson = /(?<!\\)(?:\\\\)*\\u0000/;

/** No name, id or word of ours holds one, and PostgreSQL cannot even be asked for it. */
async function refuseNul(request: FastifyRequest): Promise<void> {
  if (
    /%00/.test(request.url) ||
    (request.body !== undefined && nulInJson.test(JSON.stringify(request.body) ?? ''))
  ) {
    throw new Refusal(400, 'invalid_input', 'The request holds a NUL character, which no text here can have.');
  }
}

const pagePolicy = {
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    // Mantine writes its colour variables and sizes as inline styles.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    // The page is served over plain HTTP on this computer; there is nothing to upgrade to.
    upgradeInsecureRequests: null,
  },
};

async function serveContract(
  server: FastifyInstance,
  context: RequestContext,
  options: ServerOptions,
): Promise<void> {
  const converter = new ZodToJsonSchemaConverter();
  const handler = new OpenAPIHandler(handlers, {
    plugins: [new SmartCoercionPlugin({ schemaConverters: [converter] })],
    interceptors: [
      async (call) => {
        try {
          return await call.next();
        } catch (error) {
          const problem = problemOf(error);
          if (problem.status >= 500)
            options.logger.error({ err: error, url: call.request.url.pathname }, 'request failed');
          throw new ORPCError(problem.code, {
            status: problem.status,
            message: problem.detail,
            data: problem,
            cause: error,
          });
        }
      },
    ],
    customErrorResponseBodyEncoder: (error) => error.data as Problem,
  });

  const description = await describeApi(options.version);
  server.get('/api/openapi.json', async () => description);

  server.all('/api/*', async (request, reply) => {
    const { matched } = await handler.handle(request, reply, { prefix: '/api', context });
    if (!matched) throw nothingHere();
    return reply;
  });
  server.addHook('onSend', async (_request, reply) => {
    const type = String(reply.getHeader('content-type') ?? '');
    if (reply.statusCode >= 400 && type.startsWith('application/json')) reply.type('application/problem+json');
    // Answers tell the state of this moment; files set their own rule.
    if (type.startsWith('application/json')) reply.header('cache-control', 'no-store');
  });
}

/** The built page; every address that is not a file of it shows the page, which knows its own routes. */
async function servePage(server: FastifyInstance, page: string): Promise<void> {
  if (!existsSync(page)) return;
  await server.register(fastifyStatic, {
    root: page,
    cacheControl: false,
    setHeaders(reply, file) {
      const named = file.startsWith(path.join(page, 'assets') + path.sep); // by their content: they never change
      reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.setNotFoundHandler((request, reply) => {
    const isView = request.method === 'GET' || request.method === 'HEAD';
    if (!isView || /^\/(api|assets)(\/|$|\?)/.test(request.url)) throw nothingHere();
    return reply.sendFile('index.html');
  });
}
