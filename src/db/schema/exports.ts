/** What was exported, where to, and what stands there. */
import type { Generated } from 'kysely';
import type { ExportAction, ExportEnd, ExportPart } from '#contract/words.ts';

export type ExportTables = {
  exports: ExportsTable;
  export_files: ExportFilesTable;
  export_written: ExportWrittenTable;
  export_folders: ExportFoldersTable;
};

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
