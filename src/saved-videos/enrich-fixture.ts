/** A list, the stand-ins, and a worker in this process, for the tests of what a job finds out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '../../test/databases.ts';
import { modelKey, modelName, startModel } from '../../test/stand-ins/model.ts';
import { someIds, startYouTube, youtubeKey } from '../../test/stand-ins/youtube.ts';
import type { NewField } from '#contract/fields.ts';
import type { Job } from '#contract/jobs.ts';
import type { ProcessWish } from '#contract/processing.ts';
import type { JobStatus } from '#contract/words.ts';
import type { Engine } from '#db/database.ts';
import { usual } from '#jobs/fixture-effects.ts';
import { jobKinds } from '#jobs/kinds.ts';
import { openLedger, type LedgerOptions } from '#jobs/ledger.ts';
import { startWorker } from '#jobs/worker.ts';
import { newField, owner } from '#saved-videos/fixture.ts';
import { createList, getList } from '#saved-videos/lists.ts';
import { enrichJobKind } from '#saved-videos/processing/enrich-kind.ts';
import { openEnrichment, type EnrichmentSettings } from '#saved-videos/processing/enrichment.ts';
import { startProcessing } from '#saved-videos/processing/start-processing.ts';
import { addVideos } from '#saved-videos/videos/add-videos.ts';
import { videosOfSeqs } from '#saved-videos/videos/video-rows.ts';

export const someFields = [
  newField('Level', 'select', ['Beginner', 'Advanced']),
  newField('Topics', 'multi_select', ['Theory', 'Practice']),
  newField('Minutes of practice', 'duration'),
];

export type DeskOptions = {
  youtube?: Partial<EnrichmentSettings['youtube']>;
  /** The wire of the model; null: no model. */
  model?: 'google' | 'openai-compatible' | null;
  model_key?: string;
  settings?: Partial<EnrichmentSettings>;
  ledger?: Partial<LedgerOptions>;
  /** The clock of YouTube's quota. */
  now?: () => Date;
};

export async function enrichDesk(engine: Engine, options: DeskOptions = {}) {
  const opened = new AsyncDisposableStack();
  const youtube = opened.use(await startYouTube());
  const model = opened.use(await startModel());
  const { db } = opened.use(await testDatabase(engine));
  const pictures = new Map<string, Uint8Array>();
  const ledger = openLedger(db, engine, { ...usual, retry_delay_seconds: 0, ...options.ledger });
  const provider = options.model === undefined ? 'google' : options.model;
  const open = (changed: DeskOptions = {}) =>
    openEnrichment(
      db,
      {
        youtube: {
          key: youtubeKey,
          url: youtube.url,
          limit_units: 10_000,
          country: '',
          ...options.youtube,
          ...changed.youtube,
        },
        model: provider && {
          provider,
          name: modelName,
          url: `${model.url}/${provider === 'google' ? 'v1beta' : 'v1'}`,
          key: changed.model_key ?? options.model_key ?? modelKey,
          limit_seconds: 20,
        },
        calls_at_once: 4,
        longest_description: 4000,
        watch_minutes: 60,
        ...options.settings,
      },
      {
        fileOf: (id) => id,
        has: async (file) => pictures.has(file),
        write: async (file, bytes) => void pictures.set(file, bytes),
      },
      options.now,
    );
  const enrichment = open();
  const faults: string[] = [];

  return {
    youtube,
    model,
    db,
    ledger,
    pictures,
    enrichment,
    faults,

    /** A list of the given ids, or of so many. */
    async list(
      videos: number | readonly string[],
      given: { fields?: readonly NewField[]; watch_videos?: boolean } = {},
    ) {
      const { fields = someFields, watch_videos = false } = given;
      const ids = typeof videos === 'number' ? someIds(videos) : videos;
      const { id } = await createList(db, owner, {
        name: 'Knots',
        description: 'To learn',
        watch_videos,
        fields,
      });
      if (ids.length > 0) await addVideos(db, owner, id, ids, null);
      return getList(db, owner, id);
    },

    start: (listId: string, wish: ProcessWish = { what: 'pending' }) =>
      startProcessing({ db, ledger, enrichment }, owner, listId, wish),

    /** Starts a job and a worker, until the job stands so. */
    async process(
      listId: string,
      wish: ProcessWish = { what: 'pending' },
      ...until: JobStatus[]
    ): Promise<Job> {
      const job = await this.start(listId, wish);
      await using _ = await this.work();
      return await this.until(job, ...until);
    },

    /** `changed`: settings that were mended meanwhile. */
    work(changed?: DeskOptions) {
      return startWorker({
        ledger,
        kinds: jobKinds(enrichJobKind(db, ledger, changed === undefined ? enrichment : open(changed))),
        role: 'test',
        concurrency: 1,
        settle_group: 10,
        item_limit_seconds: 60,
        onFault: (doing, error) => faults.push(`${doing}: ${String(error)}`),
        onUnresponsive: () => faults.push('unresponsive'),
      });
    },

    async until({ id }: Pick<Job, 'id'>, ...statuses: JobStatus[]): Promise<Job> {
      const wanted =
        statuses.length > 0 ? statuses : (['completed', 'completed_with_errors', 'failed'] as const);
      for (;;) {
        const job = await ledger.get({ id, owner });
        if (wanted.some((status) => status === job.status)) return job;
        await sleep(5);
      }
    },

    async videos(listId: string) {
      const { fields, videos } = await getList(db, owner, listId);
      return videosOfSeqs(
        db,
        listId,
        fields,
        Array.from({ length: videos }, (_, nth) => nth + 1),
      );
    },

    async items({ id }: Pick<Job, 'id'>) {
      return (await ledger.items({ job: { id, owner }, limit: 200 })).items;
    },

    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export type EnrichDesk = Awaited<ReturnType<typeof enrichDesk>>;
