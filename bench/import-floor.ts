/** The floor of `bench/import.ts`: what no importer can do without, with the same libraries, and nothing else. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ExifTool } from 'exiftool-vendored';
import sharp from 'sharp';

const folder = process.argv[2] ?? '.';
const cores = availableParallelism();
sharp.concurrency(1);
const exiftool = new ExifTool({ maxProcs: cores });
const names = await readdir(folder);

await Promise.all(
  Array.from({ length: cores + 1 }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const file = path.join(folder, name);
      const bytes = await readFile(file);
      createHash('sha256').update(bytes).digest('hex');
      await Promise.all([
        sharp(bytes).resize(480, 480, { fit: 'inside' }).webp({ effort: 0 }).toBuffer(),
        exiftool.readRaw(file),
      ]);
    }
  }),
);
await exiftool.end();
