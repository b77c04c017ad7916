import { removeSourcesJobKind } from '#export/undo/remove-sources-kind.ts';
import { undoExportJobKind } from '#export/undo/undo-kind.ts';
import { exportJobKind, type ExportParts } from '#export/write/export-kind.ts';
import type { AnyJobKind } from '#jobs/kinds.ts';

/** What the jobs of exports do: the export itself, its undo, and the removal of sources. */
export function exportJobKinds(parts: ExportParts): AnyJobKind[] {
  return [exportJobKind(parts), undoExportJobKind(parts), removeSourcesJobKind(parts)];
}
