/** Over real files of many cameras, phones and fuzzers, which stand beside the repository where it is developed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MediaError, type MediaFacts } from '#media/media-facts.ts';
import { openMediaTools } from '#media/media-tools.ts';
import { openFile } from '#media/open-file.ts';
import { readMedia } from '#media/read-media.ts';

type Sample = {
  path: string;
  sha256: string;
  size: number;
  expected: { exifDateTimeOriginal: string | null; quicktimeCreateDate: string | null };
};

const folder = path.resolve(import.meta.dirname, '../../../shared/media');
const samples = readManifest();

test.skipIf(samples === null)(
  'every sample of ../shared/media has its hash, its dates and one ending (skipped where that folder is not)',
  async () => {
    const { signal } = new AbortController();
    const tools = await openMediaTools({ processes: 2, max_megapixels: 268, limit_seconds: 20 });
    const wrong: string[] = [];
    const endings = new Map<string, number>();
    const waiting = [...samples!];
    const work = async () => {
      for (let sample = waiting.shift(); sample !== undefined; sample = waiting.shift()) {
        const ending = await readSample(sample);
        endings.set(ending, (endings.get(ending) ?? 0) + 1);
      }
    };
    const readSample = async (sample: Sample): Promise<string> => {
      try {
        const file = await openFile(path.join(folder, sample.path), signal);
        if (file.sha256 !== sample.sha256) wrong.push(`${sample.path}: SHA-256`);
        const facts = await readMedia(file, tools, signal);
        wrong.push(...faultsOf(sample, facts));
        return 'asset';
      } catch (error) {
        if (!(error instanceof MediaError)) throw error;
        if (sample.expected.exifDateTimeOriginal !== null) wrong.push(`${sample.path}: ${error.message}`);
        if (sample.size === 0 && error.code !== 'empty_file') wrong.push(`${sample.path}: ${error.code}`);
        return error.code;
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    const pids = tools.exiftool.pids;
    await tools[Symbol.asyncDispose]();

    expect(wrong).toEqual([]);
    expect([...endings.keys()].sort()).toEqual(['asset', 'empty_file', 'not_media']);
    expect([...endings.values()].reduce((sum, count) => sum + count, 0)).toBe(samples!.length);
    expect(pids.filter(isAlive)).toEqual([]);
  },
  300_000,
);

function faultsOf(sample: Sample, facts: MediaFacts): string[] {
  const { exifDateTimeOriginal, quicktimeCreateDate } = sample.expected;
  const compared = [
    ['EXIF:DateTimeOriginal', exifDateTimeOriginal],
    ['QuickTime:CreateDate', quicktimeCreateDate],
  ] as const;
  return compared
    .filter(([tag, expected]) => (facts.time_tags[tag] ?? null) !== (expected || null))
    .map(([tag, expected]) => `${sample.path}: ${tag} is ${facts.time_tags[tag]}, expected ${expected}`);
}

function readManifest(): Sample[] | null {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'MANIFEST.json'), 'utf8')).files as Sample[];
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
