/** What a review group is called, and what would settle all of it at once. */
import { factsOf } from '#capture-time/sources.ts';
import type { ReviewGroup } from '#contract/review.ts';
import type { EvidenceSource, Precision } from '#contract/words.ts';
import type { Doubt } from '#library/doubt.ts';
import { secondsInWords } from './decision-words.ts';

/** `312 from WhatsApp: the day is known, the time is not` */
export function sentenceFor(doubt: Doubt, count: number): string {
  const from =
    doubt.origin === '' ? '' : doubt.origin === 'screenshots' ? ' screenshots' : ` from ${doubt.origin}`;
  return `${count.toLocaleString('en')}${from}: ${reasonOf(doubt)}`;
}

function reasonOf({ kind, shown, rival, seconds, precision }: Doubt): string {
  switch (kind) {
    case 'no_date':
      return 'nothing says when';
    case 'contradiction':
    case 'rules_differ': {
      const [one, other] = [called(shown), called(rival)];
      if (rival === null) return `${one} and other good dates say different times`;
      if (seconds !== null) return differing(one, seconds, other);
      return one === other ? `${one} says two different times` : `${one} and ${other} say different times`;
    }
    case 'part_of_date':
      return `the ${precision ?? 'day'} is known, the ${missing(precision)} is not`;
    case 'file_time_only':
      return 'only the time the file was saved is known';
    case 'name_only':
      return `dated by ${called(shown)} alone`;
    case 'unconfirmed':
      return seconds === null
        ? `dated by ${called(shown)}, which nothing else confirms`
        : differing(called(shown), seconds, called(rival));
    case 'not_sorted':
      return 'not sorted yet; deciding again sorts them';
  }
}

function missing(precision: Precision | null): string {
  return precision === 'year' ? 'month' : precision === 'month' ? 'day' : 'time';
}

/** `the camera’s clock is 1 h behind the GPS clock` */
function differing(one: string, seconds: number, other: string): string {
  const amount = secondsInWords(Math.abs(seconds)).slice(1);
  return `${one} is ${amount} ${seconds < 0 ? 'behind' : 'ahead of'} ${other}`;
}

function called(source: EvidenceSource | null): string {
  return source === null ? 'another date' : factsOf(source).called;
}

export function proposalFor({ kind, rival, precision, shown }: Doubt, count: number): ReviewGroup['proposal'] {
  const all = count === 1 ? 'it' : `all ${count.toLocaleString('en')}`;
  switch (kind) {
    case 'no_date':
    case 'not_sorted':
      return null;
    case 'contradiction':
    case 'rules_differ':
      if (rival === null) return null;
      return choose(rival, all);
    case 'part_of_date':
      return accept(`Keep the ${precision ?? 'day'} for ${all}; no time is made up`);
    case 'file_time_only':
      return accept(`Keep the time the file was saved for ${all}`);
    case 'name_only':
    case 'unconfirmed':
      if (rival !== null) return choose(rival, all);
      return accept(`Trust ${called(shown)} for ${all}`);
  }
}

function accept(sentence: string): ReviewGroup['proposal'] {
  return { sentence, decision: { kind: 'accept' } };
}

function choose(source: EvidenceSource, all: string): ReviewGroup['proposal'] {
  return { sentence: `Take ${called(source)} for ${all}`, decision: { kind: 'choose', source } };
}
