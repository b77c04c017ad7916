/** Lists, their fields, videos and values. */
import type { Generated } from 'kysely';
import type {
  FieldType,
  ListEditKind,
  LiveState,
  MetadataSource,
  ValueSource,
  ValueState,
  VideoState,
} from '#contract/words.ts';

export type SavedVideoTables = {
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
