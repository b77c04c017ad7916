/** What the benches work on: drawn photos as heavy to decode as real ones, and a line about the machine. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { ExifTool } from 'exiftool-vendored';
import sharp from 'sharp';

export function machineLine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `machine  ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, ${gigabytes} GB, Node ${process.versions.node}`;
}

/** The value below which `share` of all lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** JPEGs of 12 megapixels (about 4 MB) with the tags a phone writes; each differs in its bytes. */
export async function drawHeavyPhotos(to: string, count: number): Promise<void> {
  await mkdir(to);
  const [width, height] = [4032, 3024];
  const noise = sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#777',
      noise: { type: 'gaussian', mean: 128, sigma: 22 },
    },
  });
  const sky = Buffer.from(
    `<svg width="${width}" height="${height}"><linearGradient id="g" y2="1" x2="1"><stop stop-color="#8ac"/><stop offset="1" stop-color="#352"/></linearGradient><rect width="100%" height="100%" fill="url(#g)" opacity=".75"/></svg>`,
  );
  const model = path.join(to, 'model.jpg');
  await writeFile(
    model,
    await noise
      .composite([{ input: sky }])
      .jpeg({ quality: 88 })
      .toBuffer(),
  );
  const exiftool = new ExifTool();
  try {
    const tags: Record<string, string | number> = {
      'EXIF:DateTimeOriginal': '2021:09:21 14:44:23',
      'EXIF:CreateDate': '2021:09:21 14:44:23',
      'EXIF:OffsetTimeOriginal': '+02:00',
      'EXIF:Make': 'Drawn',
      'EXIF:Model': 'Bench',
      'EXIF:GPSLatitude': 41.9,
      'EXIF:GPSLatitudeRef': 'N',
      'EXIF:GPSLongitude': 12.5,
      'EXIF:GPSLongitudeRef': 'E',
    };
    await exiftool.write(model, tags, { writeArgs: ['-overwrite_original'] });
  } finally {
    await exiftool.end();
  }
  const bytes = await readFile(model);
  await rm(model);
  for (let photo = 0; photo < count; photo++) {
    const name = `IMG_20210921_${String(100_000 + photo)}.jpg`;
    await writeFile(path.join(to, name), Buffer.concat([bytes, randomBytes(16)]));
  }
}
