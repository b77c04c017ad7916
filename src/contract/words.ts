/**
 * The words of the product, each declared once. Statuses, outcomes, sources and reasons are closed lists: the
 * engine, the database, the page and the documentation all read them from here.
 */
import { z } from 'zod';

// ── Jobs ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a job stands. The transitions between these are the table in `jobs/job.ts`. */
export const jobStatuses = [
  'pending',
  'running',
  'paused',
  'halted',
  'cancelled',
  'completed',
  'completed_with_errors',
  'failed',
] as const;
export type JobStatus = (typeof jobStatuses)[number];
export const JobStatus = z.enum(jobStatuses);

/** Statuses in which workers take items. */
export const workableStatuses = ['pending', 'running'] as const satisfies readonly JobStatus[];

/** Statuses from which a job can still go on by itself or by `resume`. The others are its ends. */
export const unfinishedStatuses = [
  'pending',
  'running',
  'paused',
  'halted',
] as const satisfies readonly JobStatus[];

export function isWorkable(status: JobStatus): boolean {
  return (workableStatuses as readonly JobStatus[]).includes(status);
}

export function isUnfinished(status: JobStatus): boolean {
  return (unfinishedStatuses as readonly JobStatus[]).includes(status);
}

/** What a person may ask of a job, and where it must stand for that. What comes of it is told in `jobs/job.ts`. */
export const jobCommands = {
  pause: ['pending', 'running'],
  resume: ['paused', 'halted'],
  cancel: unfinishedStatuses,
  retry: ['completed_with_errors', 'failed', 'halted', 'paused', 'cancelled'],
} as const satisfies Record<string, readonly JobStatus[]>;
export type JobCommand = keyof typeof jobCommands;

/** Where an item stands. `done`, `skipped` and `failed` are its outcomes; it gets exactly one of them. */
export const itemStates = ['waiting', 'working', 'done', 'skipped', 'failed'] as const;
export type ItemState = (typeof itemStates)[number];
export const ItemState = z.enum(itemStates);

/** What the history of a job tells. An event that is named for a status says that the job came to stand there. */
export const jobEventKinds = [
  'created',
  'started',
  'progress',
  'item_failed',
  'paused',
  'resumed',
  'halted',
  'cancelled',
  'retried',
  'completed',
  'completed_with_errors',
  'failed',
] as const;
export type JobEventKind = (typeof jobEventKinds)[number];
export const JobEventKind = z.enum(jobEventKinds);

// ── Capture time ────────────────────────────────────────────────────────────────────────────────────────────

/** How sure the capture time is, surest first. */
export const confidences = ['high', 'medium', 'low', 'none'] as const;
export type Confidence = (typeof confidences)[number];
export const Confidence = z.enum(confidences);

/** How fine a time is. Sub-seconds are kept under `second`. */
export const precisions = ['second', 'minute', 'day', 'month', 'year'] as const;
export type Precision = (typeof precisions)[number];
export const Precision = z.enum(precisions);

/** Where a piece of evidence was read. Weights and meaning stand in `capture-time/sources.ts`. */
export const evidenceSources = [
  'person',
  'EXIF:DateTimeOriginal',
  'Keys:CreationDate',
  'EXIF:CreateDate',
  'XMP:DateTimeOriginal',
  'XMP:DateCreated',
  'H264:DateTimeOriginal',
  'UserData:DateTimeOriginal',
  'QuickTime:CreateDate',
  'IPTC:DateCreated',
  'XMP:DateTimeDigitized',
  'MakerNotes:DateTimeOriginal',
  'RIFF:DateTimeOriginal',
  'Takeout:photoTakenTime',
  'GPS:GPSDateTime',
  'QuickTime:MediaCreateDate',
  'QuickTime:TrackCreateDate',
  'Matroska:DateTimeOriginal',
  'ASF:CreationDate',
  'IPTC:DigitalCreationDate',
  'partner',
  'ItemList:ContentCreateDate',
  'UserData:ContentCreateDate',
  'EXIF:ModifyDate',
  'PNG:CreationTime',
  'XMP:CreateDate',
  'RIFF:DateCreated',
  'filename_datetime',
  'filename_date',
  'folder_date',
  'neighbours',
  'File:FileModifyDate',
] as const;
export type EvidenceSource = (typeof evidenceSources)[number];
export const EvidenceSource = z.enum(evidenceSources);

/** Why a piece of evidence may not be chosen. It is kept all the same. */
export const rejections = [
  'impossible_date', // month 13, 30 February, letters, blanks
  'zeros', // 0000:00:00 00:00:00
  'container_zero', // a video whose maker left the clock of the container at its zero
  'epoch_default', // a day that clocks start from: 1904-01-01, 1970-01-01, 1980-01-01, …
  'camera_default', // a fault of certain devices: 2002-12-08 12:00:00
  'before_min_year',
  'after_tomorrow',
  'copied_recently', // the file was written within a day of the import
  'upload_time', // Google gave the moment of the upload
  'another_shot', // a file of the same name turned out to be of another moment
  'overruled', // a person ruled it out
] as const;
export type Rejection = (typeof rejections)[number];
export const Rejection = z.enum(rejections);

