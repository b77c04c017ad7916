/** What must hold for any evidence at all. The seed is fixed, so that a failure here is a failure everywhere. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '#contract/capture-time.ts';
import { confidences, evidenceSources, rejections } from '#contract/words.ts';
import { agree } from './agreement.ts';
import { choose, chooseCaptureTime, rulesDiffer } from './choose.ts';
import type { ChoiceRule } from './clues.ts';
import { decide } from './decide.ts';
import { factsOf } from './sources.ts';
import { rules } from './testing.ts';
import { instantIn, instantText, wallClockIn } from './wall-clock.ts';

const seed = 20_260_501;
const numRuns = 4000;
const secondMs = 1000;
const base = Temporal.Instant.from('2020-05-05T03:59:59.500Z').epochMilliseconds;

/** Distances that stand on both sides of every limit: a second, the lag of a GPS, quarter hours, 14 hours, a day. */
const distance = fc
  .tuple(
    fc.constantFrom(
      0,
      0,
      0,
      900,
      3600,
      6 * 3600,
      14 * 3600,
      86_400,
      86_401,
      300,
      301,
      31 * 86_400,
      -3600,
      -86_400,
    ),
    fc.constantFrom(0, 0, 1, -1, 2, 0.5, -0.5, 1.001),
  )
  .map(([seconds, more]) => Math.round((seconds + more) * secondMs));

/** A settled piece: its instant, zone and wall clock belong together. */
const piece: fc.Arbitrary<Evidence> = fc
  .record({
    source: fc.constantFrom(...evidenceSources.filter((source) => source !== 'person')),
    away: distance,
    zone: fc.constantFrom('home', '+02:00', '-08:00', 'standard'),
    precision: fc.constantFrom('second', 'second', 'second', 'minute', 'day', 'month', 'year'),
    whole: fc.boolean(),
    rejected: fc.option(fc.constantFrom(...rejections), { freq: 6, nil: null }),
  })
  .map(({ source, away, zone, precision, whole, rejected }) => {
    const name = zone === 'home' ? rules.home_zone : zone === 'standard' ? 'UTC' : zone;
    const milliseconds = whole ? Math.floor((base + away) / secondMs) * secondMs : base + away;
    const wall = wallClockIn(Temporal.Instant.fromEpochMilliseconds(milliseconds), name);
    const lengths = { second: 23, minute: 16, day: 10, month: 7, year: 4 } as const;
    const local = wall.slice(0, lengths[precision]);
    const clock = precision === 'second' || precision === 'minute';
    return {
      source,
      raw: `${local} ${zone}`,
      at: clock ? instantText(instantIn(local, name)) : null,
      local,
      zone: clock ? name : null,
      zone_source: clock ? (zone === 'home' || zone === 'standard' ? zone : 'offset_tag') : null,
      precision,
      weight: factsOf(source).weight,
      rejected,
    };
  });
const list = fc.array(piece, { maxLength: 7 });
const rule = fc.constantFrom<ChoiceRule>('earliest', 'trusted');

