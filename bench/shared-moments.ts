/**
 * How often a camera that is an hour behind is found out by a phone on the same journey, and how often chance alone
 * says that a clock was wrong: two people on journeys of their own. Journeys are a model (`test/fixtures`), so the
 * figures say what the method needs, not how people travel.
 *
 *   node bench/shared-moments.ts [--journeys 100]
 */
import { parseArgs } from 'node:util';
import { sharedPeriods } from '#review/shared-moments.ts';
import { Slices } from '#review/slices.ts';
import { twoPhotographers, type Journey } from '../test/fixtures/two-photographers.ts';

const { values } = parseArgs({ options: { journeys: { type: 'string', default: '100' } } });
const journeys = Number(values.journeys);
const late = 3600;
/** Cameras and phones of a household: each pair is another chance for chance. */
const comparisons = 10;

const kinds: Pick<Journey, 'days' | 'scenes_a_day' | 'interest'>[] = [
  { days: 1, scenes_a_day: 40, interest: 0.6 },
  { days: 2, scenes_a_day: 20, interest: 0.5 },
  { days: 3, scenes_a_day: 15, interest: 0.6 },
  { days: 7, scenes_a_day: 15, interest: 0.5 },
  { days: 7, scenes_a_day: 15, interest: 0.3 },
  { days: 14, scenes_a_day: 12, interest: 0.5 },
];

process.stdout.write('days  scenes a day  each takes  found  off by (median, most)  by chance\n');
for (const kind of kinds) {
  const errors: number[] = [];
  let byChance = 0;
  for (let seed = 1; seed <= journeys; seed += 1) {
    const [found] = await periodsOf({ ...kind, seed, together: true }, late);
    if (found !== undefined) errors.push(Math.abs(found.seconds - late));
    byChance += (await periodsOf({ ...kind, seed, together: false }, 0)).length;
  }
  const sorted = errors.toSorted((one, other) => one - other);
  const off = sorted.length === 0 ? '–' : `${sorted[Math.floor(sorted.length / 2)]} s, ${sorted.at(-1)} s`;
  const cells = [
    String(kind.days).padEnd(5),
    String(kind.scenes_a_day).padEnd(13),
    `${kind.interest * 100} %`.padEnd(11),
    `${errors.length}/${journeys}`.padEnd(8),
    off.padEnd(23),
    `${byChance}/${journeys}`,
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
}

async function periodsOf(journey: Journey, seconds: number) {
  const { one, other } = twoPhotographers(journey);
  const camera = one.map((shot) => ({ wall: (shot - seconds) * 1000, folder: 'camera' }));
  const phone = other.map((shot) => ({ wall: shot * 1000, at: shot * 1000, zone: 'UTC', folder: 'phone' }));
  return sharedPeriods(camera, phone, comparisons, new Slices());
}
