/**
 * Files per second of `daybook import`, beside the floor of the same run: read + SHA-256 + one libvips
 * decode/resize/encode + one exiftool read per file, on all cores, nothing else. Both are timed as whole processes
 * on the same drawn 12-megapixel JPEGs, in turns, so that a machine that changes its speed changes both.
 *
 *   npm run bench [-- --files 400 --rounds 3]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { drawHeavyPhotos, machineLine, quantile } from './photos.ts';
import { timed } from './timed.ts';

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
  const floorSeconds: number[] = [];
  const importSeconds: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    floorSeconds.push(await timed([path.join(root, 'bench/import-floor.ts'), photos], {}));
    const data = path.join(folder, `data-${round}`);
    importSeconds.push(
      await timed([path.join(root, 'bin/daybook.js'), 'import', photos, '--json'], { DAYBOOK_DATA: data }),
    );
    await rm(data, { recursive: true });
  }
  const ratios = floorSeconds.map((floor, round) => floor / (importSeconds[round] ?? Number.NaN));
  process.stdout.write(
    [
      machineLine(),
      `photos   ${files} JPEGs of 12 megapixels, ${rounds} rounds, floor and import in turns`,
      `floor    ${perSecond(floorSeconds)} files/s`,
      `import   ${perSecond(importSeconds)} files/s`,
      `ratio    ${quantile(ratios, 0.5).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
      'command  npm run bench',
      '',
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function perSecond(seconds: number[]): string {
  return (files / quantile(seconds, 0.5)).toFixed(1);
}
