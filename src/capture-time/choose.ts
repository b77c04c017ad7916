/** From settled evidence to one capture time: which pieces stand together, which group wins, how sure that is. */
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { Confidence } from '#contract/words.ts';
import { agree, covers, localAt } from './agreement.ts';
import { because } from './because.ts';
import type { ChoiceRule, Rules } from './clues.ts';
import { isForced } from './file-name.ts';
import { inOrder } from './order.ts';
import { factsOf } from './sources.ts';
import { endOf, hasClock, instantIn, instantText, wallClockIn, wallMilliseconds } from './wall-clock.ts';

/**
 * Pieces that agree, directly or through another one: `members` are equally fine (all with a clock, or all days, or
 * …), `cover` the coarser ones whose day, month or year holds a member. A coarse piece covers every group it fits,
 * and stands alone only where it fits none: "2019" agrees with a photo of July 2019 and is not earlier than it.
 */
export type Group = { members: Evidence[]; cover: Evidence[] };

export type Choice = {
  /** The piece that is shown. */
  shown: Evidence;
  /** Everything that agrees with it. */
  group: Group;
  /** Good pieces that say something else by more than a day. */
  against: Evidence[];
  /** `person`: someone entered it; `forced`: someone wrote `[FORCE]` into the name; `rule`: the rule chose. */
  by: 'person' | 'forced' | 'rule';
};

/** Weight from which one piece is worth a `medium`. */
const fairWeight = 5;
/** Weight from which a piece that another confirms is worth a `high`. */
const strongWeight = 8;
/**
 * Weight from which a piece that says something else lowers the confidence. ModifyDate and its like (5) are left out:
 * a picture that was retouched a month later contradicts nothing.
 */
const goodWeight = 6;
const dayMs = 86_400_000;
const eventMs = 31 * dayMs;
const driftMs = 5 * 60_000;
/** A GPS time is that of the last fix. Up to here before another clock it lags; it does not make the picture older. */
const gpsLagMs = 5 * 60_000;

/** The capture time by the rule in force, from evidence alone: what is stored with an asset is enough. */
export function chooseCaptureTime(evidence: readonly Evidence[], rules: Rules): CaptureTime {
  const choice = choose(evidence, rules.rule, rules);
  if (choice === null) {
    return {
      at: null,
      local: null,
      zone: null,
      zone_source: null,
      source: null,
      precision: null,
      confidence: 'none',
      because: because(null, evidence, rules),
    };
  }
  const { shown } = choice;
  return {
    ...placed(shown, rules),
    source: shown.source,
    precision: shown.precision,
    confidence: confidenceOf(choice),
    because: because(choice, evidence, rules),
  };
}

/**
 * Whether `earliest` and `trusted` show times that are worth a person's look: more than five minutes apart. Nearer
 * ones are two clocks of one device, a GPS fix that lags, a video stored at its end.
 */
export function rulesDiffer(evidence: readonly Evidence[], rules: Rules): boolean {
  // Where everything agrees, which is nearly everywhere, no rule has a choice.
  if (groupsOf(believed(evidence), rules.home_zone).length < 2) return false;
  const [one, other] = (['earliest', 'trusted'] as const).map((rule) => choose(evidence, rule, rules)?.shown);
  if (one === undefined || other === undefined || agree(one, other, rules.home_zone)) return false;
  return distance(one, other, rules) > driftMs || one.precision !== other.precision;
}

export function choose(evidence: readonly Evidence[], rule: ChoiceRule, rules: Rules): Choice | null {
  const dated = believed(evidence);
  const person = dated.filter((piece) => piece.source === 'person').sort(inOrder)[0];
  const forced = dated.filter(isForced).sort(inOrder)[0];
  const everyGroup = groupsOf(dated, rules.home_zone);
  const groups = withoutGoogleAlone(everyGroup);
  const told = person ?? forced;
  if (told !== undefined) {
    const group = everyGroup.find(({ members }) => members.includes(told)) ?? { members: [told], cover: [] };
    return { shown: told, group, against: [], by: person === undefined ? 'forced' : 'person' };
  }
  const group = rule === 'earliest' ? earliest(groups, rules) : heaviest(groups, rules);
  const shown = group?.members.toSorted(inOrder)[0];
  if (group === undefined || shown === undefined) return null;
  return { shown, group, against: contradictions(group, dated, rules), by: 'rule' };
}

