/** What sidecars said, as it is kept with a location. */
import type { SidecarFacts } from '#media/read-sidecar.ts';

/** A sidecar that is gone is still remembered: what it said stays evidence. One read again takes its own place. */
export function withNewSidecars(known: string | null, read: readonly SidecarFacts[]): string | null {
  if (read.length === 0) return known;
  const names = new Set(read.map(({ name }) => name));
  const kept = sidecarsFrom(known).filter(({ name }) => !names.has(name));
  return JSON.stringify([...kept, ...read]);
}

export function sidecarsFrom(json: string | null): SidecarFacts[] {
  return json === null ? [] : (JSON.parse(json) as SidecarFacts[]);
}
