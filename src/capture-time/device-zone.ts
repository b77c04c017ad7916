/** The zone of a device on one day, learnt from its files that know theirs. */
import { offsetText } from './read-date.ts';
import { wallMilliseconds } from './wall-clock.ts';

export type KnownZone = { at: string; local: string; zone: string };

/** Where a device was on a day. `near` is an instant of that day: an offset holds only around it. */
export type DeviceZone = { zone: string; near: string };

/** Null without files that know, and where they differ: the device travelled that day. A zone with a name is kept. */
export function commonZone(files: readonly KnownZone[]): DeviceZone | null {
  const [first] = files;
  if (first === undefined) return null;
  const offset = offsetOf(first);
  if (files.some((file) => offsetOf(file) !== offset)) return null;
  const named = files.find(({ zone }) => zone.includes('/'));
  return { zone: named?.zone ?? offsetText(offset), near: first.at };
}

/** Minutes east of UTC. */
function offsetOf({ at, local }: KnownZone): number {
  return Math.round((wallMilliseconds(local) - Temporal.Instant.from(at).epochMilliseconds) / 60_000);
}
