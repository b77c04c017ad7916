/** When a worker counts as living, said once for those who beat, those who look, and those who take over. */

/** Two beats may be missed before a worker is taken for dead. */
const beatsPerLease = 3;

export function beatMs(leaseSeconds: number): number {
  return (leaseSeconds * 1000) / beatsPerLease;
}

/** A worker that did not beat since this instant (ISO) has lost its lease. */
export function aliveSince(now: Date, leaseSeconds: number): string {
  return new Date(now.getTime() - leaseSeconds * 1000).toISOString();
}
