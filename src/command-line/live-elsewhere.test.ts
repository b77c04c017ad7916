/** Events written by other processes reach whoever listens to a server. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { LiveMessage } from '#contract/live.ts';
import { emptyDatabase, onEachEngine } from '../../test/databases.ts';
import { manyPhotos } from '../../test/fixtures/stamp.ts';
import { daybook, startApp } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

onEachEngine('the live stream of a running server', (engine) => {
  test('tells of an import that another process began, from its first event to its end', async () => {
    await using pile = await temporaryFolder();
    await manyPhotos(pile.path, 20);
    await using empty = await emptyDatabase(engine);
    const database: Record<string, string> =
      'postgres' in empty.address ? { DATABASE_URL: empty.address.postgres } : {};
    await using app = await startApp(database);
    const seen: { seq: number; kind: string }[] = [];
    let ready = false;
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/live`);
    socket.addEventListener('open', () => socket.send('{}'));
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage;
      ready ||= message.say === 'ready';
      if (message.say === 'events') seen.push(...message.events);
    });
    while (!ready) await sleep(10);
    const imported = await daybook(['import', path.resolve(pile.path)], {
      ...database,
      DAYBOOK_DATA: app.data,
    });
    expect(imported).toMatchObject({ code: 0 });
    while (seen.at(-1)?.kind !== 'completed') await sleep(20);
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, n) => n + 1));
    expect(seen.slice(0, 2).map(({ kind }) => kind)).toEqual(['created', 'started']);
    socket.close();
  });
});
