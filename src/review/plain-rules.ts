import type { Rules } from '#capture-time/clues.ts';

/** Rules as plain data, which may be stored and may cross to another thread. `now` is an instant. */
export type PlainRules = { rule: Rules['rule']; zone: string; min_year: number; now: string };

export function toPlain({ rule, home_zone, min_year, now }: Rules): PlainRules {
  return { rule, zone: home_zone, min_year, now: now.toString() };
}

export function fromPlain({ rule, zone, min_year, now }: PlainRules): Rules {
  return { rule, home_zone: zone, min_year, now: Temporal.Instant.from(now) };
}
