/**
 * A few megabytes of the data folder's disk that nobody uses: given up when the disk is full, so that the database can
 * still write why a job stopped. Without it a full disk is the one fault that cannot be told.
 */
import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';

/** What a worker has in hand and settles, and the pause, take less than one. */
const reserveBytes = 4_000_000;

export class DiskReserve {
  readonly #file: string;
  #holding: Promise<void> | undefined;

  constructor(folder: string) {
    this.#file = path.join(folder, 'reserve');
  }

  /** Asked before every item, answered once. Rejects with `ENOSPC` where there is no room for it. */
  hold(): Promise<void> {
    if (this.#holding === undefined) {
      const holding = this.#take();
      this.#holding = holding;
      holding.catch(() => {
        if (this.#holding === holding) this.#holding = undefined;
      });
    }
    return this.#holding;
  }

  /** Makes room; the next `hold` asks for it again. */
  async giveUp(): Promise<void> {
    this.#holding = undefined;
    await rm(this.#file, { force: true });
  }

  async #take(): Promise<void> {
    const size = await stat(this.#file).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size === reserveBytes) return;
    try {
      await using file = await open(this.#file, 'w');
      // Zeros would take no room on a disk that compresses.
      await file.writeFile(randomBytes(reserveBytes));
      await file.sync();
    } catch (error) {
      await rm(this.#file, { force: true }).catch(() => {});
      throw error;
    }
  }
}
