/** Short ways to say what a file and its names say, for the tests of this folder. */
import type { Evidence } from '#contract/capture-time.ts';
import type { EvidenceSource } from '#contract/words.ts';
import type { Clues, Decision, Rules } from './clues.ts';
import { decide } from './decide.ts';

export const rules: Rules = {
  rule: 'earliest',
  min_year: 2000,
  home_zone: 'America/New_York',
  now: Temporal.Instant.from('2026-05-01T10:00:00Z'),
};

type Said = {
  tags?: Record<string, string>;
  gps?: Clues['gps'];
  kind?: Clues['kind'];
  make?: string;
  names?: readonly string[];
  folder?: string;
  saved?: string;
  others?: readonly Evidence[];
  rules?: Partial<Rules>;
};

export function clues({ tags, gps, kind, make }: Said): Clues {
  return {
    time_tags: tags ?? {},
    gps: gps ?? null,
    kind: kind ?? 'photo',
    camera: { make: make ?? null, model: null },
  };
}

export function decided(said: Said): Decision {
  const names = (said.names ?? []).map((name) => ({
    name,
    modified_at: null,
    met_at: null,
    folder: said.folder ?? null,
  }));
  const saved = said.saved === undefined ? [] : [{ name: 'a.jpg', modified_at: said.saved, met_at: null }];
  return decide({
    clues: clues(said),
    names: [...names, ...saved],
    others: said.others ?? [],
    rules: { ...rules, ...said.rules },
  });
}

/** The piece of a source in a decision; fails when there is none. */
export function pieceOf({ evidence }: Decision, source: EvidenceSource): Evidence {
  const piece = evidence.find((one) => one.source === source);
  if (piece === undefined) throw new Error(`No evidence from ${source}`);
  return piece;
}

/** What a person entered. */
export function person(local: string, precision: Evidence['precision']): Evidence {
  return {
    source: 'person',
    raw: local,
    at: null,
    local,
    zone: null,
    zone_source: null,
    precision,
    weight: 100,
    rejected: null,
  };
}
