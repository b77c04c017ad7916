/** Long work in slices, so that other requests of this process get their turn in between. */
import { setImmediate as othersTurn } from 'node:timers/promises';

const sliceMs = 10;

export class Slices {
  #began = performance.now();

  /** Lets others go first, once a slice is used up. */
  async pause(): Promise<void> {
    if (performance.now() - this.#began < sliceMs) return;
    await othersTurn();
    this.#began = performance.now();
  }
}
