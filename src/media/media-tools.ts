/** What reading media needs open: a pool of ExifTool processes, and the limits within which it works. */
import { ExifTool } from 'exiftool-vendored';
import { exiftoolEnvironment, isWindows, runExifTool, spawnBounded } from '#media/bounded-exiftool.ts';

export type MediaToolsOptions = {
  /** ExifTool processes; as many as items are worked at once. One takes 40 to 85 MB. */
  processes: number;
  /** Pictures with more pixels (in millions) are not decoded. */
  max_megapixels: number;
  /** One file may keep ExifTool, or the decoder, busy this long; then it is given up and the process replaced. */
  limit_seconds: number;
};

export type MediaTools = {
  options: MediaToolsOptions;
  exiftool: ExifTool;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Throws when ExifTool does not start, because without it every file would lose its dates. */
export async function openMediaTools(options: MediaToolsOptions): Promise<MediaTools> {
  const died = Promise.withResolvers<never>();
  const onExit = (code: number | null) => died.reject(new Error(`Its process ended with code ${code}.`));
  const exiftool = new ExifTool({
    maxProcs: options.processes,
    taskTimeoutMillis: options.limit_seconds * 1000,
    // Whether a failed read is worth a second try is decided where its reason is known, in metadata.ts.
    taskRetries: 0,
    // Otherwise the second process starts only 1.5 s after the first.
    minDelayBetweenSpawnMillis: 1,
    useMWG: false,
    exiftoolEnv: exiftoolEnvironment,
    ...(isWindows ? {} : { processFactory: () => spawnBounded(onExit) }),
  });
  // The pool would try again for ever, and its callers would wait as long. Nobody listens to those that end later.
  const started = isWindows ? runExifTool(['-ver'], AbortSignal.timeout(60_000)) : exiftool.version();
  try {
    // Perl starts while the decoder is loaded.
    await Promise.all([Promise.race([started, died.promise]), setUpDecoder()]);
  } catch (cause) {
    await exiftool.end();
    throw new Error('ExifTool does not start. It needs Perl 5: install perl and try again.', { cause });
  }
  return { options, exiftool, [Symbol.asyncDispose]: () => exiftool.end() };
}

async function setUpDecoder(): Promise<void> {
  const { default: sharp } = await import('sharp');
  // Several pictures are decoded at once, so each keeps to one thread; nothing is decoded twice, so no cache.
  sharp.concurrency(1);
  sharp.cache(false);
}