/**
 * Google confirms or supplies a time and never overwrites a local clock: what only it says is passed over where
 * something else states the wall clock of the shot.
 */
function withoutGoogleAlone(groups: readonly Group[]): readonly Group[] {
  const hasLocalClock = groups.some(({ members }) => members.some(statesWallClock));
  return hasLocalClock ? groups.filter(({ members }) => !members.every(isGoogle)) : groups;
}

function isGoogle({ source }: Evidence): boolean {
  return source === 'Takeout:photoTakenTime';
}

function statesWallClock({ source, precision }: Evidence): boolean {
  const { reads, of_the_shot } = factsOf(source);
  return of_the_shot && reads !== 'utc' && hasClock(precision);
}

/** Evidence that may be chosen. The same value from the same source counts once: two copies are no two witnesses. */
function believed(evidence: readonly Evidence[]): Evidence[] {
  const kept: Evidence[] = [];
  for (const piece of evidence
    .filter(({ rejected, local }) => rejected === null && local !== null)
    .sort(inOrder)) {
    if (!kept.some((other) => same(piece, other) && isForced(piece) === isForced(other))) kept.push(piece);
  }
  return kept;
}

function groupsOf(dated: readonly Evidence[], home_zone: string): Group[] {
  const groups: Group[] = [];
  for (const piece of dated.filter(({ precision }) => hasClock(precision))) {
    const near = groups.filter(({ members }) => members.some((member) => agree(member, piece, home_zone)));
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push({ members: [...near.flatMap(({ members }) => members), piece], cover: [] });
  }
  for (const level of ['day', 'month', 'year'] as const) {
    const finer = [...groups];
    for (const piece of dated.filter(({ precision }) => precision === level)) {
      const covered = finer.filter((group) => all(group).some((member) => covers(piece, member, home_zone)));
      for (const group of covered) group.cover.push(piece);
      if (covered.length > 0) continue;
      const alike = groups.find(({ members }) =>
        members.some((member) => member.precision === level && member.local === piece.local),
      );
      if (alike === undefined) groups.push({ members: [piece], cover: [] });
      else alike.members.push(piece);
    }
  }
  return groups;
}

/** The group with the earliest instant. A GPS time alone that only lags behind another clock is passed over. */
function earliest(groups: readonly Group[], rules: Rules): Group | undefined {
  const begins = new Map(groups.map((group) => [group, beginning(group, rules)]));
  const lagging = (group: Group): boolean => {
    const fix = begins.get(group) ?? 0;
    return (
      group.members.every(({ source }) => source === 'GPS:GPSDateTime') &&
      groups.some(({ members }) =>
        members.some((member) => {
          const lag = moment(member, rules) - fix;
          return (
            member.source !== 'GPS:GPSDateTime' && hasClock(member.precision) && lag > 0 && lag <= gpsLagMs
          );
        }),
      )
    );
  };
  return groups
    .filter((group) => !lagging(group) && !namesABeginning(group, groups, rules))
    .toSorted((one, other) => (begins.get(one) ?? 0) - (begins.get(other) ?? 0) || byBest(one, other))[0];
}

/**
 * A folder is named for the day, month or year in which something began, and holds what came after: a journey of
 * weeks, the first of January. What only folders say is passed over where a clock stands at most a month after it.
 */
function namesABeginning(group: Group, groups: readonly Group[], rules: Rules): boolean {
  const folders = group.members.every((piece) => piece.source === 'folder_date' && !hasClock(piece.precision));
  if (!folders) return false;
  const ends = Math.max(...group.members.map((member) => wallSpan(member, rules).to));
  return groups.some(({ members }) =>
    members.some((member) => {
      if (!hasClock(member.precision) || !statesTheShot(member)) return false;
      const late = wallSpan(member, rules).from - ends;
      return late >= 0 && late <= eventMs;
    }),
  );
}

