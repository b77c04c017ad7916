/** Writing tags: into a new file beside the one that is read, which stays as it is. */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ExifToolTask } from 'exiftool-vendored';
import { runExifTool } from '#media/bounded-exiftool.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { askTwice } from '#media/metadata.ts';
import { heldInMemoryBytes } from '#media/open-file.ts';
import { harmlessToExifTool, withPlainPath } from '#media/plain-path.ts';

/** Several of one name are the values of a list; an empty value takes the tag out. */
export type TagValue = { tag: string; value: string };

/** ExifTool does not write into this file; the message says why. */
export class TagsRefused extends Error {}

export type Working = {
  signal: AbortSignal;
  /** Long work moves. */
  moves: () => void;
};

/**
 * Writes `to`, the file `from` with these tags. Both stand in one folder, under names of ours. Throws `TagsRefused`,
 * `MetadataError` when ExifTool takes too long or dies twice, or the reason of the signal; what then stands under the
 * new name is good for nothing.
 */
export async function writeTags(
  from: string,
  to: string,
  tags: readonly TagValue[],
  tools: MediaTools,
  working: Working,
): Promise<void> {
  const { size } = await stat(from);
  const refused = await withPlainPath(path.dirname(from), harmlessToExifTool, async (folder) => {
    const inFolder = (file: string) => path.join(folder, path.basename(file));
    const given = [...argumentsOf(tags), '-o', inFolder(to), inFolder(from)];
    if (size > heldInMemoryBytes) return writeAlone(to, given, working);
    const write = async () => {
      await rm(to, { force: true });
      return tools.exiftool.enqueueTask(() => new WriteTask(given), false);
    };
    return askTwice(write, tools.options.limit_seconds, working.signal);
  });
  if (refused !== null) throw new TagsRefused(refused);
}

/** One argument in a line, which is how the pool hands them over. */
function argumentsOf(tags: readonly TagValue[]): string[] {
  const assignments = tags.flatMap(({ tag, value }) => {
    // eslint-disable-next-line no-control-regex
    const plain = value.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
    // The small picture inside a JPEG has a directory of its own, from which nothing is taken out unless it is named.
    const small = plain === '' && tag.startsWith('EXIF:') ? [`-IFD1:${tag.slice('EXIF:'.length)}=`] : [];
    return [`-${tag}=${plain}`, ...small];
  });
  return [...(tags.some(isIptc) ? iptcInUtf8 : []), ...assignments];
}

function isIptc({ tag, value }: TagValue): boolean {
  return tag.startsWith('IPTC:') && value !== '';
}

/**
 * IPTC has one character set for everything in it, so what stands there is written again in UTF-8; and Photoshop's
 * digest, by which other programs see whether IPTC or XMP is the newer, is brought up to date.
 */
const iptcInUtf8 = [
  '-tagsFromFile',
  '@',
  '-IPTC:All',
  '--IPTC:Keywords',
  '-IPTC:CodedCharacterSet=UTF8',
  '-Photoshop:IPTCDigest=new',
];

/** Answers why ExifTool refused, or null. */
class WriteTask extends ExifToolTask<string | null> {
  override parse(said: string, error?: Error): string | null {
    return error === undefined ? notCreated(said) : refusal(error.message);
  }
}

const looksEveryMs = 1000;

/** In a process of its own; it moves as long as the new file grows. */
async function writeAlone(to: string, given: string[], { signal, moves }: Working): Promise<string | null> {
  let grown = 0;
  const look = async () => {
    const size = await stat(to).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size > grown) moves();
    grown = size;
  };
  const looking = setInterval(() => void look(), looksEveryMs);
  try {
    const { stdout, stderr } = await runExifTool(given, signal);
    const error = stderr.split('\n').find((line) => line.startsWith('Error'));
    return error === undefined ? notCreated(stdout) : refusal(error);
  } finally {
    clearInterval(looking);
  }
}

/** Formats that it never writes are no error to ExifTool. */
function notCreated(said: string): string | null {
  return /\b1 image files? (?:created|copied)/.test(said) ? null : 'it does not write files of this format';
}

/**
 * `Error: Not a valid PNG (looks more like a JPEG) - /a/path` without the path. Throws where not the file is at fault
 * but the disk that is written to.
 */
function refusal(text: string): string {
  const why = text
    .replace(/^Error: */, '')
    .replace(/ - \/.*$/s, '')
    .slice(0, 200);
  if (!/^Error (?:writing|creating|opening|closing|renaming)/i.test(why)) return why;
  throw Object.assign(new Error(`ExifTool could not write the new file: ${why}.`), { code: 'EIO' });
}
