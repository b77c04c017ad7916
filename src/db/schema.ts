/**
 * Every table as its rows are, the same on SQLite and on PostgreSQL. Column names are the field names of the API.
 * Instants are text, ISO 8601 in UTC with milliseconds (`2026-05-01T10:00:00.000Z`), so that they sort as text on
 * both engines. Columns that end in `_json` hold JSON text.
 */
import type { Generated } from 'kysely';
import type {
  ChoiceRule,
  Confidence,
  DecisionKind,
  EvidenceSource,
  ExportAction,
  ExportEnd,
  ExportPart,
  FieldType,
  ItemState,
  JobEventKind,
  JobStatus,
  ListEditKind,
  LiveState,
  MediaKind,
  MetadataSource,
  Precision,
  Rejection,
  ReviewState,
  TagSource,
  ValueSource,
  ValueState,
  VideoState,
  ZoneSource,
} from '#contract/words.ts';

export type Database = {
  jobs: JobsTable;
  job_items: JobItemsTable;
  job_events: JobEventsTable;
  workers: WorkersTable;
  assets: AssetsTable;
  capture_times: CaptureTimesTable;
  evidence: EvidenceTable;
  locations: LocationsTable;
  uploads: UploadsTable;
  libraries: LibrariesTable;
  decisions: DecisionsTable;
  decision_assets: DecisionAssetsTable;
  asset_tags: AssetTagsTable;
  to_decide: ToDecideTable;
  redates: RedatesTable;
  asset_words: AssetWordsTable;
  exports: ExportsTable;
  export_files: ExportFilesTable;
  export_written: ExportWrittenTable;
  export_folders: ExportFoldersTable;
  lists: ListsTable;
  list_fields: ListFieldsTable;
  saved_videos: SavedVideosTable;
  saved_video_texts: SavedVideoTextsTable;
  field_values: FieldValuesTable;
  list_edits: ListEditsTable;
  list_edit_values: ListEditValuesTable;
  list_field_changes: ListFieldChangesTable;
  quota_use: QuotaUseTable;
  model_use: ModelUseTable;
};

export type JobsTable = {
  id: string;
  owner: string;
  kind: string;
  /** What the job is about, for a person: "Import of 4,812 files". */
  label: string;
  input_json: string;
  status: JobStatus;
  status_reason: string | null;
  total: number;
  done: Generated<number>;
  skipped: Generated<number>;
  failed: Generated<number>;
  current_item: string | null;
  error_message: string | null;
  /** Number of the newest event; events of a job are numbered 1, 2, 3 … without gap. */
  last_event: Generated<number>;
  /** Milliseconds spent running before `running_since`. */
  ran_ms: Generated<number>;
  running_since: string | null;
  /** When an item of this job was last claimed: the job that waited longest is served next. */
  claimed_at: string | null;
  resume_at: string | null;
  /** Set while only the failed items are worked again: where the job goes back to if others still wait. */
  after_retry: JobStatus | null;
  /** `done + skipped + failed`, and `failed`, when the halt rule last began to count anew. */
  judged_finished: Generated<number>;
  judged_failed: Generated<number>;
  summary_json: string | null;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
};

export type JobItemsTable = {
  job_id: string;
  /** Place in the order of work, from 1. */
  seq: number;
  /** What the kind needs to find the thing: a path, an upload id. */
  key: string;
  /** What a person calls it. */
  label: string;
  state: ItemState;
  /** Attempts spent: those that ended in an outcome, in a counted retry, or in the death of the worker. */
  attempt: Generated<number>;
  /** How often a worker died with this item in hand. Above 0 it is worked alone. */
  crashes: Generated<number>;
  /** 1 once the item failed and was asked for again. */
  retried: Generated<number>;
  run_after: string | null;
  /** The worker that holds the item. The lease lasts as long as that worker's `beat_at` is fresh. */
  lease_owner: string | null;
  /** Fences a late worker: a lease is settled only by the token that took it. */
  lease_token: string | null;
  skipped_because: string | null;
  error_code: string | null;
  error_message: string | null;
  finished_at: string | null;
};

