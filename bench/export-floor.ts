/** The floor of `bench/export.ts`: what no exporter can do without, with the same libraries, and nothing else. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ExifTool } from 'exiftool-vendored';

const [folder = '.', target = '.'] = process.argv.slice(2);
const cores = availableParallelism();
const exiftool = new ExifTool({ maxProcs: cores });
const names = await readdir(folder);
await mkdir(target);

await Promise.all(
  Array.from({ length: cores + 1 }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const bytes = await readFile(path.join(folder, name));
      createHash('sha256').update(bytes).digest('hex');
      const copy = path.join(target, name);
      await using handle = await open(copy, 'wx');
      await handle.writeFile(bytes);
      const tags = { 'EXIF:OffsetTimeDigitized': '+02:00' } as object;
      await exiftool.write(copy, tags, { writeArgs: ['-o', `${copy}.written.jpg`] });
      await using written = await open(`${copy}.written.jpg`, 'r+');
      await written.sync();
      await rm(copy);
    }
  }),
);
await exiftool.end();
