/** Downloads of a selection: what a zip was asked for, remembered until it is fetched, and the files it is made of. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '#db/schema.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { placeUnits, unitsOf, type AssetToPlace } from '#export/names/layout.ts';
import { parseTemplate } from '#export/names/template.ts';
import { assetsToExport, placesOfOriginals, sizeOfAsked } from '#export/plan/assets-to-export.ts';
import type { ExportWish } from '#export/plan/plan.ts';
import { inNaturalOrder } from '#jobs/natural-order.ts';
import { findOriginal } from '#library/find-original.ts';
import type { Storage } from '#library/storage.ts';
import type { FileToZip } from './zip.ts';

type Which = ExportWish['which'];

/** The names of all are held in memory while a zip is on its way: 100,000 take 60 MB. */
const mostFiles = 100_000;
/** One disk read by many at once serves none of them. */
const mostAtOnce = 3;
const waitsMs = 3_600_000;
/** Asked for and never fetched: the oldest are forgotten first. */
const mostWaiting = 50;

export type Download = { owner: string; which: Which; files: number };

export class Downloads {
  readonly #waiting = new Map<string, Download & { until: number }>();
  #running = 0;

  /** Resolves to what it is fetched by: once, within an hour. */
  add(download: Download): string {
    this.#forgetLate();
    for (const id of this.#waiting.keys()) {
      if (this.#waiting.size < mostWaiting) break;
      this.#waiting.delete(id);
    }
    const id = randomUUID();
    this.#waiting.set(id, { ...download, until: performance.now() + waitsMs });
    return id;
  }

  /** Throws `ExportRefused`. Whoever takes one disposes of it when it has ended, however that was. */
  take(owner: string, id: string): Download & Disposable {
    this.#forgetLate();
    const download = this.#waiting.get(id);
    if (download?.owner !== owner) {
      throw new ExportRefused(
        'download_gone',
        'This zip was fetched already, or not within an hour. Select in the library again and download anew.',
      );
    }
    this.refuseMany();
    this.#waiting.delete(id);
    this.#running += 1;
    let ended = false;
    return {
      ...download,
      [Symbol.dispose]: () => {
        if (!ended) this.#running -= 1;
        ended = true;
      },
    };
  }

  /** Throws `ExportRefused`. */
  refuseMany(): void {
    if (this.#running < mostAtOnce) return;
    throw new ExportRefused(
      'too_many_downloads',
      `${mostAtOnce} zips are on their way already. Wait until one of them has arrived.`,
    );
  }

  #forgetLate(): void {
    for (const [id, { until }] of this.#waiting) if (until < performance.now()) this.#waiting.delete(id);
  }
}

/** How many files a zip would hold, and of how many bytes. Throws `ExportRefused` for none and for too many. */
export async function measureDownload(
  db: Kysely<Database>,
  owner: string,
  which: Which,
): Promise<{ files: number; total_bytes: number }> {
  const { files, total_bytes } = await sizeOfAsked(db, owner, which);
  if (files === 0) {
    throw new ExportRefused('nothing_to_export', 'No photo or video matches, so there is nothing to download.');
  }
  if (files > mostFiles) {
    throw new ExportRefused(
      'too_many_files',
      `A zip holds up to ${mostFiles.toLocaleString('en')} files and these are ${files.toLocaleString('en')}. Choose fewer, or export them into a folder.`,
    );
  }
  return { files, total_bytes };
}

const lookedForAtOnce = 100;

/** Each with the name that an export into an empty folder would give it, in the order of the names. */
export async function* filesToZip(
  { db, storage }: { db: Kysely<Database>; storage: Storage },
  owner: string,
  which: Which,
  template: string,
): AsyncGenerator<FileToZip> {
  const assets = new Map<string, AssetToPlace & { sha256: string }>();
  for await (const page of assetsToExport(db, owner, which)) {
    for (const { time_tags_json: _, tags, ...asset } of page) {
      assets.set(asset.id, { ...asset, tag: tags[0] ?? null, standing: null });
    }
  }
  const units = await unitsOf([...assets.values()], parseTemplate(template));
  const placed = await placeUnits(units, { names: new Set(), stems: new Map() });
  const inOrder = inNaturalOrder(placed.map(({ id, target }) => ({ label: target, id })));
  for (let start = 0; start < inOrder.length; start += lookedForAtOnce) {
    const some = inOrder.slice(start, start + lookedForAtOnce);
    const places = await placesOfOriginals(
      db,
      some.map(({ id }) => id),
    );
    for (const { id, label } of some) {
      const asset = assets.get(id);
      if (asset === undefined) continue;
      const file = await findOriginal(storage, { ...asset, places: places.get(id) ?? [] });
      yield { name: label, local: asset.local, sha256: asset.sha256, file };
    }
  }
}
