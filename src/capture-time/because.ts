/** Why this time, in one sentence that a household member understands. */
import type { Evidence } from '#contract/capture-time.ts';
import { agree, localAt } from './agreement.ts';
import type { Choice } from './choose.ts';
import type { Rules } from './clues.ts';
import { inOrder } from './order.ts';
import { rejectionWords } from './rejections.ts';
import { factsOf } from './sources.ts';
import { hasClock, wallMilliseconds } from './wall-clock.ts';

export function because(choice: Choice | null, evidence: readonly Evidence[], rules: Rules): string {
  if (choice === null) return nothing(evidence);
  const { shown, by } = choice;
  if (by === 'person') return `A person said that it was taken ${on(shown, rules)}.`;
  if (by === 'forced') {
    return `The file name says ${said(shown, rules)} and is marked [FORCE], so it goes before everything else.`;
  }
  const start = hasClock(shown.precision) ? '' : `Only the ${shown.precision} is known: `;
  const says = `${factsOf(shown.source).called} says ${said(shown, rules)}`;
  return capital(`${start}${says}${confirmation(choice)}${objection(choice, evidence, rules)}.`);
}

/** `, and the file name says the same`: what confirms, the most independent first. */
function confirmation({ shown, group }: Choice): string {
  const called = factsOf(shown.source).called;
  const others = [...new Set([...group.members, ...group.cover].filter((piece) => piece !== shown))];
  const names = [
    ...new Set(others.toSorted(mostIndependent).map((piece) => factsOf(piece.source).called)),
  ].filter((name) => name !== called);
  const [first, second] = names;
  if (first === undefined) return '';
  const onlyTheDay = others.every((piece) => group.cover.includes(piece));
  const same = onlyTheDay ? `the same ${others[0]?.precision ?? 'day'}` : 'the same';
  if (second === undefined) return `, and ${first} says ${same}`;
  return `, and ${first} and ${second} say ${same}`;
}

/** `, but the file name says 4 July 2019`: what speaks against, or stands out most. */
function objection(choice: Choice, evidence: readonly Evidence[], rules: Rules): string {
  const { shown, group, against } = choice;
  const inside = [...group.members, ...group.cover];
  const others = evidence.filter(
    (piece) =>
      piece.rejected === null &&
      piece.local !== null &&
      factsOf(piece.source).of_the_shot &&
      !inside.includes(piece) &&
      inside.every((member) => farApart(member, piece, rules)),
  );
  const loudest = (against.length > 0 ? against : others).toSorted(inOrder)[0];
  if (loudest === undefined) return '';
  const called = factsOf(loudest.source).called;
  const name = called === factsOf(shown.source).called ? 'another date there' : called;
  return `, but ${name} says ${said(loudest, rules)}`;
}

/** Two clocks of one device drift, a GPS fix lags and a video is stored at its end: no reader's business. */
const driftMs = 5 * 60_000;

function farApart(one: Evidence, other: Evidence, rules: Rules): boolean {
  if (agree(one, other, rules.home_zone)) return false;
  if (!hasClock(one.precision) || !hasClock(other.precision)) return true;
  const [first, second] = [one, other].map((piece) => wallMilliseconds(localAt(piece, rules.home_zone) ?? ''));
  return Math.abs((first ?? 0) - (second ?? 0)) > driftMs;
}

/** Nothing to choose from: either nothing was said, or nothing can be believed. */
function nothing(evidence: readonly Evidence[]): string {
  const refused = evidence.filter((piece) => piece.rejected !== null);
  const loudest = refused.toSorted(inOrder)[0];
  if (loudest === undefined || loudest.rejected === null) return 'Nothing in this file says when it was taken.';
  const { source, raw, local, rejected } = loudest;
  const reason = rejectionWords[rejected];
  if (rejected === 'copied_recently' || rejected === 'container_zero') {
    return `Nothing in this file says when it was taken: ${reason}.`;
  }
  const value = local === null ? `“${raw.trim().slice(0, 40)}”` : inWords(local);
  return `Nothing that can be believed says when it was taken: ${factsOf(source).called} says ${value}, which is ${reason}.`;
}

/** What a piece says, told in UTC where nothing says which zone it was. */
function said(piece: Evidence, rules: Rules): string {
  const { local, zone_source } = piece;
  if (local === null) return '';
  if (zone_source !== 'standard') return inWords(local);
  const home = localAt(piece, rules.home_zone) ?? local;
  // This computer shows file times in the time of home, and so does everyone who looks them up.
  if (piece.source === 'File:FileModifyDate') return inWords(home);
  return home.slice(0, 16) === local.slice(0, 16)
    ? inWords(local)
    : `${inWords(local)} in universal time, which is ${inWords(home)} at home`;
}

function on(piece: Evidence, rules: Rules): string {
  const when = said(piece, rules);
  return piece.precision === 'month' || piece.precision === 'year' ? `in ${when}` : `on ${when}`;
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** `5 May 2020 10:20:30`, `18 December 2017`, `July 2019`, `2018`. Sub-seconds are for the evidence, not the reason. */
export function inWords(local: string): string {
  const [date = '', time] = local.split('T');
  const [year = '', month, day] = date.split('-');
  const name = month === undefined ? '' : `${months[Number(month) - 1] ?? month} `;
  const clock = time === undefined ? '' : ` ${time.slice(0, 8)}`;
  return `${day === undefined ? '' : `${Number(day)} `}${name}${Number(year)}${clock}`;
}

/** A name, the GPS or Google know it from elsewhere; another tag of the same camera is only an echo. */
function mostIndependent(one: Evidence, other: Evidence): number {
  return independence(other) - independence(one) || inOrder(one, other);
}

function independence({ source }: Evidence): number {
  if (source === 'filename_datetime' || source === 'Takeout:photoTakenTime' || source === 'GPS:GPSDateTime')
    return 3;
  if (source === 'filename_date' || source === 'folder_date') return 2;
  return source === 'File:FileModifyDate' || source === 'neighbours' ? 0 : 1;
}

function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
