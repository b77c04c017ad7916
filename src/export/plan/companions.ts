/** Sidecars that stand beside an original, and what they are called beside its copy. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isSystemName } from '#contract/system-names.ts';
import { nameKey } from '#export/names/safe-name.ts';
import { keyOf, pairSidecars } from '#library/sidecars/pair-sidecars.ts';

export type FoundCompanion = {
  source: string;
  /** Below the target's folder, with `/`. */
  target: string;
  size_bytes: number;
  modified_ms: number;
};

/** Remembers the folders it looked into: for the time of one plan. */
export class Companions {
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();
  readonly #along = new Set<string>();
  readonly #named = new Set<string>();

  /**
   * The sidecars of the file at `source`, each once: one that speaks of a whole shot goes along with the first of its
   * files that asks. None where the folder cannot be read.
   */
  async of(source: string, copy: { stem: string; target: string }): Promise<FoundCompanion[]> {
    const folder = path.dirname(source);
    const name = path.basename(source);
    const found: FoundCompanion[] = [];
    for (const sidecar of (await this.#folder(folder)).get(name) ?? []) {
      const file = path.join(folder, sidecar);
      if (this.#along.has(file)) continue;
      const stats = await lstat(file).catch(() => undefined);
      if (stats?.isFile() !== true) continue;
      this.#along.add(file);
      const target = this.#free(endingsOf(name, sidecar, copy));
      found.push({ source: file, target, size_bytes: stats.size, modified_ms: stats.mtimeMs });
    }
    return found;
  }

  #folder(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const read = sidecarsIn(folder);
    this.#folders.set(folder, read);
    return read;
  }

  /** No other file has the stem of a copy, so only the companions of one shot can want the same name. */
  #free({ stem, ending }: { stem: string; ending: string }): string {
    for (let number = 1; ; number += 1) {
      const target = number === 1 ? `${stem}${ending}` : `${stem}.${number}${ending}`;
      const key = nameKey(target);
      if (this.#named.has(key)) continue;
      this.#named.add(key);
      return target;
    }
  }
}

/** `x.jpg.xmp` and Takeout's JSON speak of one file and are named after it whole, the others after the stem. */
function endingsOf(name: string, sidecar: string, copy: { stem: string; target: string }) {
  const ending = path.extname(sidecar).toLowerCase();
  const ofOneFile = keyOf(sidecar).startsWith(`${keyOf(name)}.`) || ending === '.json';
  return { stem: ofOneFile ? copy.target : copy.stem, ending };
}

async function sidecarsIn(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() && !isSystemName(entry.name)).map(({ name }) => name);
  return pairSidecars(names.sort()).of;
}
