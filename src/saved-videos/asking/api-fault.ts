/** How asking YouTube or a model goes wrong, as types: what follows is decided by them, never by a message. */

/** What the other side means for whoever asked. */
export type Fault =
  | 'setting_wrong' // a key that is wrong, restricted or without credit, no such model: somebody must mend it
  | 'quota_spent' // nothing more before `until`
  | 'rate_limited' // too often: again at `until`, where it said when
  | 'unavailable' // no connection, no answer in time, or a failure over there: it may pass
  | 'unreadable' // an answer that is none: a page of HTML, half a JSON, too much of it
  | 'refused'; // this request will never be answered as it is

/**
 * The message is a sentence for a person. It has no `cause`: errors of the clients carry the request with them, and
 * nothing of a request that held a key may come into a log.
 */
export class ApiFault extends Error {
  readonly fault: Fault;
  readonly until: Date | null;
  constructor(fault: Fault, sentence: string, until: Date | null = null) {
    super(sentence);
    this.name = 'ApiFault';
    this.fault = fault;
    this.until = until;
  }
}

/** Google’s way to say what is wrong, in the body of an answer that is none. */
export type GoogleError = {
  message: string;
  /** Every word that names the reason: `quotaExceeded`, `API_KEY_INVALID`, `PERMISSION_DENIED` … */
  reasons: ReadonlySet<string>;
  retry_seconds: number | null;
  /** The quota that is spent is one of a whole day. */
  is_daily: boolean;
};

export function readGoogleError(body: unknown): GoogleError {
  const error = record(record(body)['error']);
  const details = list(error['details']).map(record);
  const violations = details.flatMap((detail) => list(detail['violations'])).map(record);
  const reasons = [
    error['status'],
    error['code'],
    ...[...list(error['errors']), ...details].map((each) => record(each)['reason']),
  ];
  const delay = details.map((detail) => /^(\d+(?:\.\d+)?)s$/.exec(text(detail['retryDelay']))?.[1]);
  const units = details.map((detail) => text(record(detail['metadata'])['quota_unit']));
  return {
    message: plain(text(error['message'])),
    reasons: new Set(reasons.filter((reason) => typeof reason === 'string')),
    retry_seconds:
      Math.min(Number(delay.find((each) => each !== undefined) ?? 0), longestWaitMs / 1000) || null,
    is_daily:
      units.some((unit) => unit.startsWith('1/d')) ||
      violations.some(({ quotaId }) => text(quotaId).includes('PerDay')),
  };
}

/** `Retry-After` in seconds or as a date, or the milliseconds that some services give. Null where it says nothing. */
export function retryAt(headers: { get(name: string): string | null }, now: Date): Date | null {
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN);
  const said = headers.get('retry-after')?.trim() ?? '';
  const ms = milliseconds >= 0 ? milliseconds : /^\d+(\.\d+)?$/.test(said) ? Number(said) * 1000 : undefined;
  const at = ms === undefined ? Date.parse(said) : now.getTime() + ms;
  return Number.isNaN(at)
    ? null
    : new Date(Math.min(Math.max(at, now.getTime()), now.getTime() + longestWaitMs));
}

/** Nobody is waited for longer than a day, whatever is said. */
const longestWaitMs = 86_400_000;
const longestMessage = 300;

/** Google writes links into its messages. Cut before they are taken out: how long it is, a stranger decides. */
function plain(message: string): string {
  return message
    .slice(0, 10 * longestMessage)
    .replaceAll(/<[^>]*>/g, '')
    .slice(0, longestMessage)
    .trim();
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
