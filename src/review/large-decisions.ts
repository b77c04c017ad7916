/**
 * Decisions of any size, made and taken back. Those about a few assets are made here; larger ones in a thread, because
 * they would keep this one from every other request: 90,000 acceptances for seconds, 90,000 times for a minute.
 */
import type { Decision, DecisionReport } from '#contract/decisions.ts';
import type { Queryable } from '#db/database.ts';
import { isAnyWaiting } from '#library/decide-asset.ts';
import { decisionOfId, DecisionRefused } from './decisions.ts';
import { idsMeant, makeDecision, type Place, type Target } from './make-decision.ts';
import type { PreparedDecision } from './prepare.ts';
import { toPlain } from './plain-rules.ts';
import type { Threads } from './threads.ts';
import { newestStanding, newestUndone, redoDecision, undoDecision } from './undo-decision.ts';

export type PlaceWithThreads = Place & { threads: Threads };

/** Less than a tenth of a second's work. */
const few = 100;

/** As `makeDecision`. */
export async function decide(
  { db, rules, threads }: PlaceWithThreads,
  owner: string,
  target: Target,
  decision: PreparedDecision,
): Promise<DecisionReport> {
  if (await concernsFew(db, owner, target)) return makeDecision({ db, rules }, owner, target, decision);
  return threads.ask('make decision', { owner, target, decision, rules: toPlain(rules()) });
}

async function concernsFew(db: Queryable, owner: string, target: Target): Promise<boolean> {
  if ('asset_ids' in target) return target.asset_ids.length <= few;
  const ids = await idsMeant(db, owner, target, few + 1);
  return ids.length <= few;
}

type Undoing = 'undo' | 'redo';

/** Throws `DecisionRefused`. The assets concerned are decided again when this returns. */
export async function setBack(
  { db, rules, threads }: PlaceWithThreads,
  owner: string,
  id: string,
  undoing: Undoing,
): Promise<Decision> {
  const { assets } = await decisionOfId(db, owner, id);
  if (assets <= few) return { undo: undoDecision, redo: redoDecision }[undoing]({ db, rules }, owner, id);
  const answer = await threads.ask('set back', { owner, id, undoing, rules: toPlain(rules()) });
  if ('refused' in answer) throw new DecisionRefused(answer.refused, answer.sentence);
  return answer.decision;
}

/** Throws `DecisionRefused`. */
export async function setBackNewest(
  place: PlaceWithThreads,
  owner: string,
  undoing: Undoing,
): Promise<Decision> {
  const id = await { undo: newestStanding, redo: newestUndone }[undoing](place.db, owner);
  return setBack(place, owner, id, undoing);
}

/** Decides what a process that died left to decide. */
export async function decideLeftOver({ db, rules, threads }: PlaceWithThreads, owner: string): Promise<void> {
  if (await isAnyWaiting(db, owner)) await threads.ask('decide waiting', { owner, rules: toPlain(rules()) });
}

// ── In the thread ───────────────────────────────────────────────────────────────────────────────────────────

/** A refusal is an answer: as an error it would lose its code on the way. */
export type SetBack = { decision: Decision } | { refused: DecisionRefused['code']; sentence: string };

export async function setBackHere(place: Place, owner: string, id: string, undoing: Undoing): Promise<SetBack> {
  try {
    return { decision: await { undo: undoDecision, redo: redoDecision }[undoing](place, owner, id) };
  } catch (error) {
    if (error instanceof DecisionRefused) return { refused: error.code, sentence: error.message };
    throw error;
  }
}
