/** The tables of `docs/capture-time.md`, printed from the tables of the code. A test holds the two together. */
import { evidenceSources, rejections, type ZoneSource, zoneSources } from '#contract/words.ts';
import { nameRules } from './file-name.ts';
import { rejectionWords } from './rejections.ts';
import { factsOf, type Reads } from './sources.ts';

const reading = {
  local: 'wall clock; its zone is not in the value',
  utc: 'UTC, or an instant',
  as_written: 'as written: with a zone where it has one',
} as const satisfies Record<Reads, string>;

/** What each zone source means, in the order in which they are tried. */
export const zoneWords = {
  offset_tag:
    'the offset tag of the same field: `OffsetTimeOriginal`, `OffsetTimeDigitized`; `OffsetTime` only for `ModifyDate`',
  time_zone_tag: 'the maker’s `TimeZone` tag; for Nikon, daylight saving adds 60 minutes',
  creation_date: '`Keys:CreationDate` of the same video',
  gps_position: 'the position, through a map of zones; (0, 0) and out-of-range positions are none',
  written: 'an offset inside the date itself',
  utc_difference: 'the difference between a wall clock and a UTC clock of the same shot',
  device: 'the device’s other files: the photo or film that belongs to it, then those of that day',
  home: '`DAYBOOK_TIMEZONE`',
  standard: 'the standard of the source says UTC, and nothing says where it was',
} as const satisfies Record<ZoneSource, string>;

export function sourcesTable(): string {
  const rows = evidenceSources.map((source) => {
    const { weight, reads, called } = factsOf(source);
    return `| \`${source}\` | ${weight} | ${reading[reads]} | ${called} |`;
  });
  return ['| source | weight | reads as | called |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export function rejectionsTable(): string {
  const rows = rejections.map((rejection) => `| \`${rejection}\` | ${rejectionWords[rejection]} |`);
  return ['| reason | in words |', '| --- | --- |', ...rows].join('\n');
}

export function zonesTable(): string {
  const rows = zoneSources.map((source) => `| \`${source}\` | ${zoneWords[source]} |`);
  return ['| zone source | meaning |', '| --- | --- |', ...rows].join('\n');
}

export function namesTable(): string {
  const rows = nameRules.map(({ id, example, meaning }) => `| \`${id}\` | \`${example}\` | ${meaning} |`);
  return ['| rule | example | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
