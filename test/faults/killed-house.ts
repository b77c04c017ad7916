/** The running product, killed part by part and started again. */
import {
  childrenOf,
  descendants,
  isRunning,
  isStillThere,
  kill,
  leftAfter,
  see,
  lastWords,
  stop,
  untilGone,
  type Seen,
} from '../processes.ts';
import { startProduct, type Product } from './house.ts';

export const victims = ['worker', 'server', 'everything'] as const;
export type Victim = (typeof victims)[number];

/** Server and workers, each started again after it was killed. */
export class KilledHouse {
  readonly #environment: Record<string, string>;
  readonly #workers: number;
  #running: Product[] = [];
  /** Every process that was ever seen: none may outlive the end. */
  #seen: Seen[] = [];

  constructor(environment: Record<string, string>, workers: number) {
    this.#environment = environment;
    this.#workers = workers;
  }

  get server(): Product {
    const server = this.#running.find(({ what }) => what === 'serve');
    if (server === undefined) throw new Error('The server was not started.');
    return server;
  }

  start(): void {
    this.#running = [
      startProduct('serve', this.#environment),
      ...Array.from({ length: this.#workers }, () => startProduct('work', this.#environment)),
    ];
  }

  /** Kills the victim and starts again whatever nobody else starts again. */
  async kill(victim: Victim, random: () => number): Promise<void> {
    this.#look();
    const pids = this.#processesOf(victim, random);
    for (const pid of pids) kill(pid);
    // What was killed itself must be seen to be gone, or it would not be started again.
    await Promise.all(this.#running.filter(({ child }) => pids.includes(child.pid ?? 0)).map(untilGone));
    this.startMissing();
  }

  #processesOf(victim: Victim, random: () => number): number[] {
    const { child } = this.#running[Math.floor(random() * this.#running.length)] as Product;
    if (victim === 'server') return [child.pid ?? 0];
    if (victim === 'everything') {
      return this.#running.flatMap(({ child }) => [child.pid ?? 0, ...childrenOf(child.pid ?? 0)]);
    }
    // None, where it is not there yet.
    return childrenOf(child.pid ?? 0);
  }

  startMissing(): void {
    this.#running = this.#running.map((each) =>
      isRunning(each) ? each : startProduct(each.what, this.#environment),
    );
  }

  /** In good order. Returns what was not in order. */
  async stop(): Promise<string[]> {
    this.#look();
    const problems: string[] = [];
    const codes = await Promise.all(this.#running.map((each) => stop(each, 20_000)));
    for (const [index, code] of codes.entries()) {
      const each = this.#running[index] as Product;
      // One started so lately that it did not listen for the signal yet ends by it, as any program does.
      if (code !== 0 && each.child.signalCode !== 'SIGTERM')
        problems.push(`daybook ${each.what} ended with ${code}: ${lastWords(each)}`);
    }
    const left = await leftAfter(this.#seen, 10_000);
    if (left.length > 0) problems.push(`${left.length} processes outlived their product.`);
    for (const each of left.filter(isStillThere)) kill(each.pid);
    return problems;
  }

  #look(): void {
    this.#seen = this.#seen.filter(isStillThere);
    for (const { child } of this.#running) {
      this.#seen.push(...descendants(child.pid ?? 0).map(see));
    }
  }
}
