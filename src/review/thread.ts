/** The module that a thread of `threads.ts` runs: answers one question at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DecisionReport } from '#contract/decisions.ts';
import { openDatabase, type DatabaseAddress, type OpenDatabase } from '#db/database.ts';
import { decideWaiting } from '#library/decide-asset.ts';
import { setBackHere, type SetBack } from './large-decisions.ts';
import { makeDecision, type Target } from './make-decision.ts';
import { fromPlain, type PlainRules } from './plain-rules.ts';
import type { PreparedDecision } from './prepare.ts';
import type { SliceWanted } from './redate-kind.ts';
import { judgeRange, type Slice } from './redate-slice.ts';

export type ThreadData = { database: DatabaseAddress };

/** What a thread can be asked, and what it answers. All of it is plain data. */
type Questions = {
  judge: { wanted: SliceWanted; answer: Slice };
  'make decision': {
    wanted: { owner: string; target: Target; decision: PreparedDecision; rules: PlainRules };
    answer: DecisionReport;
  };
  'set back': {
    wanted: { owner: string; id: string; undoing: 'undo' | 'redo'; rules: PlainRules };
    answer: SetBack;
  };
  'decide waiting': { wanted: { owner: string; rules: PlainRules }; answer: void };
};

export type Question = keyof Questions;
export type Answer<What extends Question> = Questions[What]['answer'];
export type Asked<What extends Question = Question> = {
  [Each in What]: { what: Each; wanted: Questions[Each]['wanted'] };
}[What];

function answerTo({ db }: OpenDatabase, asked: Asked): Promise<Answer<Question>> {
  const rules = fromPlain(asked.wanted.rules);
  const place = { db, rules: () => rules };
  switch (asked.what) {
    case 'judge':
      return judgeRange(db, asked.wanted.owner, asked.wanted, rules);
    case 'make decision':
      return makeDecision(place, asked.wanted.owner, asked.wanted.target, asked.wanted.decision);
    case 'set back':
      return setBackHere(place, asked.wanted.owner, asked.wanted.id, asked.wanted.undoing);
    case 'decide waiting':
      return decideWaiting(db, asked.wanted.owner, () => rules);
  }
}

async function work(port: NonNullable<typeof parentPort>): Promise<void> {
  await using opened = await openDatabase((workerData as ThreadData).database);
  const ended = Promise.withResolvers<void>();
  let inHand = Promise.resolve();
  port.on('message', (message: Asked | 'end') => {
    if (message === 'end') return ended.resolve();
    inHand = answerTo(opened, message).then(
      (value) => port.postMessage({ value }),
      (error: unknown) =>
        port.postMessage({ error: error instanceof Error ? error : new Error(String(error)) }),
    );
  });
  await ended.promise;
  await inHand;
  port.close();
}

if (parentPort !== null) await work(parentPort);
