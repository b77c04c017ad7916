import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { LiveMessage } from '#contract/live.ts';
import type { Ledger } from '#jobs/ledger.ts';
import { owner, testLedger } from '#jobs/fixture.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveSession, type LiveSocket } from './live-session.ts';

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

test('the time that a message takes to a slow client is part of the pause after it', async () => {
  await using opened = await testLedger('sqlite');
  let looks = 0;
  let mayLook = Promise.resolve();
  const ledger: Ledger = {
    ...opened.ledger,
    async heads(asked) {
      looks += 1;
      await mayLook;
      return opened.ledger.heads(asked);
    },
  };
  const sent: { message: LiveMessage; arrive: () => void }[] = [];
  const socket: LiveSocket = {
    send(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      sent.push({ message: JSON.parse(text) as LiveMessage, arrive: resolve });
      return promise;
    },
    close() {},
  };
  const faults: unknown[] = [];
  const feed = new LiveFeed(ledger, owner);
  const session = new LiveSession(feed, socket, (fault) => faults.push(fault));
  const begun = session.begin('{}');
  await until(() => sent.length === 1);
  sent[0]?.arrive();
  await begun;

  const job = await opened.job(1);
  await until(() => sent.length === 2);
  const noticed = looks + 2;
  await opened.ledger.pause(job);
  await until(() => looks >= noticed);
  await sleep(260);
  const { promise, resolve: look } = Promise.withResolvers<void>();
  mayLook = promise;
  sent[1]?.arrive();
  await until(() => sent.length === 3);
  expect(sent[2]?.message).toMatchObject({ say: 'events', events: [{ kind: 'paused' }] });
  expect(faults).toEqual([]);

  feed.remove(session);
  session.end();
  look();
});