function statesTheShot({ source }: Evidence): boolean {
  return factsOf(source).of_the_shot;
}

/** The group with the highest total weight, the earliest on a tie. */
function heaviest(groups: readonly Group[], rules: Rules): Group | undefined {
  const total = (group: Group): number => all(group).reduce((sum, { weight }) => sum + weight, 0);
  return groups.toSorted(
    (one, other) =>
      total(other) - total(one) || beginning(one, rules) - beginning(other, rules) || byBest(one, other),
  )[0];
}

function byBest(one: Group, other: Group): number {
  const [best, rival] = [one, other].map(({ members }) => members.toSorted(inOrder)[0]);
  return best === undefined || rival === undefined ? 0 : inOrder(best, rival);
}

/**
 * `high`: a piece of weight 8 or more that another confirms. `medium`: weight 5 or more, or two pieces that agree.
 * `low`: a light piece alone, no clock, or good pieces against it. What a person said needs no second witness.
 */
function confidenceOf({ shown, group, against, by }: Choice): Confidence {
  if (by !== 'rule') return 'high';
  if (!hasClock(shown.precision) || against.length > 0) return 'low';
  const confirmed = all(group).length > 1;
  if (shown.weight >= strongWeight && confirmed) return 'high';
  return shown.weight >= fairWeight || confirmed ? 'medium' : 'low';
}

/** Good pieces more than a day away from everything in the group. */
function contradictions(group: Group, dated: readonly Evidence[], rules: Rules): Evidence[] {
  const inside = all(group);
  return dated.filter(
    (piece) =>
      piece.weight >= goodWeight &&
      !inside.includes(piece) &&
      group.members.every((member) => distance(piece, member, rules) > dayMs),
  );
}

/** Milliseconds between two pieces, by instant or by wall clock, whichever is nearer: a zone is no contradiction. */
function distance(one: Evidence, other: Evidence, rules: Rules): number {
  const instants = gap(span(one, rules), span(other, rules));
  const walls = gap(wallSpan(one, rules), wallSpan(other, rules));
  return Math.min(instants, walls);
}

type Span = { from: number; to: number };

function gap(one: Span, other: Span): number {
  return Math.max(0, one.from - other.to, other.from - one.to);
}

function span(piece: Evidence, rules: Rules): Span {
  const from = moment(piece, rules);
  return { from, to: from + (wallSpan(piece, rules).to - wallSpan(piece, rules).from) };
}

function wallSpan(piece: Evidence, rules: Rules): Span {
  const local = localAt(piece, rules.home_zone) ?? '';
  const from = wallMilliseconds(local);
  return { from, to: endOf(local, piece.precision).toZonedDateTime('UTC').epochMilliseconds };
}

function beginning({ members }: Group, rules: Rules): number {
  return Math.min(...members.map((member) => moment(member, rules)));
}

/** The first instant a piece may mean. Without a zone of its own it is read at home. */
function moment({ at, local }: Evidence, rules: Rules): number {
  const instant = at === null ? instantIn(local ?? '', rules.home_zone) : Temporal.Instant.from(at);
  return instant.epochMilliseconds;
}

/** The shown piece with a wall clock: an instant whose place is unknown is told in the time of home. */
function placed(shown: Evidence, rules: Rules): Pick<CaptureTime, 'at' | 'local' | 'zone' | 'zone_source'> {
  const { at, local, zone, zone_source } = shown;
  if (!hasClock(shown.precision)) return { at: null, local, zone: null, zone_source: null };
  if (zone_source === 'standard' && at !== null) {
    const instant = Temporal.Instant.from(at);
    return { at, local: wallClockIn(instant, rules.home_zone), zone: rules.home_zone, zone_source: 'home' };
  }
  if (at !== null || local === null) return { at, local, zone, zone_source };
  return {
    at: instantText(instantIn(local, rules.home_zone)),
    local,
    zone: rules.home_zone,
    zone_source: 'home',
  };
}

function all({ members, cover }: Group): Evidence[] {
  return [...members, ...cover];
}

function same(one: Evidence, other: Evidence): boolean {
  return one.source === other.source && one.local === other.local && one.at === other.at;
}
