/**
 * The uploads of this page: one queue outside React, so that moving between pages stops nothing. Tens of thousands
 * of files are counted, never listed; the page hears of changes at most five times a second.
 */
import { useSyncExternalStore } from 'react';
import type { DetailedError, Upload } from 'tus-js-client';
import { api, discardUpload, queryClient, sentenceOf, uploadsAddress } from '../api.ts';
import type { FoundFile } from './dropped-files.ts';
import { reasonOf } from './refusal-words.ts';
import { anotherTabUploads, holdLock, releaseLock } from './tab-lock.ts';
import {
  forgetUploads,
  rememberedUploads,
  rememberFinished,
  uploadIdOf,
  uploadMemory,
} from './upload-memory.ts';

/** Once it has arrived it has an `uploadId`. */
type Entry = FoundFile & { sent: number; upload: Upload | null; uploadId: string | null; fault: string | null };

/** `importing`: everything has arrived and the import is being asked for. `stopped`: a person has to say how to go on. */
type Phase = 'idle' | 'sending' | 'paused' | 'importing' | 'stopped';

export type Uploads = {
  phase: Phase;
  total: number;
  arrived: number;
  left: number;
  bytes: number;
  bytesArrived: number;
  seconds: number;
  now: { name: string; share: number }[];
  /** By reason, each with a few of its names. */
  faults: { reason: string; count: number; names: string[] }[];
  faultCount: number;
  refusal: string | null;
  /** The job that the last import became, until a page has taken it up: `jobIsShown`. */
  jobId: string | null;
};

/** What was begun before the page was closed. */
export type Interrupted = { total: number; arrived: string[]; halfway: number };

/** Browsers keep six connections to a server; three stay free for pictures and progress. */
const atOnce = 3;
const retryDelaysMs = [0, 1000, 2000, 4000, 8000, ...Array<number>(12).fill(10_000)];
const mostPerImport = 100_000;
const batchKey = 'daybook-upload-total';

let entries: Entry[] = [];
let next = 0;
let phase: Phase = 'idle';
let refusal: string | null = null;
let jobId: string | null = null;
let active = new Set<Entry>();
let again: Entry[] = [];
let faulty: Entry[] = [];
/** What is on its way into an import: out of the queue, and back in it if the import is refused. */
const leaving = new Set<Entry>();
/** Uploads that an import is being asked for; the same file added meanwhile must not be taken for one of them. */
const promised = new Set<string>();
let counts = { arrived: 0, bytes: 0, bytesArrived: 0 };
let clock = { startedAt: 0, before: 0 };

// ── What a person does ──────────────────────────────────────────────────────────────────────────────────────

export function addFiles(files: readonly FoundFile[]): void {
  if (files.length === 0) return;
  for (const found of files) {
    entries.push({ ...found, sent: 0, upload: null, uploadId: null, fault: null });
    counts.bytes += found.file.size;
  }
  localStorage.setItem(batchKey, String(entries.length + leaving.size));
  holdLock();
  goOn();
}

export function goOn(): void {
  refusal = null;
  if (phase !== 'sending') clock.startedAt = performance.now();
  phase = 'sending';
  pump();
}

export function pauseUploads(): void {
  stopClock();
  phase = 'paused';
  for (const entry of active) {
    void entry.upload?.abort();
    again.push(entry);
  }
  active = new Set();
  changed();
}

export function retryFaulty(): void {
  again.push(...faulty);
  faulty = [];
  goOn();
}

/**
 * Drops what has not arrived yet. What has arrived is kept, for the person to import or forget. Resolves to the files,
 * which can be added again: what has arrived is then not sent twice.
 */
export async function cancelUploads(): Promise<FoundFile[]> {
  pauseUploads();
  const files = entries.map(({ file, folder }) => ({ file, folder }));
  const ids = entries.flatMap((entry) => entry.uploadId ?? []);
  tally(entries, -1);
  entries = [];
  next = 0;
  again = [];
  faulty = [];
  rest();
  if (ids.length === 0 && leaving.size === 0) await forgetInterrupted();
  return files;
}

/** Imports what has arrived of the running batch. What could not be sent is given up with it. */
export async function importArrived(): Promise<void> {
  const givenUp = new Set(faulty);
  const taken = takeOut((entry) => entry.uploadId !== null || givenUp.has(entry));
  faulty = [];
  stopClock();
  phase = 'importing';
  refusal = null;
  changed();
  const imported = new Set<string>();
  try {
    await importUploads(
      taken.flatMap((entry) => entry.uploadId ?? []),
      (ids) => ids.forEach((id) => imported.add(id)),
    );
    done(taken);
  } catch (error) {
    const isImported = ({ uploadId }: Entry) => uploadId !== null && imported.has(uploadId);
    done(taken.filter(isImported));
    putBack(taken.filter((entry) => !isImported(entry)));
    faulty.push(...givenUp);
    // Files added meanwhile go on; at their end everything is asked for again.
    if (phase === 'importing' || phase === 'idle') {
      phase = 'stopped';
      refusal = sentenceOf(error);
    }
  }
  changed();
}