export type JobEventsTable = {
  job_id: string;
  seq: number;
  at: string;
  kind: JobEventKind;
  data_json: string;
};

export type WorkersTable = {
  id: string;
  host: string;
  pid: number;
  role: string;
  started_at: string;
  /** Refreshed while the process lives; leases of a worker whose beat is older than the lease time are free. */
  beat_at: string;
};

export type AssetsTable = {
  id: string;
  owner: string;
  sha256: string;
  size_bytes: number;
  mime_type: string;
  /** The right extension for the real type, without dot. */
  extension: string;
  kind: MediaKind;
  width: number | null;
  height: number | null;
  duration_seconds: number | null;
  /** 16 hex digits; two's complement never enters, so that both engines keep it as text. */
  dhash: string | null;
  has_thumbnail: number;
  /** The name first met; the others stand in `locations`. */
  name: string;
  camera_make: string | null;
  camera_model: string | null;
  camera_serial: string | null;
  lens: string | null;
  /** Make, model and serial number as one word; null where the file names no camera. */
  device: string | null;
  /** What the halves of a Live Photo have in common. */
  content_id: string | null;
  /** `name` in lower case without its extension: a camera's count, and what a photo shares with its film. */
  stem: Generated<string>;
  gps_latitude: number | null;
  gps_longitude: number | null;
  /** Every tag that speaks of time or zone, exactly as read, so that rules can be applied again without the file. */
  time_tags_json: string;
  /** Its own keywords as they stand in it; those of sidecars are kept with their location. */
  keywords_json: Generated<string>;
  warnings_json: string;
  job_id: string | null;
  added_at: string;
};

/** The chosen time, one row per asset. */
export type CaptureTimesTable = {
  asset_id: string;
  owner: string;
  at: string | null;
  local: string | null;
  zone: string | null;
  zone_source: ZoneSource | null;
  source: EvidenceSource | null;
  precision: Precision | null;
  confidence: Confidence;
  because: string;
  /** `local`, with the counter of its name where only the day is known, or '': what the grid sorts by. */
  sort_key: string;
  /** 1 when the other rule would choose another time: a reason for a person to look. */
  rules_differ: number;
  /** That of the asset: the zone of a day is learnt from it. */
  device: string | null;
  review: Generated<ReviewState>;
  reviewed_at: string | null;
  /** Key of the group in which it waits for a person; null when it does not. See `library/doubt.ts`. */
  doubt: string | null;
  /** Raised whenever the row or its evidence is written: who judged it before sees that it is out of date. */
  revision: Generated<number>;
};

export type EvidenceTable = {
  asset_id: string;
  seq: number;
  /** The location whose name or file time gave it; null when the bytes did. */
  location_id: string | null;
  source: EvidenceSource;
  raw: string;
  at: string | null;
  local: string | null;
  zone: string | null;
  zone_source: ZoneSource | null;
  precision: Precision;
  weight: number;
  rejected: Rejection | null;
};

export type LocationsTable = {
  id: string;
  owner: string;
  asset_id: string;
  job_id: string | null;
  /** Absolute path on this computer; null for an upload, whose bytes stand in `originals/`. */
  path: string | null;
  name: string;
  /** Folder as met: of the path, or relative within the upload. */
  folder: string;
  /** As `assets.stem`, of this name. */
  stem: Generated<string>;
  size_bytes: number;
  modified_at: string | null;
  /** What the sidecars beside this location said, each with the name it was met under; null for none. */
  sidecars_json: string | null;
  first_seen_at: string;
  last_seen_at: string;
  /** Set when the path was found to hold other bytes. */
  gone_at: string | null;
};

export type UploadsTable = {
  id: string;
  owner: string;
  name: string;
  folder: string;
  size_bytes: number;
  modified_at: string | null;
  /** Known once every byte has arrived. */
  sha256: string | null;
  job_id: string | null;
  created_at: string;
  finished_at: string | null;
};

