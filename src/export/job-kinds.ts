import type { AnyJobKind } from '#jobs/kinds.ts';
import { exportJobKind, type ExportParts } from './export-kind.ts';
import { removeSourcesJobKind } from './remove-sources-kind.ts';
import { undoExportJobKind } from './undo-kind.ts';

/** What the jobs of exports do: the export itself, its undo, and the removal of sources. */
export function exportJobKinds(parts: ExportParts): AnyJobKind[] {
  return [exportJobKind(parts), undoExportJobKind(parts), removeSourcesJobKind(parts)];
}
