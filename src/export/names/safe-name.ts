/**
 * Names that every system takes: Linux, macOS, Windows, and exFAT, which cards and sticks have. What one of them
 * refuses, hides or cuts silently is replaced before it gets there.
 */
import { isSystemName } from '#contract/system-names.ts';

/** Of one name: Linux counts bytes, the others UTF-16 units, of which a text never has more than bytes. */
const longestNameBytes = 255;
/** HFS+ takes accents apart before it counts. */
const longestNameUnits = 255;
/** Leaves room behind a stem for a number, an extension and the ending of a sidecar: `_99999.jpeg.xmp` and the like. */
const longestStemBytes = 200;

/** A folder: one part of a path, never empty, never `.` or `..`. */
export function safeFolder(text: string): string {
  return safe(text, longestNameBytes);
}

/** A file name without its extension. */
export function safeStem(text: string): string {
  return safe(text, longestStemBytes);
}

/** Two paths with one key may be one file: on systems that ignore case, or how an accent is written. */
export function nameKey(path: string): string {
  if (plain.test(path)) return path.toLowerCase();
  // Both ways, because some letters have a partner in one of them alone (ſ, İ, ß).
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

const plain = /^[ -~]*$/u;

function safe(text: string, longestBytes: number): string {
  const allowed = text.toWellFormed().replaceAll(unseen, '').replaceAll(refused, '_').normalize('NFC');
  const named = trimmed(allowed).replace(/^\.+/u, '_');
  const cut = trimmed(shortened(named, longestBytes - 1));
  if (cut === '') return '_';
  return deviceName.test(cut) || isSystemName(cut) ? `_${cut}` : cut;
}

/** Marks of direction show a name other than it is; a byte-order mark and word joiners are not seen at all. */
const unseen = /[\u061c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** Reserved by Windows; controls and line ends; what is no character, which APFS refuses. */
const refused = /[<>:"/\\|?*\p{Cc}\p{Cn}\p{Cs}\u2028\u2029\ufffd]/gu;

/** Windows opens a device instead of a file, whatever stands behind the dot. */
const deviceName = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/iu;

/** Windows drops dots and blanks at the end, so that two names become one. */
function trimmed(text: string): string {
  return text.trimStart().replace(/[\s.]+$/u, '');
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Never within what a person sees as one character, unless that alone is too long. */
function shortened(text: string, longestBytes: number): string {
  if (fits(text, longestBytes)) return text;
  let kept = '';
  for (const { segment } of characters.segment(text)) {
    if (!fits(kept + segment, longestBytes)) break;
    kept += segment;
  }
  return kept;
}

function fits(text: string, longestBytes: number): boolean {
  return Buffer.byteLength(text) <= longestBytes && text.normalize('NFD').length < longestNameUnits;
}