/** One row per owner, once there is something to keep. */
export type LibrariesTable = {
  owner: string;
  /** Number of the newest decision. Raising it also makes decisions of one owner take turns. */
  last_decision: Generated<number>;
  /** Rules that `redate` put in force; null: as the settings say. */
  rule: ChoiceRule | null;
  zone: string | null;
  min_year: number | null;
};

/** One thing a person did. What is true of an asset is the fold of its decisions that stand: `library/fold.ts`. */
export type DecisionsTable = {
  id: string;
  owner: string;
  /** 1, 2, 3 … per owner: the order in which they are folded. */
  seq: number;
  at: string;
  kind: DecisionKind;
  data_json: string;
  /** How many assets it applies to. */
  assets: number;
  undone_at: string | null;
};

export type DecisionAssetsTable = {
  asset_id: string;
  decision_id: string;
  /** What the decision took from the asset as it stood then: the piece that was chosen or shown. */
  value_json: string | null;
};

/** What follows from names, folders and decisions; written with the capture time. */
export type AssetTagsTable = {
  asset_id: string;
  tag: string;
  owner: string;
  source: TagSource;
};

/**
 * Assets whose decisions changed and whose capture time has not been decided since. Written with the change, so that
 * a process that dies in between leaves work and no contradiction.
 */
export type ToDecideTable = { asset_id: string; owner: string };

/** What a job of the kind `redate` counted so far: `Tally` of `review/redate-tally.ts`. */
export type RedatesTable = { job_id: string; tally_json: string };

/** Names, folders and camera of an asset in lower case: what a search reads. See `library/asset-words.ts`. */
export type AssetWordsTable = { asset_id: string; owner: string; words: string };

/** One export: the plan, and what became of it. */
export type ExportsTable = {
  id: string;
  owner: string;
  /** Absolute, links resolved. */
  folder: string;
  /** What was asked for, with every default filled in. */
  wish_json: string;
  /** How many files of each action and of each doubt; '' while the plan is being made, which nobody sees until then. */
  counts_json: string;
  /** Bytes that will be copied. */
  total_bytes: number;
  /** Free where the folder stands, when the plan was made; null where that cannot be told. */
  free_bytes: number | null;
  created_at: string;
  /** Null while the plan waits to be accepted. */
  job_id: string | null;
  undo_job_id: string | null;
  /** The job that moves the sources away. */
  remove_job_id: string | null;
};

/** One line of a plan, in the order in which names were given. */
export type ExportFilesTable = {
  export_id: string;
  seq: number;
  asset_id: string;
  action: ExportAction;
  /** The original name. */
  name: string;
  /** Where the original stood when the plan was made. */
  source: string | null;
  /** Below the folder, with `/`. */
  target: string;
  /** 0, or what stands behind the name because others have it: `_001`. */
  number: Generated<number>;
  size_bytes: number;
  has_doubts: number;
  /** `PlannedFile` of `export/plan.ts`. */
  plan_json: string;
  /** `LineOutcome` of `export/journal.ts`, once an item of it is done. */
  outcome_json: string | null;
};

/** Folders below a target that exports made: an undo removes those that became empty, and no others. */
export type ExportFoldersTable = {
  owner: string;
  /** The target. */
  folder: string;
  /** Below it, with `/`. */
  path: string;
};

/** The journal: every file that an export put under its final name. It stands there while `ended_at` is null. */
export type ExportWrittenTable = {
  export_id: string;
  /** Below the folder, with `/`. */
  path: string;
  owner: string;
  folder: string;
  asset_id: string;
  part: ExportPart;
  /** Of the bytes as written, not of the original. */
  sha256: string;
  size_bytes: number;
  modified_at: string;
  /** Hash over everything that made these bytes: the original's SHA-256, what was written into it, by which version. */
  recipe: string;
  /** Which earlier file it replaced: `{ export_id, path, kept }`, `kept` its place below `.daybook/`. */
  replaced_json: string | null;
  written_at: string;
  ended_at: string | null;
  ended_because: ExportEnd | null;
};