/** How the zone of a time became known, surest first. */
export const zoneSources = [
  'offset_tag', // OffsetTimeOriginal, OffsetTimeDigitized
  'time_zone_tag', // the maker's TimeZone tag, with daylight saving
  'creation_date', // Keys:CreationDate of the same file
  'gps_position',
  'written', // in the date itself: "+02:00", "Z"
  'utc_difference', // wall clock against a UTC piece of the same shot
  'device', // learnt from the device's other files
  'home', // DAYBOOK_TIMEZONE
  'standard', // the standard of this source says UTC
] as const;
export type ZoneSource = (typeof zoneSources)[number];
export const ZoneSource = z.enum(zoneSources);

// ── Media ───────────────────────────────────────────────────────────────────────────────────────────────────

export const mediaKinds = ['photo', 'video'] as const;
export type MediaKind = (typeof mediaKinds)[number];
export const MediaKind = z.enum(mediaKinds);

/** Why a file cannot become an asset. */
export const mediaErrorCodes = [
  'empty_file',
  'not_media',
  'unreadable', // the operating system refused to read it
  'not_found',
  'changed_while_reading',
] as const;
export type MediaErrorCode = (typeof mediaErrorCodes)[number];

/** What is worth knowing about a file that became an asset all the same. */
export const mediaWarningCodes = [
  'wrong_extension',
  'damaged_pixels',
  'too_many_pixels',
  'no_thumbnail_yet',
  'metadata_unreadable',
  'metadata_damaged',
] as const;
export type MediaWarningCode = (typeof mediaWarningCodes)[number];

// ── Review ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Where an asset stands for its owner. `accepted`: a person chose, entered or confirmed its time. `discarded`: hidden
 * and left out of exports, its bytes untouched.
 */
export const reviewStates = ['open', 'accepted', 'discarded'] as const;
export type ReviewState = (typeof reviewStates)[number];
export const ReviewState = z.enum(reviewStates);

/** Everything a person can decide about assets. Each is kept, listed, undone and redone. */
export const decisionKinds = [
  'choose', // this piece of evidence is right
  'set_time', // it was taken then
  'shift', // the clock was wrong by so much
  'set_zone', // it was taken in that zone
  'correct_clock', // this camera was wrong by so much in that period
  'accept', // the time shown is right
  'discard',
  'restore',
  'tag',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];
export const DecisionKind = z.enum(decisionKinds);

/** Why a decision left one of the assets it was made for as it is. */
export const leftAloneReasons = [
  'no_such_evidence', // `choose`: it has no believable piece of that source
  'no_time', // nothing to shift, or to place in a zone
  'no_clock', // only the day, month or year is known, which hours cannot move
  'no_instant', // `set_zone` keeping the instant: none is known
  'person_said', // `correct_clock`: a person's own word for this asset goes before
  'already_so',
] as const;
export type LeftAloneReason = (typeof leftAloneReasons)[number];
export const LeftAloneReason = z.enum(leftAloneReasons);

/** By whose word the clock of a camera was wrong, the surest first. */
export const clockWitnesses = [
  'GPS:GPSDateTime',
  'Takeout:photoTakenTime',
  'filename_datetime',
  'other_device', // a phone that was at the same moments
] as const;
export type ClockWitness = (typeof clockWitnesses)[number];
export const ClockWitness = z.enum(clockWitnesses);

/** Why an asset waits for a person, the first that fits. */
export const doubtKinds = [
  'no_date', // nothing says when
  'contradiction', // good pieces more than a day apart
  'rules_differ', // `earliest` and `trusted` choose differently
  'part_of_date', // only the day, month or year is known
  'file_time_only', // only the time the file was saved
  'name_only', // only its name, folder or neighbours
  'unconfirmed', // one clock that nothing else confirms
  'not_sorted', // dated before there was a review; deciding again sorts it
] as const;
export type DoubtKind = (typeof doubtKinds)[number];
export const DoubtKind = z.enum(doubtKinds);

/** Who gave an asset its tag. */
export const tagSources = ['folder', 'name', 'keyword', 'person'] as const;
export type TagSource = (typeof tagSources)[number];
export const TagSource = z.enum(tagSources);

/** The rules that choose among evidence that differs. */
export const choiceRules = ['earliest', 'trusted'] as const;
export type ChoiceRule = (typeof choiceRules)[number];
export const ChoiceRule = z.enum(choiceRules);

// ── Export ──────────────────────────────────────────────────────────────────────────────────────────────────

/** What an export does with one asset, against what earlier exports left in the same folder. */
export const exportActions = [
  'new',
  'changed', // its date, name, tags or bytes are others now: written anew, the earlier copy set aside
  'same', // it stands there as it should
  'gone', // an earlier export wrote it and it does not belong any more: left there, or set aside if asked
] as const;
export type ExportAction = (typeof exportActions)[number];
export const ExportAction = z.enum(exportActions);

