/** Assets, what speaks of their time, and what people decided about them. */
import type { Generated } from 'kysely';
import type {
  ChoiceRule,
  Confidence,
  DecisionKind,
  EvidenceSource,
  MediaKind,
  Precision,
  Rejection,
  ReviewState,
  TagSource,
  ZoneSource,
} from '#contract/words.ts';

export type LibraryTables = {
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
