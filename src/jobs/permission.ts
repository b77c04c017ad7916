import type { Ledger } from './ledger.ts';

/**
 * May an item of this job begin now? Asked before every item, answered by the ledger. All who ask before the query
 * leaves share it: it starts after each of them asked, so none gets an answer older than its question.
 */
export class Permission {
  readonly #ledger: Ledger;
  #asked = new Set<string>();
  #answer: Promise<ReadonlySet<string>> | undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async ask(jobId: string): Promise<boolean> {
    this.#asked.add(jobId);
    this.#answer ??= Promise.resolve().then(() => this.#query());
    return (await this.#answer).has(jobId);
  }

  async #query(): Promise<ReadonlySet<string>> {
    const asked = [...this.#asked];
    this.#asked = new Set();
    this.#answer = undefined;
    const statuses = await this.#ledger.statuses(asked);
    return new Set(asked.filter((id) => statuses.get(id) === 'running'));
  }
}
