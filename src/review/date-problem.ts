/** Why a typed date was not understood, or not as one date, and what to add: one sentence for whoever typed it. */
import { inWords } from '#capture-time/because.ts';
import { monthNumber, monthWord } from '#capture-time/names/months.ts';

/** What was understood of a text that is no date yet. */
export type Understood = {
  month: number | undefined;
  day: number | undefined;
  hour: number | undefined;
  /** `yesterday`, `2 weeks ago`. */
  is_relative: boolean;
  /** From one day to another. */
  is_range: boolean;
  /** A zone was named and is not known, as CST. */
  has_unknown_zone: boolean;
};

const seasons =
  /(?:^|[^\p{L}])(?:spring|summer|autumn|fall|winter|frühling|frühjahr|sommer|herbst|printemps|été|automne|hiver|primavera|verano|otoño|invierno|estate|autunno|inverno|verão|outono|lente|zomer|herfst)(?:$|[^\p{L}])/iu;
const feasts =
  /(?:^|[^\p{L}])(?:christmas|xmas|easter|new year|thanksgiving|hallowe'?en|weihnachten|heiligabend|ostern|pfingsten|silvester|neujahr|noël|pâques|navidad|natale|natal|pasqua|pascua|páscoa|kerst|kerstmis|pasen|birthday|geburtstag|anniversaire)(?:$|[^\p{L}])/iu;
const relativeWords =
  /^(?:today|now|yesterday|tomorrow|heute|gestern|vorgestern|hier|aujourd'hui|ayer|hoy|ieri|oggi|ontem|hoje|gisteren|vandaag|last \p{L}+|this \p{L}+)$/iu;
const decade = /(?:^|\D)(?:\d{2})?\d0['’]?s$/iu;
/** May 19: the day, or the year? */
const monthAndTwoDigits = new RegExp(`^(?<word>${monthWord})\\.? (?<digits>\\d{2})$`, 'iu');
const dayAndMonth = /^(?<day>\d{1,2})(?:\. ?|\/|-)(?<month>\d{1,2})\.?$/u;
const dayMonthWord = new RegExp(
  `^(?:(?<day>\\d{1,2})(?:st|nd|rd|th|er|º)?\\.? (?:de |of )?)?(?<word>${monthWord})\\.?(?: |$)`,
  'iu',
);
const time = String.raw`(?:[T ,]{1,2}(?:at )?\d{1,2}.{0,20})?`;
/** Written like a date, so that only the calendar can have refused it. */
const wholeDate = new RegExp(
  [
    String.raw`^\d{4}[-/.:]\d{1,2}(?:[-/.:]\d{1,2}${time})?$`,
    String.raw`^\d{1,2}[-/.](?:\d{1,2}[-/.]\d{4}${time}|\d{4})$`,
    String.raw`^\d{1,2}\.? (?:${monthWord})\.? \d{4}${time}$`,
    String.raw`^(?:${monthWord})\.? \d{1,2},? \d{4}${time}$`,
  ].join('|'),
  'iu',
);

export function problemWith(text: string, understood: Understood | null, has_zone: boolean): string {
  const quoted = `“${text}”`;
  if (text === '') return 'Write a date, like 5 May 2019 15:00, June 2004 or 2019.';
  if (has_zone)
    return `${quoted} names a zone and no time of day: add one, as in 5 May 2019 15:00 Europe/Paris.`;
  if (understood?.has_unknown_zone === true) {
    return `${quoted} names a zone by letters that mean several: write it like +02:00, UTC or Europe/Paris.`;
  }
  if (understood?.is_range === true) {
    return `${quoted} is more than one day: write one of them, or the month or year that holds them.`;
  }
  if (understood?.is_relative === true || relativeWords.test(text)) {
    return `${quoted} depends on the day it is read: write the day itself, as in 5 May 2019.`;
  }
  if (feasts.test(text)) {
    return `${quoted} is not the same day everywhere: write the day, as in 25 December 2019.`;
  }
  if (seasons.test(text)) return `${quoted} is a season: write a month or the year, as in July 2004 or 2004.`;
  if (decade.test(text)) return `${quoted} is ten years: write one of them, as in 1995.`;
  return withoutYear(text, quoted, understood) ?? other(text, quoted);
}

function withoutYear(text: string, quoted: string, understood: Understood | null): string | null {
  const { word, digits } = monthAndTwoDigits.exec(text)?.groups ?? {};
  const named = word === undefined ? null : monthNumber(word);
  if (named !== null && digits !== undefined) {
    const month = inWords(`2019-${two(named)}`).replace(' 2019', '');
    const [day, year] = [Number(digits), Number(digits) > 31 ? `19${digits}` : `20${digits}`];
    return day >= 1 && day <= 31
      ? `${quoted} may be a day or a year: write the year in full, as in ${day} ${month} 2019 or ${month} ${year}.`
      : `${quoted} has no full year: write all of it, as in ${month} ${year}.`;
  }
  if (/\d{4}/.test(text)) return null;
  const short = dayAndMonth.exec(text)?.groups;
  const spoken = dayMonthWord.exec(text)?.groups;
  const month =
    understood?.month ?? monthOf(short?.['month']) ?? monthNumber(spoken?.['word'] ?? '') ?? undefined;
  const day = understood?.day ?? numberOf(short?.['day'] ?? spoken?.['day']);
  if (month !== undefined) {
    const example = inWords(day === undefined ? `2019-${two(month)}` : `2019-${two(month)}-${two(day)}`);
    return `${quoted} has no year: add it, as in ${example}.`;
  }
  if (short !== undefined) return `${quoted} has no year: add it, as in 5 May 2019.`;
  if (understood !== null && understood.hour !== undefined) {
    return `${quoted} has no day: add it, as in 5 May 2019 15:00.`;
  }
  return understood === null ? null : `${quoted} has no date: add day, month and year, as in 5 May 2019.`;
}

function other(text: string, quoted: string): string {
  if (wholeDate.test(text)) return `${quoted} is not in the calendar: look at the day, the month and the time.`;
  return `${quoted} is not understood as a date. Write it like 5 May 2019 15:00, June 2004 or 2019.`;
}

function monthOf(digits: string | undefined): number | undefined {
  const month = numberOf(digits);
  return month === undefined || month < 1 || month > 12 ? undefined : month;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
