import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { onEachEngine, testDatabase } from '../../../test/databases.ts';
import { addAssets, owner } from '../../../test/small-library.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import type { Engine } from '#db/database.ts';
import { exportFiles } from '#export/exports.ts';
import { usual } from '#jobs/fixture-effects.ts';
import { openLedger } from '#jobs/ledger.ts';
import { openStorage } from '#library/storage.ts';
import { forgetPlan } from './forget-plan.ts';
import { mayExportAgain } from './may-export.ts';
import { planExport } from './plan-export.ts';
import { removeSources, startExport, undoExport } from './start-export.ts';

/** Two photos, and no worker: what is started stays as it is. */
async function house(engine: Engine) {
  const opened = new AsyncDisposableStack();
  const { db } = opened.use(await testDatabase(engine));
  const folder = opened.use(await temporaryFolder());
  const storage = await openStorage(path.join(folder.path, 'data'));
  const ledger = openLedger(db, engine, usual);
  const sources = path.join(folder.path, 'photos');
  await mkdir(sources);
  for (const name of ['a.jpg', 'b.jpg']) await writeFile(path.join(sources, name), 'x');
  await addAssets(db, [
    { name: 'a.jpg', folder: sources },
    { name: 'b.jpg', folder: sources },
  ]);
  const place = { db, ledger, storage };
  return {
    ...place,
    target: path.join(folder.path, 'archive'),
    plan: (name = 'archive') =>
      planExport(place, owner, {
        folder: path.join(folder.path, name),
        template: '{year}/{date}{ext}',
        write_uncertain: false,
        set_aside_gone: false,
        which: { filter: {} },
      }),
    start: (id: string) => startExport(place, owner, id),
    undo: (id: string) => undoExport(place, owner, id),
    remove: (id: string) => removeSources(place, owner, id),
    forget: (id: string) => forgetPlan(db, owner, id),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const refused = (code: string) => expect.objectContaining({ name: 'ExportRefused', code }) as Error;

onEachEngine('Starting an export', (engine) => {
  test('makes one job of the plan, whoever asks at the same time, and numbers its items as the lines', async () => {
    await using home = await house(engine);
    const id = await home.plan();
    const asked = await Promise.allSettled([home.start(id), home.start(id), home.start(id)]);
    const [job, ...others] = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(others).toEqual([]);
    expect(job).toMatchObject({ kind: 'export', total: 2, label: 'Export of 2 files to archive' });
    expect(await home.db.selectFrom('jobs').select('id').where('kind', '=', 'export').execute()).toHaveLength(
      1,
    );
    const { items } = await exportFiles(home.db, owner, id, { limit: 10, offset: 0 });
    expect(items.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    const second = await exportFiles(home.db, owner, id, { limit: 1, offset: 1 });
    expect(second.items[0]?.state).toBe('waiting');
  });

  test('is refused in a folder where a job is not finished, also to plans and undo; not elsewhere', async () => {
    await using home = await house(engine);
    const [first, second] = [await home.plan(), await home.plan()];
    const job = await home.start(first);
    await expect(home.start(first)).rejects.toEqual(refused('already_started'));
    await expect(home.start(second)).rejects.toEqual(refused('folder_busy'));
    await expect(home.plan()).rejects.toThrow('“Export of 2 files to archive” is not finished');
    await expect(home.undo(first)).rejects.toEqual(refused('folder_busy'));
    await expect(home.remove(first)).rejects.toEqual(refused('folder_busy'));
    await home.start(await home.plan('elsewhere'));

    await home.ledger.cancel({ id: job.id, owner });
    await expect(home.start(second)).rejects.toEqual(refused('plan_outdated'));
    await expect(home.undo(first)).rejects.toEqual(refused('nothing_to_do'));
    await home.start(await home.plan());
  });

  test('an older one is neither retried nor resumed while another is at work in its folder', async () => {
    await using home = await house(engine);
    const mayRun = { export: mayExportAgain };
    const older = await home.start(await home.plan());
    await home.ledger.register({ id: 'w1', host: 'test', pid: process.pid, role: 'test' });
    const wish = { limit: 2, kinds: [{ name: 'export' }], holdsNothing: true };
    const outcome = { outcome: 'failed', code: 'bad_file', message: 'It is broken.' } as const;
    const claims = await home.ledger.claim('w1', wish);
    await home.ledger.settle(
      claims.map((claimed) => ({ claimed, outcome })),
      {},
      'now',
    );
    const newer = await home.start(await home.plan());
    await expect(home.ledger.retry({ id: older.id, owner }, 'all', mayRun)).rejects.toEqual(
      refused('folder_busy'),
    );
    // The one that is at work is not in its own way.
    await home.ledger.pause({ id: newer.id, owner });
    await home.ledger.resume({ id: newer.id, owner }, mayRun);
    await home.ledger.cancel({ id: newer.id, owner });
    await home.ledger.retry({ id: older.id, owner }, 'all', mayRun);
    expect(await home.ledger.get({ id: older.id, owner })).toMatchObject({ status: 'running', failed: 0 });
  });

  test('is refused where there is not room for what is to be copied', async () => {
    await using home = await house(engine);
    const id = await home.plan();
    await home.db.updateTable('exports').set({ total_bytes: 9e15 }).where('id', '=', id).execute();
    await expect(home.start(id)).rejects.toThrow(/9,000,000 GB are to be copied and .* free/);
  });

  test('is refused where the target became something else since the plan', async () => {
    await using home = await house(engine);
    const id = await home.plan();
    await writeFile(home.target, 'a file now');
    await expect(home.start(id)).rejects.toEqual(refused('folder_is_no_folder'));
  });

  test('a plan can be forgotten until it is started; nothing of it can be taken back before', async () => {
    await using home = await house(engine);
    const id = await home.plan();
    await expect(home.undo(id)).rejects.toEqual(refused('not_started'));
    await expect(home.remove(id)).rejects.toEqual(refused('not_started'));
    await home.forget(id);
    await expect(home.start(id)).rejects.toEqual(refused('not_found'));
    const kept = await home.plan();
    await home.start(kept);
    await expect(home.forget(kept)).rejects.toEqual(refused('already_started'));
  });
});