export type ListsTable = {
  id: string;
  owner: string;
  name: string;
  description: string;
  /** 1 where the owner allows that a model watches the videos themselves. */
  watch_videos: number;
  /** Raised with every change to anything in the list. Raising it also makes those who change one list take turns. */
  version: Generated<number>;
  /** The highest `seq` that a video of this list was given. */
  last_seq: Generated<number>;
  /** The newest job that processed it. */
  job_id: string | null;
  created_at: string;
  deleted_at: string | null;
};

export type ListFieldsTable = {
  id: string;
  list_id: string;
  position: number;
  label: string;
  type: FieldType;
  options_json: string;
  instruction: string;
  required: number;
  deleted_at: string | null;
};

/** One video of one list. Deleted ones stay, so that they and their values come back. */
export type SavedVideosTable = {
  list_id: string;
  /** 1, 2, 3 … per list, never given twice: the order of adding, and the id within the list. */
  seq: number;
  youtube_id: string;
  /** Where the saved link starts. */
  start_seconds: number | null;
  state: VideoState;
  state_reason: string | null;
  /** From here to `metadata_at`: the last that was known, also of a video that is gone. */
  title: string | null;
  channel: string | null;
  duration_seconds: number | null;
  published_at: string | null;
  thumbnail_url: string | null;
  language: string | null;
  live_state: LiveState | null;
  metadata_source: MetadataSource | null;
  metadata_at: string | null;
  added_at: string;
  /** When a job last finished with it. */
  processed_at: string | null;
  /** What these sort by: see `saved-videos/sort-key.ts`. */
  title_key: string | null;
  channel_key: string | null;
  /** Title, channel and id, folded as a search is. */
  search_text: string;
  deleted_at: string | null;
  /** The edit that deleted it. */
  deleted_by: string | null;
};

export type SavedVideoTextsTable = { list_id: string; seq: number; description: string };

/** What one video has in one field; no row where nobody gave a value yet. */
export type FieldValuesTable = {
  field_id: string;
  seq: number;
  /** Null: left empty, or failed. A select of several stands in the order of the options. */
  value_json: string | null;
  sort_key: string | null;
  /** Values in words, folded as a search is. */
  search_text: string | null;
  state: ValueState;
  source: ValueSource;
  model: string | null;
  prompt_version: number | null;
  at: string;
  error: string | null;
};

export type ListEditsTable = {
  /** Sorts by time (UUID 7). */
  id: string;
  list_id: string;
  at: string;
  kind: ListEditKind;
  changed: number;
  undone_at: string | null;
  /** Of the list, which the edit raised it to; 0 before changes of fields were kept. */
  version: number;
};

/** A change of a field's type, or of the names of its options, for what was kept under the former ones. */
export type ListFieldChangesTable = {
  field_id: string;
  /** Of the list, which the change raised it to. */
  version: number;
  /** Before the change. */
  type: FieldType;
  /** Pairs of former and later names. */
  renamed_json: string;
};

/** The row of `field_values` before the edit, as its field was then; null where there was none. */
export type ListEditValuesTable = {
  edit_id: string;
  field_id: string;
  seq: number;
  before_json: string | null;
};

/** One row per day in Pacific time, once something was used. */
export type QuotaUseTable = {
  day: string;
  units: number;
  /** When YouTube itself said that the day's quota is spent. */
  exhausted_at: string | null;
};

/** What one job asked of one model, for its summary and for the estimates of later ones. */
export type ModelUseTable = {
  job_id: string;
  list_id: string;
  model: string;
  /** 1: of videos that the model watched, which cost far more. */
  watched: number;
  videos: number;
  calls: number;
  cells: number;
  failed_cells: number;
  input_tokens: number;
  output_tokens: number;
  /** Sum over the calls, several of which may have run at once. */
  seconds: number;
};
