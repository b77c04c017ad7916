/** Every kind of job of the product, each loaded with its first item. */
import { databaseAddress, enrichmentOf, mediaToolsOptions, rulesOf, type App } from '#app.ts';
import type { JobSummary } from '#contract/job-summary.ts';
import { loadedWhenNeeded, type AnyJobKind } from '#jobs/kinds.ts';
import { ItemEnded, messageOf } from '#jobs/outcome.ts';
import type { MediaTools } from '#media/media-tools.ts';

export type WorkerKinds = { kinds: AnyJobKind[]; [Symbol.asyncDispose](): Promise<void> };

/** Dispose of it when nothing is worked any more. */
export function productKinds(app: App): WorkerKinds {
  const { config, db, ledger, storage } = app;
  const opened = new AsyncDisposableStack();
  const enrichment = enrichmentOf(app);
  let tools: Promise<MediaTools> | undefined;

  /** Without ExifTool every file would lose its dates, so a job waits until it runs. */
  async function mediaTools(): Promise<MediaTools> {
    try {
      return await (tools ??= openTools());
    } catch (cause) {
      tools = undefined;
      throw new ItemEnded({ outcome: 'stop_job', how: 'halt', reason: messageOf(cause) }, { cause });
    }
  }

  async function openTools(): Promise<MediaTools> {
    const { openMediaTools } = await import('#media/media-tools.ts');
    return opened.use(await openMediaTools(mediaToolsOptions(config)));
  }

  const exportParts = async () => ({ db, storage, tools: await mediaTools() });

  return {
    kinds: [
      loadedWhenNeeded({ name: 'import' satisfies Kind }, async () => {
        // ExifTool starts while the rest is read.
        const opening = mediaTools();
        const [{ importJobKind }, tools] = await Promise.all([import('#library/import-kind.ts'), opening]);
        return importJobKind({ db, storage, tools, rules: rulesOf(config) });
      }),
      loadedWhenNeeded({ name: 'redate' satisfies Kind }, async () => {
        const { redateJobKind } = await import('#review/redate-kind.ts');
        const { Threads } = await import('#review/threads.ts');
        const threads = opened.use(new Threads({ database: databaseAddress(config), most: config.workers }));
        return redateJobKind((wanted) => threads.ask('judge', wanted));
      }),
      loadedWhenNeeded({ name: 'enrich' satisfies Kind, atOnce: enrichment.atOnce }, async () =>
        (await import('#saved-videos/processing/enrich-kind.ts')).enrichJobKind(db, ledger, enrichment),
      ),
      loadedWhenNeeded({ name: 'export' satisfies Kind }, async () =>
        (await import('#export/write/export-kind.ts')).exportJobKind(await exportParts()),
      ),
      loadedWhenNeeded({ name: 'undo_export' satisfies Kind }, async () =>
        (await import('#export/undo/undo-kind.ts')).undoExportJobKind(await exportParts()),
      ),
      loadedWhenNeeded({ name: 'remove_sources' satisfies Kind }, async () =>
        (await import('#export/undo/remove-sources-kind.ts')).removeSourcesJobKind(await exportParts()),
      ),
    ],
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** Each has a summary, and the contract lists those. */
type Kind = JobSummary['kind'];