/** What a person should know about a planned file before accepting the plan. */
export const exportDoubts = [
  'no_date', // goes to `unknown/`
  'uncertain_date', // in the name only, not written into the file
  'name_taken', // a file that is not ours has the name: the next number is taken
  'changed_since', // our earlier copy was changed by somebody: left alone, the new one stands beside it
  'removed_since', // our earlier copy is not there any more
  'source_missing', // the original cannot be found now
] as const;
export type ExportDoubt = (typeof exportDoubts)[number];
export const ExportDoubt = z.enum(exportDoubts);

/** What a written file is: the copy of an asset, our XMP beside it, or a sidecar that the original had. */
export const exportParts = ['copy', 'xmp', 'companion'] as const;
export type ExportPart = (typeof exportParts)[number];

/** Why a file that an export wrote does not count as standing any more. */
export const exportEnds = ['undone', 'replaced', 'set_aside', 'missing'] as const;
export type ExportEnd = (typeof exportEnds)[number];

/** Where date and tags of a copy are written. */
export const writeTargets = ['file', 'sidecar', 'nowhere'] as const;
export type WriteTarget = (typeof writeTargets)[number];
export const WriteTarget = z.enum(writeTargets);

// ── Saved videos ────────────────────────────────────────────────────────────────────────────────────────────

/** Where a saved video stands. None of these is a failure of the job that found it out, `failed` excepted. */
export const videoStates = [
  'pending', // not asked about yet
  'ready', // YouTube told about it
  'live', // on air or announced: no length yet
  'region_locked', // not to be watched in the country of the key or of the server
  'private',
  'gone', // deleted, or never there
  'failed', // asking about it failed; `state_reason` says why, and it can be tried again
] as const;
export type VideoState = (typeof videoStates)[number];
export const VideoState = z.enum(videoStates);

/** Whether a video is or was a broadcast, as YouTube tells it. */
export const liveStates = ['none', 'upcoming', 'live', 'ended'] as const;
export type LiveState = (typeof liveStates)[number];
export const LiveState = z.enum(liveStates);

/** Who told title, channel and the like, best first: a worse one never replaces a better one. */
export const metadataSources = ['youtube_api', 'oembed', 'csv'] as const;
export type MetadataSource = (typeof metadataSources)[number];
export const MetadataSource = z.enum(metadataSources);

/** What the values of a field are. A duration is in minutes. */
export const fieldTypes = ['text', 'select', 'multi_select', 'number', 'duration', 'boolean'] as const;
export type FieldType = (typeof fieldTypes)[number];
export const FieldType = z.enum(fieldTypes);

/** Its values are chosen from a list that the owner gave. */
export function isOfOptions(type: FieldType): boolean {
  return type === 'select' || type === 'multi_select';
}

/** Who gave a video its value. A model never writes over the others. */
export const valueSources = ['model', 'person', 'csv'] as const;
export type ValueSource = (typeof valueSources)[number];
export const ValueSource = z.enum(valueSources);

/** `failed`: the model gave none that fits, `error` says why. `misfit`: the field was changed and it fits no longer. */
export const valueStates = ['ok', 'failed', 'misfit'] as const;
export type ValueState = (typeof valueStates)[number];
export const ValueState = z.enum(valueStates);

/** The columns of a list that every list has. They are named so in filters, in sorting, and in a CSV file. */
export const videoColumns = [
  'seq',
  'youtube_id',
  'title',
  'channel',
  'duration_seconds',
  'published_at',
  'language',
  'live_state',
  'state',
  'start_seconds',
  'added_at',
  'processed_at',
] as const;
export type VideoColumn = (typeof videoColumns)[number];

/** What a filter asks of a column. The first six read `values`. */
export const filterTests = [
  'contains', // any of these, in any case
  'any_of', // exactly one of these; a multi-select holds one of these
  'none_of',
  'at_least',
  'at_most',
  'source', // of a field: given by one of `valueSources`
  'empty',
  'filled',
  'failed', // of a field: the model gave none that fits
  'misfit', // of a field: fits its changed field no longer
] as const;
export type FilterTest = (typeof filterTests)[number];
export const FilterTest = z.enum(filterTests);

/** Why a line became no saved video. */
export const unreadableReasons = [
  'not_a_link', // neither an address nor the id of a video
  'not_youtube', // an address of somewhere else
  'no_video', // of YouTube, but of no video: a channel, a search
  'bad_id', // what stands where the id belongs is none
  'too_long',
  'playlist_needs_key',
  'playlist_unavailable', // private, gone, or not answered for
  'playlist_too_long',
  'list_full',
  'bad_row', // a row of a file that cannot be read as such
] as const;
export type UnreadableReason = (typeof unreadableReasons)[number];
export const UnreadableReason = z.enum(unreadableReasons);

/** What a person can take back in a list. */
export const listEditKinds = ['values', 'deletion'] as const;
export type ListEditKind = (typeof listEditKinds)[number];

/** Who fills the fields, by the setting `DAYBOOK_AI`. */
export const modelProviders = ['google', 'openai-compatible', 'off'] as const;
export type ModelProvider = (typeof modelProviders)[number];
export const ModelProvider = z.enum(modelProviders);