/** Imports what waits on the server at this moment: a cancelled job may have finished files since that was shown. */
export async function importWaiting(): Promise<void> {
  const interrupted = await interruptedUploads();
  if (interrupted !== null) await importUploads(interrupted.arrived, () => {});
}

/** Asks for the import of finished uploads, in one job each hundred thousand; says which a job has taken. */
async function importUploads(
  ids: readonly string[],
  onImported: (ids: readonly string[]) => void,
): Promise<void> {
  for (const id of ids) promised.add(id);
  try {
    for (let from = 0; from < ids.length; from += mostPerImport) {
      const uploads = ids.slice(from, from + mostPerImport);
      const job = await api.imports.create.call({ uploads });
      jobId = job.id;
      onImported(uploads);
      await forgetUploads(new Set(uploads));
    }
  } finally {
    for (const id of ids) promised.delete(id);
    changed();
    void queryClient.invalidateQueries({ queryKey: api.jobs.key() });
  }
}

/** The page shows the job of the last import; from now on its address says so. */
export function jobIsShown(): void {
  jobId = null;
  changed();
}

/** Asks the server what arrived and this browser what it had begun. Null while a batch runs here or in another tab. */
export async function interruptedUploads(): Promise<Interrupted | null> {
  if (entries.length + leaving.size > 0 || (await anotherTabUploads())) return null;
  const arrived: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.imports.waiting.call({ limit: 500, cursor });
    arrived.push(...page.items.map((upload) => upload.id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && arrived.length < mostPerImport);
  const halfway = (await rememberedUploads()).filter((row) => !row.finished).length;
  if (arrived.length + halfway === 0) return null;
  const total = Math.max(arrived.length + halfway, Number(localStorage.getItem(batchKey) ?? 0));
  return { total, arrived, halfway };
}

/** Forgets what was interrupted, here and on the server, whose disk gets its bytes back. */
export async function discardInterrupted({ arrived }: Interrupted): Promise<void> {
  const begun = (await rememberedUploads()).flatMap(({ uploadUrl }) => (uploadUrl === null ? [] : [uploadUrl]));
  const ids = [...new Set([...arrived, ...begun.map(uploadIdOf)])];
  const workers = Array.from({ length: atOnce }, async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) await discardUpload(id);
  });
  await Promise.all(workers);
  await forgetInterrupted();
}

async function forgetInterrupted(): Promise<void> {
  localStorage.removeItem(batchKey);
  await forgetUploads('all');
}

// ── The queue ───────────────────────────────────────────────────────────────────────────────────────────────

function pump(): void {
  if (phase === 'sending') {
    while (active.size < atOnce) {
      const entry = again.pop() ?? entries[next++];
      if (entry === undefined) break;
      active.add(entry);
      void send(entry);
    }
    next = Math.min(next, entries.length);
    if (active.size === 0) drained();
  }
  changed();
}

function drained(): void {
  stopClock();
  if (faulty.length > 0) phase = 'stopped';
  else void importArrived();
}

async function send(entry: Entry): Promise<void> {
  const { file, folder } = entry;
  // Loaded with the first file: most visits upload nothing.
  const tus = await import('tus-js-client');
  if (!active.has(entry)) return;
  const upload = new tus.Upload(file, {
    endpoint: uploadsAddress,
    metadata: {
      filename: file.name,
      relative_path: folder,
      modified_at: new Date(file.lastModified).toISOString(),
    },
    retryDelays: retryDelaysMs,
    // The bytes go in a second request: one cut off while it creates and fills an upload at once leaves a finished
    // upload whose address this page never learnt, and the file would arrive twice.
    uploadDataDuringCreation: false,
    urlStorage: uploadMemory,
    removeFingerprintOnSuccess: false,
    fingerprint: () => Promise.resolve(['daybook', folder, file.name, file.size, file.lastModified].join('|')),
    onProgress: (bytes) => {
      counts.bytesArrived += bytes - entry.sent;
      entry.sent = bytes;
      changed();
    },
    onSuccess: () => void arrived(entry),
    onError: (error) => broke(entry, error),
  });
  entry.upload = upload;
  entry.fault = null;
  const earlier = (await upload.findPreviousUploads()).find(
    ({ uploadUrl }) => uploadUrl === null || !promised.has(uploadIdOf(uploadUrl)),
  );
  if (earlier !== undefined) upload.resumeFromPreviousUpload(earlier);
  // Paused, or paused and sent anew, while the memory was asked.
  if (active.has(entry) && entry.upload === upload) upload.start();
}

