/** The job kind `import`: one item is one file; its effect is an asset, or one more location of a known one. */
import type { Kysely } from 'kysely';
import type { Rules } from '#capture-time/clues.ts';
import type { ImportSummary } from '#contract/job-summary.ts';
import type { Database } from '#db/schema.ts';
import { defineJobKind, type JobFacts, type TurnedSkipped } from '#jobs/kinds.ts';
import { ItemEnded } from '#jobs/outcome.ts';
import { MediaError } from '#media/media-facts.ts';
import type { MediaTools } from '#media/media-tools.ts';
import { openFile } from '#media/open-file.ts';
import { giveBackBuffer } from '#media/read-buffers.ts';
import { readMedia } from '#media/read-media.ts';
import { isReadSidecar, readSidecar, type SidecarFacts } from '#media/read-sidecar.ts';
import { isSidecar } from '#media/sidecar.ts';
import { fileAtPath, fileOfUpload, isKnownUnchanged, placeOfUpload, type Place } from './found-file.ts';
import { importKind, type ImportInput } from './import-input.ts';
import { summariseImport } from './import-summary.ts';
import { endingOf, isDiskFull } from './import-causes.ts';
import { assetOfBytes, keepReadings, type Reading } from './keep-asset.ts';
import { SidecarFolders, type FoundSidecar } from './sidecars/sidecar-folders.ts';
import { isAlbumJson } from './sidecars/takeout-names.ts';
import { moveIntoOriginals, type Storage } from './storage.ts';

export type ImportParts = {
  db: Kysely<Database>;
  storage: Storage;
  tools: MediaTools;
  rules: () => Rules;
};

const alreadyHere = 'already here';
const describesAlbum = 'describes an album, not a photo or video';
const photoNotHere = 'belongs to a photo or video that is not here';

export function importJobKind({ db, storage, tools, rules }: ImportParts) {
  const folders = new SidecarFolders(db, storage);
  return defineJobKind<ImportInput, Reading>({
    name: importKind,

    async process(item, { job, signal, moves }) {
      try {
        await storage.reserve.hold();
        const place = await placeOf(item.key, job);
        if (isSidecar(item.label)) return { outcome: 'skipped', because: await belongsTo(place, job) };
        const sidecars = (await folders.of(job, place)).filter(({ name }) => isReadSidecar(name));
        if (job.input.from === 'paths' && (await isKnownUnchanged(db, job.owner, item.key, sidecars))) {
          return { outcome: 'skipped', because: alreadyHere };
        }
        return { outcome: 'done', result: await read(item.key, job.input, job.owner, sidecars, signal, moves) };
      } catch (error) {
        const ending = await endingOf(error, job.input.from === 'paths' ? job.input.paths : [], item.key);
        if (ending === undefined) throw error;
        // The ledger needs room to write that there is none.
        if (isDiskFull(error)) await storage.reserve.giveUp();
        return ending;
      }
    },

    async commit(changes, results, job) {
      const to = { owner: job.owner, job_id: job.id, rules: rules() };
      const readings = results.map(({ result }) => result);
      try {
        const kept = await keepReadings(changes, to, readings);
        return results.flatMap(({ item }, index): TurnedSkipped[] =>
          kept[index]?.is_new === true ? [] : [{ seq: item.seq, because: alreadyHere }],
        );
      } catch (cause) {
        // Of a group any item may be the reason: then each is settled alone, and this is its own.
        const ending = await endingOf(cause, [], results[0]?.item.key ?? '');
        throw ending === undefined ? cause : new ItemEnded(ending, { cause });
      }
    },

    async summarise(changes, job): Promise<ImportSummary> {
      return {
        ...(await summariseImport(changes, job)),
        success_count: job.done,
        error_count: job.failed,
        duration_seconds: job.elapsed_seconds,
      };
    },
  });

  async function placeOf(key: string, job: JobFacts<ImportInput>): Promise<Place> {
    return job.input.from === 'paths' ? fileAtPath(key).meeting : placeOfUpload(db, job.owner, key);
  }

  async function belongsTo(place: Place, job: JobFacts<ImportInput>): Promise<string> {
    const owner = await folders.ownerOf(job, place);
    if (owner !== null) return `belongs to ${owner}`;
    return isAlbumJson(place.name) ? describesAlbum : photoNotHere;
  }

  async function read(
    key: string,
    input: ImportInput,
    owner: string,
    sidecars: readonly FoundSidecar[],
    signal: AbortSignal,
    moves: () => void,
  ): Promise<Reading> {
    const { meeting, read_from, sha256 } =
      input.from === 'paths' ? fileAtPath(key) : await fileOfUpload(db, storage, owner, key);
    const file = await openFile(read_from, signal, moves);
    if (sha256 !== null && sha256 !== file.sha256) {
      throw new MediaError(
        'changed_while_reading',
        'The bytes are not those that were uploaded: upload the file again.',
      );
    }
    const reading = {
      sha256: file.sha256,
      size_bytes: file.size_bytes,
      // The file time of an upload is the one its owner's computer told, not that of our copy.
      meeting: meeting.path === null ? meeting : { ...meeting, modified_at: file.modified_at },
    };
    const known = await assetOfBytes(db, owner, file.sha256);
    const [facts, ...said] = await Promise.all([
      known === undefined ? readMedia({ ...file, name: meeting.name }, tools, signal) : null,
      ...sidecars.map((sidecar) => readSidecar(sidecar, tools, signal)),
    ]);
    // Only here: after an error a decoder may still be at them.
    if (file.bytes !== null) giveBackBuffer(file.bytes);
    if (facts?.thumbnail) await storage.writeWhole(storage.thumbnailPath(file.sha256), facts.thumbnail.bytes);
    if (meeting.path === null) {
      const extension = known?.extension ?? facts?.extension ?? 'bin';
      await moveIntoOriginals(read_from, storage.originalPath(file.sha256, extension));
    }
    // The thumbnail is on disk: holding its bytes until the group is settled would only cost memory.
    return {
      ...reading,
      sidecars: said.filter((sidecar): sidecar is SidecarFacts => sidecar !== null),
      facts: facts && { ...facts, thumbnail: facts.thumbnail && { ...facts.thumbnail, bytes: nothing } },
    };
  }
}

const nothing = new Uint8Array(0);
