/** Reading one date as metadata writes it. What cannot be read says why; it is kept as rejected evidence. */
import type { Rejection } from '#contract/words.ts';
import { wallClock, type WallClock } from './wall-clock.ts';

export type DateFault = Extract<Rejection, 'zeros' | 'impossible_date'>;
/** `offset` is `UTC` or `+02:00` where the value carries one. */
export type DateRead = (WallClock & { offset: string | null; fault: null }) | { fault: DateFault };

/**
 * Year first, as EXIF (`2021:09:27 07:13:47`), XMP (`2021-09-27T07:13:47.05+02:00`), IPTC and ExifTool write it, cut
 * at any precision. Slashes and dots are accepted because the year stands first; `03/04/2010` is not a date here, for
 * nobody can tell the day from the month. ` DST` after an offset (camcorders) says that the offset includes it.
 */
const writtenDate =
  /^(\d{4})(?:([:\-/.])(\d{1,2})(?:\2(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,30}))?)?)?)?)?\s{0,3}(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?(?: DST)?$/i;

export function readDate(raw: string): DateRead {
  const text = raw.trim();
  const match = text.length > 80 ? null : writtenDate.exec(text);
  if (match === null) return { fault: allZeros(text) ? 'zeros' : 'impossible_date' };
  const [, year, , month, day, hour, minute, second, fraction, zone] = match;
  const clock = wallClock({
    year: Number(year),
    month: number(month),
    day: number(day),
    hour: number(hour),
    minute: number(minute),
    second: number(second),
    fraction,
  });
  if (clock === null) return { fault: allZeros(text) ? 'zeros' : 'impossible_date' };
  return { ...clock, offset: zone === undefined ? null : readOffset(zone), fault: null };
}

/**
 * `+02:00`, `+0200`, `+2` or `Z` as `+02:00` or `UTC`; null for anything else and beyond ±14 h. Cameras without a
 * zone write blanks or `--:--`. Names such as `CST` are not guessed: they mean different zones on two continents.
 */
export function readOffset(raw: string): string | null {
  const text = raw.trim();
  if (/^(?:Z|UTC|GMT)$/i.test(text)) return 'UTC';
  const match = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(text);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? '0');
  if (minutes > 14 * 60 || Number(match[3] ?? '0') > 59) return null;
  return offsetText(match[1] === '-' ? -minutes : minutes);
}

/** Minutes east of UTC as `+05:45`. */
export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** Minutes east of UTC of an offset made by `readOffset`. */
export function offsetMinutes(offset: string): number {
  if (offset === 'UTC') return 0;
  const size = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -size : size;
}

function allZeros(text: string): boolean {
  return /^[0:\-/. TZ+]{1,40}$/.test(text) && text.includes('0');
}

function number(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
