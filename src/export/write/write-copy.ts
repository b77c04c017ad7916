/**
 * From one original to the unfinished files of its copy: the copy itself with date and tags in it, the XMP beside it
 * where the format cannot hold them, and the sidecars that the original had. All of them stand in the work folder,
 * verified, with their file times, and safe on the disk; nothing has its final name yet.
 */
import { open, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TagToWrite } from '#contract/exports.ts';
import type { ExportPart } from '#contract/words.ts';
import type { PlannedFile } from '#export/plan/plan.ts';
import { asRead, tagsAgainst, tagsForSidecar } from '#export/plan/tags-to-write.ts';
import { unfinishedPath } from '#export/work-folder.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import { codeOf } from '#library/import-causes.ts';
import { MediaError } from '#media/media-facts.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { MetadataError, readMetadata, type Metadata } from '#media/metadata.ts';
import { isoMilliseconds } from '#media/open-file.ts';
import { pictureProof } from '#media/picture-proof.ts';
import { readMetadataOf } from '#media/read-media.ts';
import { TagsRefused, writeTags, type Working } from '#media/write-tags.ts';
import { copyHashed, hashFile, type Copied } from './copy.ts';
import { sourceChanged } from './find-source.ts';
import { xmpText } from './xmp-sidecar.ts';

