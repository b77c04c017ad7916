/**
 * Files per second of `daybook import`, beside the floor of the same run: read + SHA-256 + one libvips
 * decode/resize/encode + one exiftool read per file, on all cores, nothing else. Both are timed as whole processes
 * on the same drawn 12-megapixel JPEGs, in turns, so that a machine that changes its speed changes both. Wall time is
 * meant for a machine that does nothing else; the processor seconds of all processes are to be told also on a busy one.
 *
 *   npm run bench [-- --files 400 --rounds 3]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { drawHeavyPhotos, machineLine, quantile } from './photos.ts';
import { processorOfChildren, timed } from './timed.ts';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '400' }, rounds: { type: 'string', default: '3' } },
});
const files = Number(values.files);
const rounds = Number(values.rounds);
const root = path.join(import.meta.dirname, '..');

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  const photos = path.join(folder, 'photos');
  await drawHeavyPhotos(photos, files);
  const floor: Seconds[] = [];
  const imported: Seconds[] = [];
  for (let round = 1; round <= rounds; round++) {
    floor.push(await measured([path.join(root, 'bench/import-floor.ts'), photos], {}));
    const data = path.join(folder, `data-${round}`);
    imported.push(
      await measured([path.join(root, 'bin/daybook.js'), 'import', photos, '--json'], { DAYBOOK_DATA: data }),
    );
    await rm(data, { recursive: true });
  }
  const ratioOf = (what: keyof Seconds) => {
    const ratios = floor.map((seconds, round) => seconds[what] / (imported[round]?.[what] ?? Number.NaN));
    return `${quantile(ratios, 0.5).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`;
  };
  process.stdout.write(
    [
      machineLine(),
      `photos   ${files} JPEGs of 12 megapixels, ${rounds} rounds, floor and import in turns`,
      `floor    ${perSecond(floor)} files/s, ${perFile(floor)} ms of a processor each`,
      `import   ${perSecond(imported)} files/s, ${perFile(imported)} ms`,
      `ratio    ${ratioOf('wall')} of the files per second`,
      `         ${ratioOf('processor')} in processor time, of all processes`,
      'command  npm run bench',
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

type Seconds = { wall: number; processor: number };

async function measured(command: string[], environment: Record<string, string>): Promise<Seconds> {
  const before = processorOfChildren();
  const wall = await timed(command, environment);
  return { wall, processor: processorOfChildren() - before };
}

function perSecond(seconds: Seconds[]): string {
  return (files / median(seconds, 'wall')).toFixed(1);
}

function perFile(seconds: Seconds[]): string {
  return ((median(seconds, 'processor') * 1000) / files).toFixed(1);
}

function median(seconds: Seconds[], what: keyof Seconds): number {
  const each = seconds.map((one) => one[what]);
  return quantile(each, 0.5);
}
