/** The sidecars of the files of one job: on this computer beside them, among uploads in the same folder and job. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import type { JobFacts } from '#jobs/kinds.ts';
import { asMediaError } from '#media/open-file.ts';
import { isSystemName } from '#contract/system-names.ts';
import type { ImportInput } from '../import-input.ts';
import type { Storage } from '../storage.ts';
import { isJson, keyOf, pairSidecars, takeoutJson, type Pairing } from './pair-sidecars.ts';

export type FoundSidecar = { name: string; read_from: string };

type Job = JobFacts<ImportInput>;
type Folder = Pairing & { names: readonly string[]; jsonByKey: ReadonlyMap<string, string> };

/** Folders remembered, and names in them. Items come in natural order, so that a folder is soon done with. */
const foldersKept = 64;
const namesKept = 300_000;
/** An album is split over a handful of archives. */
const partsLookedAt = 50;

export class SidecarFolders {
  readonly #db: Kysely<Database>;
  readonly #storage: Storage;
  readonly #folders = new Map<string, Promise<Folder>>();
  #parts: { job_id: string; folders: Promise<ReadonlyMap<string, readonly string[]>> } | undefined;

  constructor(db: Kysely<Database>, storage: Storage) {
    this.#db = db;
    this.#storage = storage;
  }

  /** The sidecars that speak about a file. */
  async of(job: Job, place: { folder: string; name: string }): Promise<FoundSidecar[]> {
    const folder = await this.#folder(job, place.folder);
    const beside = (folder.of.get(place.name) ?? []).map((name) => ({ name, in: place.folder }));
    const elsewhere = beside.some(({ name }) => isJson(name)) ? [] : await this.#inOtherParts(job, place);
    const found: FoundSidecar[] = [];
    for (const { name, in: where } of [...beside, ...elsewhere]) {
      const read_from = await this.#fileOf(job, where, name);
      if (read_from !== null) found.push({ name, read_from });
    }
    return found;
  }

  /** The name of a photo or video that a sidecar speaks about, or null where none is there. */
  async ownerOf(job: Job, place: { folder: string; name: string }): Promise<string | null> {
    const { owners } = await this.#folder(job, place.folder);
    const owner = owners.get(place.name)?.[0];
    if (owner !== undefined || !isJson(place.name)) return owner ?? null;
    const byKey = new Map([[keyOf(place.name), place.name]]);
    for (const other of await this.#otherParts(job, place.folder)) {
      const { names, of } = await this.#folder(job, other);
      const met = names.find((name) => !of.get(name)?.some(isJson) && takeoutJson(name, byKey).length > 0);
      if (met !== undefined) return met;
    }
    return null;
  }

  /** Google splits an album over several archives: the photo in one, its JSON in another, under the same folder name. */
  async #inOtherParts(job: Job, place: { folder: string; name: string }) {
    for (const other of await this.#otherParts(job, place.folder)) {
      const { jsonByKey } = await this.#folder(job, other);
      const [name] = takeoutJson(place.name, jsonByKey);
      if (name !== undefined) return [{ name, in: other }];
    }
    return [];
  }

  async #otherParts(job: Job, folder: string): Promise<string[]> {
    if (this.#parts?.job_id !== job.id) {
      const parts = { job_id: job.id, folders: this.#foldersByName(job) };
      this.#parts = parts;
      void parts.folders.catch(() => {
        if (this.#parts === parts) this.#parts = undefined;
      });
    }
    const sameName = (await this.#parts.folders).get(path.basename(folder)) ?? [];
    return sameName.filter((other) => other !== folder).slice(0, partsLookedAt);
  }

  /** The folders of a job that hold JSON, and those of the same name; read once, and nothing where there is no JSON. */
  async #foldersByName(job: Job): Promise<ReadonlyMap<string, readonly string[]>> {
    const withJson = new Set<string>();
    const all = new Set<string>();
    for await (const { folder, name } of this.#placesOf(job)) {
      all.add(folder);
      if (isJson(name)) withJson.add(path.basename(folder));
    }
    const byName = new Map<string, string[]>();
    for (const folder of [...all].sort()) {
      const name = path.basename(folder);
      if (withJson.has(name)) byName.set(name, [...(byName.get(name) ?? []), folder]);
    }
    return byName;
  }

  async *#placesOf(job: Job): AsyncGenerator<{ folder: string; name: string }> {
    if (job.input.from === 'uploads') {
      yield* await this.#db
        .selectFrom('uploads')
        .select(['folder', 'name'])
        .where('job_id', '=', job.id)
        .execute();
      return;
    }
    const page = 5000;
    for (let after = 0; ; after += page) {
      const rows = await this.#db
        .selectFrom('job_items')
        .select('key')
        .where('job_id', '=', job.id)
        .where('seq', '>', after)
        .where('seq', '<=', after + page)
        .execute();
      for (const { key } of rows) yield { folder: path.dirname(key), name: path.basename(key) };
      if (rows.length < page) return;
    }
  }

  #folder(job: Job, folder: string): Promise<Folder> {
    const key = `${job.id}\n${folder}`;
    const known = this.#folders.get(key);
    const found = known ?? this.#look(job, folder);
    // A look that failed is not remembered: what was wrong may pass.
    if (known === undefined) void found.catch(() => this.#folders.delete(key));
    this.#folders.delete(key);
    this.#folders.set(key, found);
    if (this.#folders.size > foldersKept) this.#folders.delete(this.#folders.keys().next().value ?? '');
    return found;
  }

  async #look(job: Job, folder: string): Promise<Folder> {
    const names = (await this.#namesIn(job, folder)).slice(0, namesKept);
    const jsonByKey = new Map(names.filter(isJson).map((name) => [keyOf(name), name]));
    return { names, jsonByKey, ...pairSidecars(names) };
  }

  async #namesIn(job: Job, folder: string): Promise<string[]> {
    if (job.input.from === 'paths') {
      try {
        const entries = await readdir(folder, { withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && !isSystemName(entry.name))
          .map((entry) => entry.name);
      } catch (error) {
        // Gone or closed to us: reading the photo itself will say so. What may pass (a disk that stumbles) must not
        // cost a photo its sidecars.
        if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code)))
          return [];
        throw asMediaError(error, folder);
      }
    }
    const waiting = await this.#db
      .selectFrom('uploads')
      .select('name')
      .where('job_id', '=', job.id)
      .where('folder', '=', folder)
      .execute();
    // A photo that was kept is no upload any more.
    const kept = await this.#db
      .selectFrom('locations')
      .select('name')
      .where('job_id', '=', job.id)
      .where('folder', '=', folder)
      .limit(namesKept)
      .execute();
    return [...new Set([...waiting, ...kept].map(({ name }) => name))];
  }

  async #fileOf(job: Job, folder: string, name: string): Promise<string | null> {
    if (job.input.from === 'paths') return path.join(folder, name);
    const upload = await this.#db
      .selectFrom('uploads')
      .select('id')
      .where('job_id', '=', job.id)
      .where('folder', '=', folder)
      .where('name', '=', name)
      .executeTakeFirst();
    return upload === undefined ? null : this.#storage.incomingPath(upload.id);
  }
}
