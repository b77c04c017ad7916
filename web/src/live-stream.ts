/**
 * The events of all jobs as they happen: one WebSocket, opened again with the numbers seen whenever it ends, so that
 * every event is handed on once. Knows nothing of the page.
 */
import type { Job, JobEvent } from '#contract/jobs.ts';
import { beatSeconds, LiveMessage, mostJobsSeen, type LiveHello } from '#contract/live.ts';

export type LiveStreamOptions = {
  address: string;
  /** Whether events arrive now. After `true` all that was missed has been asked for. */
  onLive: (live: boolean) => void;
  /** The next events of a job, and the job as it stands at the last of them or later. */
  onEvents: (job: Job, events: readonly JobEvent[]) => void;
  /** Milliseconds before the next try, after so many that failed in a row. */
  pauseMs: (failures: number) => number;
};

/** Half a second, doubled up to 15; a little by chance, so that many pages do not come at once. */
export function usualPauseMs(failures: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2);
}

export class LiveStream {
  readonly #options: LiveStreamOptions;
  #socket: WebSocket | undefined;
  #seen: Record<string, number> = {};
  /** From the first `ready`: jobs without a number are taken up from here. */
  #since: string | undefined;
  #failures = 0;
  #live = false;
  #next: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Tries at once: the tab is looked at again, or the network is back. */
  hurry(): void {
    if (this.#socket !== undefined || this.#closed) return;
    clearTimeout(this.#next);
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#next);
    if (this.#socket !== undefined) this.#lose(this.#socket);
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.address);
    this.#socket = socket;
    socket.addEventListener('open', () => socket.send(JSON.stringify(this.#hello())));
    socket.addEventListener('message', ({ data }) => this.#hear(socket, String(data)));
    socket.addEventListener('error', () => this.#lose(socket));
    socket.addEventListener('close', () => this.#lose(socket));
    this.#listenForSilence(socket);
  }

  #hello(): LiveHello {
    if (Object.keys(this.#seen).length > mostJobsSeen) {
      this.#seen = {};
      this.#since = undefined;
    }
    return { seen: this.#seen, since: this.#since };
  }

  #hear(socket: WebSocket, text: string): void {
    // What a socket still had in hand when it was given up: its successor brings it too.
    if (socket !== this.#socket) return;
    const message = read(text);
    if (message === undefined) return this.#lose(socket);
    this.#listenForSilence(socket);
    switch (message.say) {
      case 'ready':
        Object.assign(this.#seen, message.seen);
        this.#since ??= message.since;
        this.#failures = 0;
        this.#tell(true);
        return;
      case 'events':
        this.#options.onEvents(message.job, message.events);
        this.#seen[message.job.id] = message.events.at(-1)?.seq ?? 0;
        return;
      case 'beat':
    }
  }

  #listenForSilence(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lose(socket), 3 * beatSeconds * 1000);
  }

  /** The connection is over, whoever ended it. A socket that is still closing is not waited for. */
  #lose(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    clearTimeout(this.#silence);
    socket.close();
    this.#tell(false);
    if (this.#closed) return;
    this.#next = setTimeout(() => this.#connect(), this.#options.pauseMs(this.#failures));
    this.#failures += 1;
  }

  #tell(live: boolean): void {
    if (live === this.#live) return;
    this.#live = live;
    this.#options.onLive(live);
  }
}

function read(text: string): LiveMessage | undefined {
  try {
    return LiveMessage.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
