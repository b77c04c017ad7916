/**
 * One client of `/api/live`: what it has been sent, and what waits for it.
 *
 * Nothing is queued for a client but numbers: the newest event of each job, and the last one it was sent. The events
 * between are read from the ledger when the client can take them, one message at a time, so a slow client costs one
 * message of memory and gets larger messages later.
 */
import { LiveHello, type LiveMessage } from '#contract/live.ts';
import { endedLatelyMs, type LiveFeed, type LiveListener } from './live-feed.ts';

/** From the beginning of one message of a job to that of the next: at most four a second, unless it has more to tell than fits in one. */
const apartMs = 250;
/** Events are stamped before they are committed, and clocks differ: looking this much further back misses none. */
const slackMs = 60_000;

/** The part of a WebSocket that is used; resolves when the bytes have left this process. */
export type LiveSocket = { send(text: string): Promise<void>; close(code: number, reason: string): void };

export class LiveSession implements LiveListener {
  readonly #feed: LiveFeed;
  readonly #socket: LiveSocket;
  readonly #onFault: (error: unknown) => void;
  #since = new Date();
  /** The last event sent, by job. */
  readonly #sent = new Map<string, number>();
  /** Jobs that may have more, with the newest event known of each. */
  readonly #waiting = new Map<string, number>();
  readonly #sentAt = new Map<string, number>();
  #state: 'new' | 'busy' | 'idle' | 'ended' = 'new';

  constructor(feed: LiveFeed, socket: LiveSocket, onFault: (error: unknown) => void) {
    this.#feed = feed;
    this.#socket = socket;
    this.#onFault = onFault;
  }

  /** The one thing a client says. */
  async begin(text: string): Promise<void> {
    if (this.#state !== 'new') return this.#refuse('Say hello once; nothing else is heard here.');
    const hello = readHello(text);
    if (hello === undefined)
      return this.#refuse('Expected {"seen": {"<job>": <number>}, "since"?: "<instant>"}.');
    this.#state = 'busy';
    try {
      await this.#takeUp(hello);
      if (!this.#isOpen()) return;
      this.#state = 'idle';
      await this.#sendWaiting();
    } catch (error) {
      this.fail(error);
    }
  }

  hear(heads: ReadonlyMap<string, number>): void {
    for (const [id, head] of heads) if (head > (this.#sent.get(id) ?? 0)) this.#waiting.set(id, head);
    this.#sendWaiting().catch((error: unknown) => this.fail(error));
  }

  /** The client comes back with its numbers and loses nothing; meanwhile it knows that nothing is live. */
  fail(error: unknown): void {
    if (this.#state === 'ended') return;
    this.#onFault(error);
    this.#state = 'ended';
    this.#socket.close(1011, 'The events cannot be read now; come back.');
  }

  end(): void {
    this.#state = 'ended';
  }

  #refuse(reason: string): void {
    this.#state = 'ended';
    this.#socket.close(1008, reason);
  }

  /** Decides where each job is taken up. From here on, `hear` brings what is new. */
  async #takeUp({ seen, since }: HelloRead): Promise<void> {
    const began = new Date();
    this.#since = since ?? began;
    this.#feed.add(this);
    const lately = new Date(began.getTime() - endedLatelyMs);
    const endedSince = since === undefined || since > lately ? lately : this.#lookBackTo();
    const heads = await this.#feed.heads(endedSince, Object.keys(seen));
    for (const [id, head] of heads) {
      // A number higher than ours comes from another life of this library.
      const from = seen[id] !== undefined ? Math.min(seen[id], head) : since && (await this.#beforeSince(id));
      this.#sent.set(id, from ?? head);
      if (head > (from ?? head)) this.#waiting.set(id, head);
    }
    const ready: LiveMessage = {
      say: 'ready',
      since: this.#since.toISOString(),
      seen: Object.fromEntries(this.#sent),
    };
    await this.#socket.send(JSON.stringify(ready));
  }

  #lookBackTo(): Date {
    return new Date(this.#since.getTime() - slackMs);
  }

  /** Number of the last event before `since`; undefined when there is none since. */
  async #beforeSince(id: string): Promise<number | undefined> {
    const first = await this.#feed.firstEventSince(id, this.#lookBackTo());
    return first === undefined ? undefined : first - 1;
  }

  /** Sends all that waits and is due; what comes meanwhile is taken along. */
  async #sendWaiting(): Promise<void> {
    if (this.#state !== 'idle') return;
    this.#state = 'busy';
    let due = this.#nextDue();
    while (due !== undefined && this.#isOpen()) {
      await this.#sendPage(due);
      due = this.#nextDue();
    }
    if (this.#isOpen()) this.#state = 'idle';
  }

  #isOpen(): boolean {
    return this.#state !== 'ended';
  }

  #nextDue(): string | undefined {
    const now = performance.now();
    return this.#waiting.keys().find((id) => now - (this.#sentAt.get(id) ?? -apartMs) >= apartMs);
  }

  async #sendPage(id: string): Promise<void> {
    // Reading and sending take their time out of the pause, not on top of it: the next look would be too early for it.
    const began = performance.now();
    const after = this.#sent.get(id) ?? (await this.#beforeSince(id));
    const head = this.#waiting.get(id) ?? 0;
    const page = after === undefined ? undefined : await this.#feed.page(id, after);
    // Nothing left to send: the history up to here is no longer kept.
    if (page === undefined) this.#sent.set(id, head);
    else {
      await this.#socket.send(page.text);
      this.#sent.set(id, page.last);
      if (page.full) this.#sentAt.delete(id);
      else this.#sentAt.set(id, began);
    }
    // To the end of the line, so that a long history does not keep other jobs waiting.
    const newest = this.#waiting.get(id) ?? 0;
    this.#waiting.delete(id);
    if (newest > (this.#sent.get(id) ?? 0)) this.#waiting.set(id, newest);
  }
}

type HelloRead = { seen: Record<string, number>; since: Date | undefined };

function readHello(text: string): HelloRead | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { success, data } = LiveHello.safeParse(said);
  if (!success) return undefined;
  return { seen: data.seen, since: data.since === undefined ? undefined : new Date(data.since) };
}
