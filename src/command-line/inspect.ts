/** Says what files tell about themselves; stores nothing. */
import { decide } from '#capture-time/decide.ts';
import type { Rules } from '#capture-time/clues.ts';
import { mediaToolsOptions, rulesOf } from '#app.ts';
import type { Config } from '#config.ts';
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { Warning } from '#contract/library.ts';
import { walk, type FoundFile } from '#library/walk.ts';
import { MediaError } from '#media/media-facts.ts';
import { openMediaTools, type MediaTools } from '#media/media-tools.ts';
import { openFile } from '#media/open-file.ts';
import { readMedia } from '#media/read-media.ts';
import { isSidecar } from '#media/sidecar.ts';
import { inspectionInWords } from './inspection-in-words.ts';

/** One line of `daybook inspect --json`. With an `error` everything that could not be learnt is null. */
export type Inspection = {
  path: string;
  sha256: string | null;
  dhash: string | null;
  size_bytes: number | null;
  mime_type: string | null;
  width: number | null;
  height: number | null;
  duration_seconds: number | null;
  capture_time: CaptureTime | null;
  evidence: Evidence[];
  warnings: Warning[];
  error: { code: string; message: string } | null;
};

/** A file that belongs to another is told, but it is no fault. */
const sidecar = { code: 'sidecar', message: 'It belongs to a photo or video and is not one itself.' };

/** Resolves to the exit code: 0 when every file could be read. */
export async function inspect(config: Config, paths: string[], options: { json: boolean }): Promise<number> {
  const unreadable: FoundFile[] = [];
  const files = await walk(paths, {
    leaveOut: null,
    onUnreadable: (folder) => unreadable.push({ path: folder, name: folder }),
  });
  await using tools = await openMediaTools(mediaToolsOptions(config));
  const inOrder = [...files, ...unreadable].sort((a, b) =>
    a.path.localeCompare(b.path, 'en', { numeric: true }),
  );
  let allRead = true;
  const say = options.json ? (inspection: Inspection) => `${JSON.stringify(inspection)}\n` : inspectionInWords;
  for await (const inspection of inspectEach(inOrder, tools, rulesOf(config))) {
    if (inspection.error !== null && inspection.error.code !== sidecar.code) allRead = false;
    process.stdout.write(say(inspection));
  }
  return allRead ? 0 : 1;
}

/** Several at once, told in order. */
async function* inspectEach(
  files: FoundFile[],
  tools: MediaTools,
  rules: () => Rules,
): AsyncGenerator<Inspection> {
  const ahead: Promise<Inspection>[] = [];
  let next = 0;
  while (next < files.length || ahead.length > 0) {
    for (
      let file = files[next];
      file !== undefined && ahead.length < tools.options.processes + 1;
      file = files[++next]
    ) {
      ahead.push(inspectOne(file, tools, rules()));
    }
    const first = ahead.shift();
    if (first !== undefined) yield await first;
  }
}

async function inspectOne(file: FoundFile, tools: MediaTools, rules: Rules): Promise<Inspection> {
  const unknown: Inspection = {
    path: file.path,
    sha256: null,
    dhash: null,
    size_bytes: null,
    mime_type: null,
    width: null,
    height: null,
    duration_seconds: null,
    capture_time: null,
    evidence: [],
    warnings: [],
    error: null,
  };
  // Hashing a large file takes as long as it takes; what may hang is bounded where it is called.
  const { signal } = new AbortController();
  if (isSidecar(file.name)) return { ...unknown, error: sidecar };
  try {
    const opened = await openFile(file.path, signal);
    const known = { ...unknown, sha256: opened.sha256, size_bytes: opened.size_bytes };
    try {
      const facts = await readMedia(opened, tools, signal);
      const { evidence, capture_time } = decide({
        clues: facts,
        names: [{ name: file.name, modified_at: opened.modified_at, met_at: null }],
        others: [],
        rules,
      });
      const { dhash, mime_type, width, height, duration_seconds, warnings } = facts;
      return { ...known, dhash, mime_type, width, height, duration_seconds, warnings, capture_time, evidence };
    } catch (error) {
      return { ...known, error: errorOf(error) };
    }
  } catch (error) {
    return { ...unknown, error: errorOf(error) };
  }
}

function errorOf(error: unknown): { code: string; message: string } {
  if (error instanceof MediaError) return { code: error.code, message: error.message };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
