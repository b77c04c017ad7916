/** What a sidecar says about the photo or video beside it: the same words as its own tags, nothing judged. */
import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { MediaFacts } from '#media/media-facts.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { readMetadata } from '#media/metadata.ts';
import { asMediaError, isoMilliseconds } from '#media/open-file.ts';

export type SidecarFacts = {
  /** The name it was met under. */
  name: string;
  /** Its file time: a sidecar that was changed since is read again. */
  modified_at: string;
  /** As `MediaFacts.time_tags`; of a Takeout JSON `photoTakenTime` and `creationTime`, seconds since 1970. */
  time_tags: Record<string, string>;
  gps: MediaFacts['gps'];
  /** Left out by versions that did not read them. */
  keywords?: string[];
};

/** XMP with a long editing history has some hundred kilobytes; a Takeout JSON two. */
const largestSidecarBytes = 4 * 1024 * 1024;

/** Which sidecars say something about time or place. The others are only kept out of the library. */
export function isReadSidecar(name: string): boolean {
  return /\.(?:xmp|json|thm)$/i.test(name);
}

/**
 * Reads one sidecar. Whatever is wrong with it, it says nothing then: the photo is worth keeping without it. Null when
 * it is not there any more. Throws the reason of the signal, and `MediaError` for a disk that stumbles: the photo is
 * tried again then, for nobody would ever read the sidecar a second time.
 */
export async function readSidecar(
  file: { name: string; read_from: string },
  tools: MediaTools,
  signal: AbortSignal,
): Promise<SidecarFacts | null> {
  signal.throwIfAborted();
  const { name, read_from } = file;
  const stats = await stat(read_from, { bigint: true }).catch((error: unknown) => {
    if (isOfTheDisk(error)) throw asMediaError(error, read_from);
    return null;
  });
  if (stats === null) return null;
  const sidecar = { name, modified_at: isoMilliseconds(stats.mtimeNs) };
  if (!stats.isFile() || stats.size > largestSidecarBytes) return { ...sidecar, ...nothing };
  try {
    const said = /\.json$/i.test(name)
      ? takeoutSays(await readText(read_from))
      : await metadataSays(read_from, tools, signal);
    return { ...sidecar, ...said };
  } catch (error) {
    signal.throwIfAborted();
    if (isOfTheDisk(error)) throw asMediaError(error, read_from);
    return { ...sidecar, ...nothing };
  }
}

/** Gone, or closed to us, is an answer; any other error of the system says nothing about the sidecar. */
const answers = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

function isOfTheDisk(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E[A-Z0-9]+$/.test(code) && !answers.has(code);
}

type Said = Pick<SidecarFacts, 'time_tags' | 'gps' | 'keywords'>;
const nothing: Said = { time_tags: {}, gps: null };

async function metadataSays(path: string, tools: MediaTools, signal: AbortSignal): Promise<Said> {
  const { time_tags, gps, keywords } = await readMetadata(path, 'picture', tools, signal);
  return keywords.length === 0 ? { time_tags, gps } : { time_tags, gps, keywords };
}

async function readText(path: string): Promise<string> {
  await using handle = await open(path);
  // Awaited here: a read that fails while the handle is being closed would be nobody's, and end the process.
  return await handle.readFile('utf8');
}

const Position = z.object({ latitude: z.number(), longitude: z.number() });
const Moment = z.object({ timestamp: z.union([z.string().max(20), z.number()]) });
const TakeoutJson = z.object({
  photoTakenTime: Moment,
  /** When it reached Google, which also stands under `photoTakenTime` where a file has no date. */
  creationTime: Moment.optional().catch(undefined),
  geoData: Position.optional().catch(undefined),
  geoDataExif: Position.optional().catch(undefined),
});

/** Nothing for JSON that is not of a photo. `geoData` is what the owner or Google set, `geoDataExif` what the file said. */
function takeoutSays(text: string): Said {
  const { success, data } = TakeoutJson.safeParse(JSON.parse(text));
  if (!success) return nothing;
  const positions = [data.geoData, data.geoDataExif];
  const { latitude = 0, longitude = 0 } =
    positions.find((place) => place !== undefined && (place.latitude !== 0 || place.longitude !== 0)) ?? {};
  return {
    time_tags: {
      'Takeout:photoTakenTime': String(data.photoTakenTime.timestamp),
      ...(data.creationTime && { 'Takeout:creationTime': String(data.creationTime.timestamp) }),
    },
    gps: latitude === 0 && longitude === 0 ? null : { latitude, longitude },
  };
}
