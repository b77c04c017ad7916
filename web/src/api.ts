/** Everything the page asks of the server, typed by the contract. No other file calls `fetch`. */
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { partialMatchKey, QueryCache, QueryClient } from '@tanstack/react-query';
import { contract } from '#contract/contract.ts';
import { Problem } from '#contract/problem.ts';
import { ImportReport, type ImportOptions } from '#contract/saved-videos.ts';

const address = `${window.location.origin}/api`;

/** The server said no, and why. `problem.detail` is a sentence for people. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** Nothing answered, or something that is not Daybook did. */
export class Unreachable extends Error {}

/** oRPC's link reads `application/problem+json` as a file, so refusals are taken out here, before it. */
async function fetchOrRefuse(request: Request, init: RequestInit): Promise<Response> {
  const response = await answerOf(request, init);
  if (response.ok) return response;
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (problem.success) throw new Refusal(problem.data);
  throw new Unreachable(`Daybook answered with the status ${response.status} and nothing that can be read.`);
}

async function answerOf(request: Request, init: RequestInit): Promise<Response> {
  try {
    return await fetch(request, init);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Unreachable('Daybook does not answer. Is it still running on this computer?', { cause: error });
  }
}

const link = new OpenAPILink(contract, { url: address, fetch: fetchOrRefuse });
const client: ContractRouterClient<typeof contract> = createORPCClient(link);

export const api = createTanstackQueryUtils(client);

/** Nothing answered when something was last asked for. */
let silent = false;

const queryCache = new QueryCache({
  onError(error, { queryKey }) {
    if (error instanceof Unreachable) silent = true;
    // Rows or a video that are not there: is their list, and which rows has it now?
    if (isGone(error) && partialMatchKey(queryKey, api.videos.key())) {
      void queryClient.invalidateQueries({ queryKey: api.lists.key() });
    }
  },
  onSuccess() {
    if (!silent) return;
    silent = false;
    // It is back: what could not be had meanwhile is asked for again, without waiting for a person.
    void queryClient.refetchQueries({
      type: 'active',
      predicate: ({ state }) => state.error instanceof Unreachable,
    });
  },
});

export const queryClient = new QueryClient({
  queryCache,
  defaultOptions: {
    queries: {
      // Daybook answers on this computer, or in this house, whatever the browser thinks of the internet.
      networkMode: 'always',
      // A refusal will be the same a second later; only silence is worth another try.
      retry: (failures, error) => !(error instanceof Refusal) && failures < 2,
      retryDelay: (failures) => 500 * 2 ** failures,
      staleTime: 2000,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** What was asked for, or changed, is not there, or no longer. */
export function isGone(error: unknown): boolean {
  return error instanceof Refusal && error.problem.status === 404;
}

/** One sentence for people: what happened, and what to do where that is known. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message;
  return 'Something failed that gave no reason.';
}

export const uploadsAddress = `${address}/uploads`;

/** Takes back an upload that no import has; one that is gone, or that a job works on by now, is left as it is. */
export async function discardUpload(id: string): Promise<void> {
  const request = new Request(`${uploadsAddress}/${encodeURIComponent(id)}`, {
    method: 'DELETE',
    headers: { 'Tus-Resumable': '1.0.0' },
  });
  const response = await answerOf(request, {});
  if (response.ok || [404, 409, 410].includes(response.status)) return;
  throw new Unreachable(`Daybook did not discard the upload; it answered with the status ${response.status}.`);
}

export function thumbnailOf(assetId: string): string {
  return `/api/assets/${encodeURIComponent(assetId)}/thumbnail`;
}

/** The whole plan of an export. */
export function planCsvOf(exportId: string): string {
  return `/api/exports/${encodeURIComponent(exportId)}/plan.csv`;
}

export function originalOf(assetId: string): string {
  return `/api/assets/${encodeURIComponent(assetId)}/original`;
}

/** The picture of a saved video, kept by this server. */
export function videoThumbnailOf(listId: string, seq: number): string {
  return `/api/lists/${encodeURIComponent(listId)}/videos/${seq}/thumbnail`;
}

/** A list as a file, as far as the view finds; `query` as the contract writes it. */
export function listFileOf(listId: string, format: 'csv' | 'json', query: string): string {
  return `/api/lists/${encodeURIComponent(listId)}/export.${format}?${query}`;
}

/** Streams a CSV or JSON file into a list. */
export async function importIntoList(
  listId: string,
  file: File,
  options: ImportOptions,
): Promise<ImportReport> {
  const type = file.name.toLowerCase().endsWith('.json') ? 'application/json' : 'text/csv';
  const query = new URLSearchParams({
    create_fields: String(options.create_fields),
    overwrite: String(options.overwrite),
  });
  const request = new Request(`${address}/lists/${encodeURIComponent(listId)}/videos/import?${query}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: file,
  });
  const response = await fetchOrRefuse(request, {});
  return ImportReport.parse(await response.json());
}
