import type { Evidence } from '#contract/capture-time.ts';
import type { Confidence } from '#contract/words.ts';
import type { Inspection } from './inspect.ts';
import { printable } from './printable.ts';

export const confidenceSigns: Record<Confidence, string> = { high: '●', medium: '◐', low: '○', none: '–' };

/** What `inspect` found in one file, for a person to read. */
export function inspectionInWords(inspection: Inspection): string {
  const { capture_time: chosen } = inspection;
  const lines = [printable(inspection.path)];
  if (inspection.error !== null)
    lines.push(`  ✗ ${printable(inspection.error.message)} (${inspection.error.code})`);
  if (chosen !== null) {
    const when = chosen.local === null ? 'no date' : wallClock(chosen.local);
    const zone = chosen.zone === null ? '' : `  ${chosen.zone}`;
    lines.push(
      `  ${when}${zone}   ${confidenceSigns[chosen.confidence]} ${chosen.confidence}`,
      `  ${printable(chosen.because)}`,
    );
  }
  lines.push(...inspection.evidence.map(evidenceLine));
  if (inspection.mime_type !== null) lines.push(`  ${factsOf(inspection)}`);
  lines.push(...inspection.warnings.map((warning) => `  ! ${printable(warning.message)}`));
  return `${lines.join('\n')}\n\n`;
}

function evidenceLine(piece: Evidence): string {
  const means = piece.local === null ? (piece.at ?? '') : `${piece.local} ${piece.zone ?? ''}`.trimEnd();
  const rejected = piece.rejected === null ? '' : `  rejected: ${piece.rejected.replaceAll('_', ' ')}`;
  return `    ${piece.source.padEnd(24)} ${printable(piece.raw).padEnd(28)} ${means}${rejected}`;
}

function factsOf(inspection: Inspection): string {
  const size = inspection.width === null ? '' : `${inspection.width} × ${inspection.height}`;
  const length = inspection.duration_seconds === null ? '' : `${inspection.duration_seconds.toFixed(1)} s`;
  const bytes = sizeInWords(inspection.size_bytes ?? 0);
  const dhash = inspection.dhash === null ? '' : `dhash ${inspection.dhash}`;
  return [inspection.mime_type, size, length, bytes, dhash, `sha256 ${inspection.sha256?.slice(0, 12)}…`]
    .filter((fact) => fact !== '')
    .join('  ');
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `2021-09-21T14:44:23.5` → "21 September 2021, 14:44:23"; coarser times say no more than they know. */
function wallClock(local: string): string {
  const [date = '', time] = local.split('T');
  const [year, month, day] = date.split('-');
  const named = month === undefined ? '' : `${months[Number(month) - 1]} `;
  const clock = time === undefined ? '' : `, ${time.replace(/\..*/, '')}`;
  return `${day === undefined ? '' : `${Number(day)} `}${named}${year}${clock}`;
}

function sizeInWords(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
