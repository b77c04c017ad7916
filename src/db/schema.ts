/**
 * Every table as its rows are, the same on SQLite and on PostgreSQL. Column names are the field names of the API.
 * Instants are text, ISO 8601 in UTC with milliseconds (`2026-05-01T10:00:00.000Z`), so that they sort as text on
 * both engines. Columns that end in `_json` hold JSON text.
 */
import type { ExportTables } from './schema/exports.ts';
import type { JobTables } from './schema/jobs.ts';
import type { LibraryTables } from './schema/library.ts';
import type { SavedVideoTables } from './schema/saved-videos.ts';

export type Database = JobTables & LibraryTables & ExportTables & SavedVideoTables;
