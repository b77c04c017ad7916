/**
 * The collection of real files beside the repository (../shared/media) imported, exported and imported into a fresh
 * library: as it is, after a person moved every clock by ninety minutes, and after a person said of everything that
 * only its day is known. Prints, as Markdown, how many came back the same by format, and the exceptions with their
 * reasons; each of them on stderr. Ends with 1 when an exception has none, or a pixel differs.
 *
 *   npm run report:export
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openTestTools, type ExportHouse } from '../../test/export-house.ts';
import { exceptions, roundTrip, type Trip } from './round-trip.ts';

const samples = path.join(import.meta.dirname, '../../../shared/media');
if (!existsSync(samples)) {
  process.stdout.write(`There is no collection of real files in ${samples}: nothing to report.\n`);
  process.exit(0);
}

const everything = { filter: {} };
const cases: Record<string, (house: ExportHouse) => Promise<void>> = {
  'as imported': async () => {},
  'clocks moved': (house) => house.decide(everything, { kind: 'shift', data: { seconds: 5400 } }),
  'only a day': (house) =>
    house.decide(everything, {
      kind: 'set_time',
      data: { local: '2011-05-06', precision: 'day', zone: null, entered: '6 May 2011' },
    }),
};

await using tools = await openTestTools();
const trips = new Map<string, Trip[]>();
for (const [name, mend] of Object.entries(cases)) {
  const trip = await roundTrip({ source: samples, write_uncertain: false, mend, tools });
  for (const { name: failed, message } of trip.failed) process.stdout.write(`${failed}: ${message}\n`);
  trips.set(name, trip.trips);
}
const all = [...trips.values()].flat();

const names = [...trips.keys()];
row('format', 'date and tags go', ...names);
row('---', '---', ...names.map(() => '---'));
for (const format of [...new Set(all.map((trip) => trip.format))].sort()) {
  const cells = names.map((name) => {
    const some = (trips.get(name) ?? []).filter((trip) => trip.format === format);
    return `${some.filter(({ because }) => because === null).length} of ${some.length}`;
  });
  row(`\`${format}\``, wayOf(all.filter((trip) => trip.format === format)), ...cells);
}
process.stdout.write('\n');
row('exception', 'case', 'files');
row('---', '---', '---');
for (const name of names) {
  const odd = (trips.get(name) ?? []).filter(({ because }) => because !== null);
  for (const [because, some] of Map.groupBy(odd, (trip) => trip.because)) {
    const formats = [...Map.groupBy(some, ({ format }) => format)].map(
      ([format, of]) => `${of.length} \`${format}\``,
    );
    row(`\`${because}\``, name, formats.join(', '));
    for (const { file, before, after } of some) {
      process.stderr.write(`${because}, ${name}: ${file}, ${before.local} came back as ${after?.local}\n`);
    }
  }
}
process.stdout.write('\n');
for (const [key, words] of Object.entries(exceptions)) process.stdout.write(`- \`${key}\`: ${words}.\n`);
const count = (pixels: Trip['pixels']) => all.filter((trip) => trip.pixels === pixels).length;
process.stdout.write(
  `\nPixels: ${count('equal')} equal, ${count('differ')} differ, ${count('not decoded')} that nothing decodes.\n`,
);
if (all.some(({ because, pixels }) => because === 'unexplained' || pixels === 'differ')) process.exitCode = 1;

function wayOf(some: readonly Trip[]): string {
  const file = some.some(({ into }) => into === 'file');
  const sidecar = some.some(({ into }) => into === 'sidecar');
  if (file) return sidecar ? 'into the file; beside it where it is damaged' : 'into the file';
  return 'into an XMP beside it';
}

function row(...cells: string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