const lasting = new Set(['', 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM']);

/** A file that waits for its final name. */
export type Unfinished = {
  /** Where it stands. */
  file: string;
  /** Where it is to stand: below the target, with `/`. */
  path: string;
  part: ExportPart;
  sha256: string;
  size_bytes: number;
  /** As the file system keeps it. */
  modified_at: string;
};

export type Prepared = { files: Unfinished[]; warnings: string[] };

/** `target` is where the copy is to stand below the folder; the others stand beside it. */
export type ToPrepare = {
  export_id: string;
  folder: string;
  source: string;
  target: string;
  planned: PlannedFile;
};

/**
 * Throws `ItemEnded` with `source_changed` when the source does not hold the bytes of the original, `MediaError` for a
 * source that cannot be read, and errors of the system for the target.
 */
export async function prepareCopy(what: ToPrepare, tools: MediaTools, working: Working): Promise<Prepared> {
  const begun: string[] = [];
  const unfinished = (extension: string) => {
    const file = unfinishedPath(what.folder, what.export_id, extension);
    begun.push(file);
    return file;
  };
  try {
    return await prepare(what, unfinished, tools, working);
  } catch (error) {
    await Promise.allSettled(begun.map((file) => rm(file, { force: true })));
    throw error;
  }
}

async function prepare(
  { source, target, planned }: ToPrepare,
  unfinished: (extension: string) => string,
  tools: MediaTools,
  working: Working,
): Promise<Prepared> {
  const files: Unfinished[] = [];
  const warnings: string[] = [];

  const plain = unfinished(planned.extension);
  const written = unfinished(planned.extension);
  const original = await copyHashed(source, plain, working);
  if (original.sha256 !== planned.sha256) throw sourceChanged(source);
  const file_time = planned.file_time === null ? original.modified : new Date(planned.file_time);
  const refused = planned.into === 'file' ? await writeBeside() : null;
  const isWritten = planned.into === 'file' && refused === null;
  await finish(isWritten ? written : plain, target, 'copy', file_time, isWritten ? null : original.sha256);

  const beside = isWritten || planned.into === 'nowhere' ? [] : tagsForSidecar(planned);
  if (refused !== null) {
    const where = beside.length > 0 ? 'Date and tags stand in a sidecar beside it' : 'It went out as it is';
    warnings.push(`${where}: ${refused}`);
  }
  const xmp = `${target}.xmp`;
  let xmpIsThere = false;
  for (const companion of planned.companions) {
    const extra = companion.target === xmp ? beside : [];
    if (await prepareCompanion(companion, extra)) xmpIsThere ||= companion.target === xmp;
  }
  if (beside.length > 0 && !xmpIsThere) await prepareXmp(beside);
  return { files, warnings };

  /** Leaves the new file or the plain copy, whichever goes out. Null, or why the new one does not. */
  async function writeBeside(): Promise<string | null> {
    const refused = await unlessFull(plain, () => writeVerified(plain, written, planned, tools, working));
    if (refused !== null) await mustHaveRoom(plain);
    await rm(refused === null ? plain : written, { force: true });
    return refused;
  }

  /** Sidecars are copied as they are, except XMP that says another time than the copy. */
  async function prepareCompanion(
    { source: from, target: at }: PlannedFile['companions'][number],
    extra: readonly TagToWrite[],
  ): Promise<boolean> {
    const file = unfinished(path.extname(at).slice(1));
    let copied: Copied;
    try {
      copied = await copyHashed(from, file, working);
    } catch (error) {
      // One that is closed to us or not there any more is left out; a disk that stumbles is asked again.
      if (!(error instanceof MediaError) || !lasting.has(codeOf(error))) throw error;
      await rm(file, { force: true });
      warnings.push(`The sidecar ${from} was left out: ${error.message}`);
      return false;
    }
    const line = await inLine(file, extra);
    await finish(line, at, 'companion', copied.modified, line === file ? copied.sha256 : null);
    return true;
  }

  async function inLine(file: string, extra: readonly TagToWrite[]): Promise<string> {
    if (!file.endsWith('.xmp')) return file;
    const to = unfinished('xmp');
    try {
      const { time_tags } = await readMetadata(file, 'picture', tools, working.signal);
      const writes = [...tagsAgainst(planned, time_tags).filter(isNotAmong(extra)), ...extra];
      if (writes.length === 0) return file;
      await unlessFull(file, () => writeTags(file, to, writes, tools, working));
      const missing = missingFrom(await readMetadata(to, 'picture', tools, working.signal), writes);
      if (missing !== undefined) throw new TagsRefused(notFound(missing));
      await rm(file);
      return to;
    } catch (error) {
      if (!(error instanceof TagsRefused || error instanceof MetadataError)) throw error;
      await mustHaveRoom(file);
      await rm(to, { force: true });
      warnings.push(`Its XMP sidecar goes out as it is, although it may say another time: ${error.message}`);
      return file;
    }
  }

  async function prepareXmp(tags: readonly TagToWrite[]): Promise<void> {
    const file = unfinished('xmp');
    await writeFile(file, xmpText(tags), { flag: 'wx' });
    const missing = missingFrom(await readMetadata(file, 'picture', tools, working.signal), tags);
    if (missing !== undefined) throw new Error(`The XMP sidecar does not hold ${missing.tag}.`);
    await finish(file, xmp, 'xmp', file_time, null);
  }

  /** Reads the file once more: its bytes must be `expected` where nothing was written into them. */
  async function finish(
    file: string,
    at: string,
    part: ExportPart,
    modified: Date,
    expected: string | null,
  ): Promise<void> {
    const { sha256, size_bytes } = await hashFile(file, working);
    if (expected !== null && sha256 !== expected) throw arrivedOtherwise(at);
    await using handle = await open(file, 'r+');
    await handle.utimes(modified, modified);
    await handle.sync();
    const { mtimeNs } = await handle.stat({ bigint: true });
    files.push({ file, path: at, part, sha256, size_bytes, modified_at: isoMilliseconds(mtimeNs) });
  }
}

/**
 * Writes the tags and looks whether they are there and the picture is untouched. Null when all is well; else why not,
 * as a sentence.
 */
async function writeVerified(
  from: string,
  to: string,
  planned: PlannedFile,
  tools: MediaTools,
  working: Working,
): Promise<string | null> {
  try {
    const before = await proofOf(from);
    if (before === null)
      return 'whether its picture stays untouched cannot be told, so it was not written into.';
    await writeTags(from, to, planned.writes, tools, working);
    const missing = missingFrom(await readMetadataOf(to, planned, tools, working.signal), planned.writes);
    if (missing !== undefined) return notFound(missing);
    if ((await proofOf(to)) !== before) return 'writing into it would have changed its picture.';
    return null;
  } catch (error) {
    if (!(error instanceof TagsRefused || error instanceof MetadataError)) throw error;
    return `ExifTool does not write into it (${error.message}).`;
  }

  async function proofOf(file: string): Promise<string | null> {
    const { size: size_bytes } = await stat(file);
    return pictureProof(file, { mime_type: planned.mime_type, size_bytes }, tools, working);
  }
}

const listTags: ReadonlySet<string> = new Set(['IPTC:Keywords', 'XMP-dc:Subject']);

/** The first of these that an import would not read back as it was to be written. */
function missingFrom(metadata: Metadata, writes: readonly TagToWrite[]): TagToWrite | undefined {
  const keywords = new Set(metadata.keywords);
  return writes.find(({ tag, value }) => {
    if (!listTags.has(tag)) return (metadata.time_tags[asRead(tag)] ?? '') !== value;
    return value === '' ? keywords.size > 0 : !keywords.has(value);
  });
}

function notFound({ tag, value }: TagToWrite): string {
  const what = value === '' ? `${tag} could not be taken out` : `${tag} could not be read back as ${value}`;
  return `${what}.`;
}

function isNotAmong(others: readonly TagToWrite[]): (write: TagToWrite) => boolean {
  const tags = new Set(others.map(({ tag }) => tag));
  return ({ tag }) => !tags.has(tag);
}

/**
 * ExifTool on a full disk says that it could not write, or writes half a file and says nothing: what goes wrong where
 * there is hardly room is put down to that, and no file is given a sidecar for it.
 */
async function unlessFull<Value>(file: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof TagsRefused)) await mustHaveRoom(file);
    throw error;
  }
}

/** For the new files of some lanes beside this one. */
const hardlyBytes = 16_000_000;

async function mustHaveRoom(file: string): Promise<void> {
  const [{ bavail, bsize }, { size }] = await Promise.all([statfs(path.dirname(file)), stat(file)]);
  if (bavail * bsize > 2 * size + hardlyBytes) return;
  throw Object.assign(new Error(`There is hardly room for ${size} bytes.`), { code: 'ENOSPC' });
}

function arrivedOtherwise(path: string): ItemEnded {
  const message = `${path} does not hold the bytes that were copied into it: check the disk of the target and its cable.`;
  return new ItemEnded({ outcome: 'try_again', code: 'copy_differs', message });
}