describe('for any evidence', () => {
  it('the choice does not depend on the order', () => {
    const shuffled = list.chain((evidence) =>
      fc.tuple(fc.constant(evidence), fc.shuffledSubarray(evidence, { minLength: evidence.length })),
    );
    fc.assert(
      fc.property(shuffled, rule, ([evidence, other], rule) => {
        expect(chooseCaptureTime(other, { ...rules, rule })).toEqual(
          chooseCaptureTime(evidence, { ...rules, rule }),
        );
        expect(rulesDiffer(other, rules)).toBe(rulesDiffer(evidence, rules));
      }),
      { seed, numRuns },
    );
  });

  it('a person’s choice wins', () => {
    fc.assert(
      fc.property(list, piece, rule, (evidence, said, rule) => {
        const person: Evidence = { ...said, source: 'person', weight: 100, rejected: null };
        const chosen = chooseCaptureTime([...evidence, person], { ...rules, rule });
        expect(chosen).toMatchObject({ source: 'person', precision: person.precision, confidence: 'high' });
      }),
      { seed, numRuns },
    );
  });

  it('rejected evidence is never chosen, and something is chosen unless all is rejected', () => {
    fc.assert(
      fc.property(list, rule, (evidence, rule) => {
        const choice = choose(evidence, rule, rules);
        expect(choice === null).toBe(evidence.every(({ rejected }) => rejected !== null));
        if (choice === null) return;
        expect(choice.shown.rejected).toBeNull();
        expect(
          [...choice.group.members, ...choice.group.cover].every(({ rejected }) => rejected === null),
        ).toBe(true);
      }),
      { seed, numRuns },
    );
  });

  it('adding agreeing evidence never lowers the confidence', () => {
    // Pieces near the list's own are drawn, or hardly any would agree.
    const grown = list.chain((evidence) =>
      fc.tuple(fc.constant(evidence), evidence.length === 0 ? piece : fc.oneof(piece, near(evidence))),
    );
    let agreed = 0;
    fc.assert(
      fc.property(grown, rule, ([evidence, added], rule) => {
        const before = choose(evidence, rule, rules);
        if (before === null || added.rejected !== null || !agree(before.shown, added, rules.home_zone)) return;
        agreed += 1;
        const rank = (pieces: Evidence[]): number =>
          confidences.indexOf(chooseCaptureTime(pieces, { ...rules, rule }).confidence);
        expect(rank([...evidence, added])).toBeLessThanOrEqual(rank(evidence));
      }),
      { seed, numRuns: 20_000 },
    );
    expect(agreed).toBeGreaterThan(2000);
  });

  it('two pieces agree with each other or not at all', () => {
    fc.assert(
      fc.property(piece, piece, (one, other) => {
        expect(agree(one, other, rules.home_zone)).toBe(agree(other, one, rules.home_zone));
        expect(agree(one, one, rules.home_zone)).toBe(true);
      }),
      { seed, numRuns },
    );
  });

  it('a day, month or year is never shown with a clock', () => {
    fc.assert(
      fc.property(list, rule, (evidence, rule) => {
        const { precision, local, at, zone } = chooseCaptureTime(evidence, { ...rules, rule });
        if (precision === null || precision === 'second' || precision === 'minute') return;
        expect([local?.includes('T'), at, zone]).toEqual([false, null, null]);
      }),
      { seed, numRuns },
    );
  });
});

/** A piece like one of these, from another source or some distance away. */
function near(evidence: Evidence[]): fc.Arbitrary<Evidence> {
  return fc.tuple(fc.constantFrom(...evidence), piece, fc.boolean()).map(([one, other, keep]) => ({
    ...one,
    source: keep ? one.source : other.source,
    weight: keep ? one.weight : other.weight,
    rejected: null,
  }));
}

describe('for any file', () => {
  it('nothing that stands in tags and names makes a decision fail', () => {
    const stamp = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 19).replace('T', ' '));
    const value = fc.oneof(
      stamp,
      fc.string({ maxLength: 40 }),
      fc.constantFrom('0000:00:00 00:00:00', '+25:00', ''),
    );
    const tag = fc.constantFrom(
      ...evidenceSources,
      'EXIF:SubSecTimeOriginal',
      'EXIF:OffsetTimeOriginal',
      'IPTC:TimeCreated',
    );
    const place = fc.option(fc.record({ latitude: fc.double(), longitude: fc.double() }));
    fc.assert(
      fc.property(
        fc.dictionary(tag, value),
        place,
        fc.array(fc.oneof(fc.string(), stamp), { maxLength: 3 }),
        fc.option(value),
        (time_tags, gps, names, modified_at) => {
          const { capture_time, evidence, given_by } = decide({
            clues: { time_tags, gps, kind: 'video', camera: { make: 'NIKON', model: null } },
            names: names.map((name) => ({ name, modified_at, met_at: null })),
            others: [],
            rules,
          });
          expect(given_by).toHaveLength(evidence.length);
          expect(capture_time.because).toMatch(/\.$/);
        },
      ),
      { seed, numRuns: 3000 },
    );
  });
});