async function arrived(entry: Entry): Promise<void> {
  const url = entry.upload?.url ?? null;
  if (url === null || !active.delete(entry)) return;
  entry.uploadId = uploadIdOf(url);
  entry.upload = null;
  counts.arrived += 1;
  counts.bytesArrived += entry.file.size - entry.sent;
  entry.sent = entry.file.size;
  await rememberFinished(url);
  pump();
}

function broke(entry: Entry, error: Error | DetailedError): void {
  if (!active.delete(entry)) return;
  counts.bytesArrived -= entry.sent;
  entry.sent = 0;
  entry.upload = null;
  entry.fault = reasonOf(error);
  faulty.push(entry);
  pump();
}

function stopClock(): void {
  if (phase === 'sending') clock.before += performance.now() - clock.startedAt;
}

/** Takes entries out of the queue; all of them have had their turn. They still count until they are done. */
function takeOut(which: (entry: Entry) => boolean): Entry[] {
  const taken = entries.slice(0, next).filter(which);
  const out = new Set(taken);
  const before = entries.slice(0, next).filter((entry) => !out.has(entry));
  entries = [...before, ...entries.slice(next)];
  next = before.length;
  for (const entry of taken) leaving.add(entry);
  return taken;
}

function putBack(taken: readonly Entry[]): void {
  for (const entry of taken) leaving.delete(entry);
  entries = [...taken, ...entries];
  next += taken.length;
  if (taken.length > 0) holdLock();
}

/** They have left for good. The speed of what is still under way is measured anew. */
function done(gone: readonly Entry[]): void {
  tally(gone, -1);
  for (const entry of gone) leaving.delete(entry);
  clock = { startedAt: performance.now(), before: 0 };
  if (phase === 'importing') rest();
  else localStorage.setItem(batchKey, String(entries.length + leaving.size));
}

function tally(some: readonly Entry[], sign: 1 | -1): void {
  for (const entry of some) {
    counts.bytes += sign * entry.file.size;
    counts.bytesArrived += sign * entry.sent;
    if (entry.uploadId !== null) counts.arrived += sign;
  }
}

/** Nothing is under way any more, but perhaps an import that is being asked for. */
function rest(): void {
  refusal = null;
  clock = { startedAt: 0, before: 0 };
  phase = leaving.size > 0 ? 'importing' : 'idle';
  if (phase === 'idle' && entries.length === 0) {
    releaseLock();
    localStorage.removeItem(batchKey);
  }
  changed();
}

// ── What the page hears ─────────────────────────────────────────────────────────────────────────────────────

const listeners = new Set<() => void>();
let snapshot = takeSnapshot();
let timer: number | null = null;

function takeSnapshot(): Uploads {
  const running = phase === 'sending' ? performance.now() - clock.startedAt : 0;
  return {
    phase,
    total: entries.length + leaving.size,
    arrived: counts.arrived,
    left: entries.length + leaving.size - counts.arrived,
    bytes: counts.bytes,
    bytesArrived: counts.bytesArrived,
    seconds: (clock.before + running) / 1000,
    now: [...active].map(({ file, sent }) => ({
      name: file.name,
      share: file.size === 0 ? 1 : sent / file.size,
    })),
    faults: faultsByReason(),
    faultCount: faulty.length,
    refusal,
    jobId,
  };
}

function faultsByReason(): Uploads['faults'] {
  const groups = new Map<string, { reason: string; count: number; names: string[] }>();
  for (const { file, fault } of faulty) {
    const reason = fault ?? '';
    const group = groups.get(reason) ?? { reason, count: 0, names: [] };
    group.count += 1;
    if (group.names.length < 5) group.names.push(file.name);
    groups.set(reason, group);
  }
  return [...groups.values()];
}

function changed(): void {
  timer ??= window.setTimeout(() => {
    timer = null;
    snapshot = takeSnapshot();
    for (const listener of listeners) listener();
  }, 200);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useUploads(): Uploads {
  return useSyncExternalStore(subscribe, () => snapshot);
}

/** While files are on their way, leaving the page asks first. */
window.addEventListener('beforeunload', (event) => {
  if (phase === 'sending') event.preventDefault();
});
