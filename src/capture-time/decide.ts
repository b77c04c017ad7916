import type { Evidence } from '#contract/capture-time.ts';
import { chooseCaptureTime, rulesDiffer } from './choose.ts';
import type { Clues, Decision, NameClues, Rules } from './clues.ts';
import { evidenceFromContent, evidenceFromTags, localPiece } from './content.ts';
import { evidenceFromName } from './file-name.ts';
import { readFolder } from './folder-name.ts';
import { settleEvidence } from './settle.ts';
import { sortKey } from './sort-key.ts';
import { zoneAt } from './zones.ts';

/**
 * All the evidence for one asset, and the time chosen from it. `others` are pieces that neither the bytes nor a
 * location gave: a person's word, the photos around it.
 *
 * Deciding again, under other rules or after a new location was met, is the same call with the stored clues.
 */
export function decide(given: {
  clues: Clues;
  names: readonly NameClues[];
  others: readonly Evidence[];
  rules: Rules;
}): Decision {
  const { clues, names, others, rules } = given;
  const content = evidenceFromContent(clues, rules);
  const named = names.map((name) => evidenceFromLocation(name, { ...rules, now: metAt(name, rules) }));
  const placed = { ...clues, gps: positionOf(clues, names) };
  const evidence = settleEvidence([...content, ...named.flat(), ...others], placed, rules);
  const capture_time = chooseCaptureTime(evidence, rules);
  return {
    evidence,
    given_by: [
      ...content.map(() => null),
      ...named.flatMap((pieces, index) => pieces.map(() => index)),
      ...others.map(() => null),
    ],
    capture_time,
    sort_key: sortKey(capture_time, names),
    rules_differ: rulesDiffer(evidence, rules),
  };
}

/** What one location gives: its name, the time of its file, its folder, what its sidecars say. */
function evidenceFromLocation(location: NameClues, rules: Rules): Evidence[] {
  const sidecars = location.sidecars ?? [];
  const folder = readFolder(location.folder ?? '');
  return [
    ...evidenceFromName(location, rules),
    ...(folder === null ? [] : [localPiece('folder_date', folder.raw, folder, null)]),
    ...sidecars.flatMap(({ time_tags }) => evidenceFromTags(time_tags)),
  ];
}

/** The position in the file; where it has none that is on the map, that of a sidecar. */
function positionOf(clues: Clues, names: readonly NameClues[]): Clues['gps'] {
  if (zoneAt(clues.gps) !== null) return clues.gps;
  const sidecars = names.flatMap((name) => name.sidecars ?? []);
  return sidecars.find(({ gps }) => zoneAt(gps) !== null)?.gps ?? clues.gps;
}

function metAt(name: NameClues, rules: Rules): Temporal.Instant {
  return name.met_at === null ? rules.now : Temporal.Instant.from(name.met_at);
}
