/**
 * Files per second of `daybook export`, beside the floor of the same run: read + SHA-256 + write + one exiftool write
 * + fsync per file, on all cores, nothing else: nothing is read back, compared or kept in a journal. Both are timed as
 * whole processes on the same drawn 12-megapixel JPEGs, in turns.
 *
 *   npm run bench:export [-- --files 200 --rounds 3]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { drawHeavyPhotos, machineLine, quantile } from './photos.ts';
import { timed } from './timed.ts';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '200' }, rounds: { type: 'string', default: '3' } },
});
const files = Number(values.files);
const rounds = Number(values.rounds);
const root = path.join(import.meta.dirname, '..');
const daybook = path.join(root, 'bin/daybook.js');

const folder = await mkdtemp(path.join(tmpdir(), 'daybook-bench-'));
try {
  const photos = path.join(folder, 'photos');
  const environment = { DAYBOOK_DATA: path.join(folder, 'data') };
  await drawHeavyPhotos(photos, files);
  await timed([daybook, 'import', photos, '--json'], environment);
  const floorSeconds: number[] = [];
  const exportSeconds: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const [floor, archive] = [path.join(folder, `floor-${round}`), path.join(folder, `archive-${round}`)];
    floorSeconds.push(await timed([path.join(root, 'bench/export-floor.ts'), photos, floor], {}));
    await rm(floor, { recursive: true });
    exportSeconds.push(await timed([daybook, 'export', archive, '--json'], environment));
    await rm(archive, { recursive: true });
  }
  const ratios = floorSeconds.map((floor, round) => floor / (exportSeconds[round] ?? Number.NaN));
  process.stdout.write(
    [
      machineLine(),
      `photos   ${files} JPEGs of 12 megapixels, ${rounds} rounds, floor and export in turns`,
      `floor    ${perSecond(floorSeconds)} files/s`,
      `export   ${perSecond(exportSeconds)} files/s`,
      `ratio    ${quantile(ratios, 0.5).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
      'command  npm run bench:export',
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function perSecond(seconds: number[]): string {
  return (files / quantile(seconds, 0.5)).toFixed(1);
}
