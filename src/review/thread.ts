/** The module that a thread of `threads.ts` runs: answers one question at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase, type DatabaseAddress, type OpenDatabase } from '#db/database.ts';
import { rulesOf, type SliceWanted } from './redate-kind.ts';
import { judgeRange, type Slice } from './redate-slice.ts';

export type ThreadData = { database: DatabaseAddress };

/** What a thread can be asked, and what it answers. All of it is plain data. */
type Questions = {
  judge: { wanted: SliceWanted; answer: Slice };
};

export type Question = keyof Questions;
export type Answer<What extends Question> = Questions[What]['answer'];
export type Asked<What extends Question = Question> = {
  [Each in What]: { what: Each; wanted: Questions[Each]['wanted'] };
}[What];

function answerTo({ db }: OpenDatabase, asked: Asked): Promise<Answer<Question>> {
  const { owner, rules, ...range } = asked.wanted;
  return judgeRange(db, owner, range, rulesOf(rules));
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
