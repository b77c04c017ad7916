/** What a job would cost, told before it is started: calls, units, tokens and time. */
import { sql } from 'kysely';
import type { Field } from '#contract/fields.ts';
import type { Estimate, ProcessWish, Quota } from '#contract/processing.ts';
import type { Queryable } from '#db/database.ts';
import { fieldsOfList } from '#saved-videos/fields/stored-fields.ts';
import { findList } from '#saved-videos/lists.ts';
import { useOfList } from '#saved-videos/model/model-use.ts';
import { callsFor } from '#saved-videos/model/prompt.ts';
import { videosPerCall } from '#saved-videos/youtube/youtube.ts';
import type { Enrichment } from './enrichment.ts';
import { checkWish } from './start-processing.ts';
import { failedCells, videosWanted, type Wanted } from './wishes.ts';

/** Where nothing was measured yet: a title, a usual description and the instructions, at four characters a token. */
const guess = { input_per_call: 900, input_per_field: 45, output_per_cell: 15, seconds_per_call: 3 };
/** Gemini at its lowest resolution: a frame and the sound of each second. */
const tokensPerWatchedSecond = 100;
const secondsPerWatchedMinute = 3;
/** Of a video whose length is not known yet. */
const usualSeconds = 600;
const secondsPerMetadataCall = { youtube_api: 0.5, oembed: 0.4 };

type Place = { db: Queryable; enrichment: Enrichment };

/** Throws `ListRefused` where the list or the field is not there. */
export async function estimateProcessing(
  { db, enrichment }: Place,
  owner: string,
  listId: string,
  wish: ProcessWish,
): Promise<Estimate> {
  const list = await findList(db, owner, listId);
  const fields = await fieldsOfList(db, listId);
  const has_model = enrichment.model !== null;
  checkWish(wish, fields, has_model);
  const work = await countWork(db, { list_id: listId, wish, fields, has_model });
  const watches = enrichment.model?.canWatch === true && list.watch_videos === 1;
  const quota = await enrichment.youtube.quota();
  const metadata_calls = quota.key_set ? Math.ceil(work.asked / videosPerCall) : work.asked;
  const units = quota.key_set ? metadata_calls : 0;
  const model = await modelCost({ db, enrichment }, listId, work, fields, watches);
  const perCall = secondsPerMetadataCall[quota.key_set ? 'youtube_api' : 'oembed'];
  const seconds = (metadata_calls * perCall) / (quota.key_set ? 1 : enrichment.atOnce) + model.seconds;
  const cost = {
    videos: work.videos,
    cells: work.cells,
    metadata_calls,
    units,
    model_calls: work.model_calls,
    input_tokens: model.input_tokens,
    output_tokens: model.output_tokens,
    seconds: Math.ceil(seconds),
    measured: model.measured,
    quota,
    fits_quota: !quota.key_set || units <= quota.left_units,
  };
  return { ...cost, sentences: sentencesOf(cost, enrichment, fields, watches) };
}

type Work = { videos: number; asked: number; cells: number; model_calls: number; watched_seconds: number };

async function countWork(db: Queryable, wanted: Wanted): Promise<Work> {
  const { fields, wish, has_model } = wanted;
  const { videos, failed, known_seconds, known } = await videosWanted(db, wanted)
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('videos'),
      fn.count<number>(eb.case().when('saved_videos.state', '=', 'failed').then(1).end()).as('failed'),
      fn.coalesce(fn.sum<number>('saved_videos.duration_seconds'), eb.lit(0)).as('known_seconds'),
      fn.count<number>('saved_videos.duration_seconds').as('known'),
    ])
    .executeTakeFirstOrThrow();
  const asked = wish.what === 'field' ? 0 : wish.what === 'failed' ? failed : videos;
  const watched_seconds = known_seconds + (videos - known) * usualSeconds;
  if (!has_model || fields.length === 0) return { videos, asked, cells: 0, model_calls: 0, watched_seconds };
  if (wish.what === 'field') return { videos, asked, cells: videos, model_calls: videos, watched_seconds };
  const whole = wish.what === 'failed' ? failed : videos;
  const filled = await alike(db, wanted, 'filled');
  const retried = wish.what === 'failed' ? await alike(db, wanted, 'failed') : [];
  // What a person or a file filled is not asked for.
  const groups = [
    ...filled.map((each) => ({ videos: each.videos, open: fields.filter((_, nth) => !isIn(each.mask, nth)) })),
    { videos: whole - sumOf(filled, (each) => each.videos), open: fields },
    ...retried.map((each) => ({ videos: each.videos, open: fields.filter((_, nth) => isIn(each.mask, nth)) })),
  ];
  const cells = sumOf(groups, (group) => group.videos * group.open.length);
  const model_calls = sumOf(groups, (group) => group.videos * callsFor(group.open).length);
  return { videos, asked, cells, model_calls, watched_seconds };
}

/**
 * How many videos have such cells in the same fields: bit by bit, as the fields stand in their order. What is asked in
 * one call depends on which are asked for together.
 */
async function alike(
  db: Queryable,
  wanted: Wanted,
  which: 'filled' | 'failed',
): Promise<{ mask: number; videos: number }[]> {
  const { fields, wish } = wanted;
  const cells =
    which === 'failed'
      ? failedCells(db, fields)
      : db
          .selectFrom('field_values')
          .where(
            'field_id',
            'in',
            fields.map(({ id }) => id),
          )
          .where('source', '<>', 'model');
  const videos = videosWanted(db, wanted)
    .$if(wish.what === 'failed', (query) =>
      query.where('saved_videos.state', which === 'failed' ? '<>' : '=', 'failed'),
    )
    .select('saved_videos.seq');
  const bits = fields.map(({ id }, nth) => sql`when ${id} then ${sql.lit(2 ** nth)}`);
  const masks = cells
    .where('field_values.seq', 'in', videos)
    .groupBy('field_values.seq')
    .select(sql<number>`cast(sum(case field_id ${sql.join(bits, sql` `)} end) as double precision)`.as('mask'));
  return db
    .selectFrom(masks.as('masks'))
    .groupBy('mask')
    .select(({ fn }) => ['mask', fn.countAll<number>().as('videos')])
    .execute();
}

/** A double holds 53 bits, and a list has at most 50 fields. */
function isIn(mask: number, nth: number): boolean {
  return Math.floor(mask / 2 ** nth) % 2 === 1;
}

function sumOf<Each>(all: readonly Each[], read: (each: Each) => number): number {
  return all.reduce((sum, each) => sum + read(each), 0);
}

async function modelCost(
  { db, enrichment }: Place,
  listId: string,
  work: Work,
  fields: readonly Field[],
  watches: boolean,
) {
  const { model, atOnce } = enrichment;
  if (model === null || work.model_calls === 0) {
    return { input_tokens: 0, output_tokens: 0, seconds: 0, measured: false };
  }
  const use = await useOfList(db, listId, model.name, watches);
  const good = use.cells - use.failed_cells;
  // Servers that count no tokens, and a model that never answered, say nothing about what an answer costs.
  if (use.input_tokens > 0 && good > 0) {
    return {
      input_tokens: Math.ceil((use.input_tokens / use.calls) * work.model_calls),
      output_tokens: Math.ceil((use.output_tokens / good) * work.cells),
      seconds: ((use.seconds / use.calls) * work.model_calls) / atOnce,
      measured: true,
    };
  }
  const perCall =
    guess.input_per_call + guess.input_per_field * Math.min(fields.length, work.cells / work.model_calls);
  const watched = watches ? work.watched_seconds : 0;
  return {
    input_tokens: Math.ceil(work.model_calls * perCall + watched * tokensPerWatchedSecond),
    output_tokens: Math.ceil(work.cells * guess.output_per_cell),
    seconds: (work.model_calls * guess.seconds_per_call + (watched / 60) * secondsPerWatchedMinute) / atOnce,
    measured: false,
  };
}

type Cost = Omit<Estimate, 'sentences'>;

function sentencesOf(cost: Cost, enrichment: Enrichment, fields: readonly Field[], watches: boolean): string[] {
  if (cost.videos === 0) return ['There is nothing to do.'];
  return [
    ...metadataSentences(cost, cost.quota),
    ...modelSentences(cost, enrichment, fields, watches),
    `It takes about ${inWords(cost.seconds)}${cost.fits_quota ? '' : ', besides that wait'}.`,
  ];
}

function metadataSentences(cost: Cost, quota: Quota): string[] {
  const { metadata_calls, units } = cost;
  if (metadata_calls === 0) return [];
  if (!quota.key_set) {
    return [
      `YouTube is asked about ${many(metadata_calls, 'video')} one by one, for title, channel and picture. With a key in DAYBOOK_YOUTUBE_KEY it would be ${many(Math.ceil(metadata_calls / videosPerCall), 'call')}, and tell length, date and description as well.`,
    ];
  }
  const asked = `YouTube is asked in ${many(metadata_calls, 'call')}, which takes`;
  const left = quota.left_units.toLocaleString('en');
  if (cost.fits_quota) return [`${asked} ${units.toLocaleString('en')} of the ${left} units left today.`];
  const [leftWords, waits] =
    quota.left_units === 0
      ? ['none is left today', 'waits']
      : [`${left} ${quota.left_units === 1 ? 'is' : 'are'} left today`, 'pauses when they are spent'];
  return [
    `${asked} ${many(units, 'unit')} of its quota; ${leftWords}.`,
    `The job ${waits}, and goes on by itself when the quota is given anew at midnight in California.`,
  ];
}

function modelSentences(
  cost: Cost,
  enrichment: Enrichment,
  fields: readonly Field[],
  watches: boolean,
): string[] {
  const { model, settings } = enrichment;
  if (fields.length === 0) return ['The list has no fields, so no model is asked.'];
  if (model === null) return ['No model is set, so the fields stay as they are.'];
  if (cost.model_calls === 0) return ['A person or a file gave every value, so no model is asked.'];
  const tokens = `${about(cost.input_tokens)} tokens to it and ${about(cost.output_tokens)} from it`;
  const by = cost.measured ? 'as measured in this list' : 'a rough guess until the first videos are done';
  const asked = `${model.name} is asked ${many(cost.model_calls, 'time')} for ${many(cost.cells, 'value')}: about ${tokens}, ${by}.`;
  if (!watches) return [asked];
  return [
    asked,
    `It watches videos of up to ${settings.watch_minutes} minutes, which costs far more than reading about them. The list can be changed not to.`,
  ];
}

function many(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

/** Two digits are more than an estimate knows. */
function about(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString('en');
}

function inWords(seconds: number): string {
  if (seconds < 90) return many(Math.max(1, Math.round(seconds)), 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return many(minutes, 'minute');
  return many(Math.round(minutes / 60), 'hour');
}
