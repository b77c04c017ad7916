/**
 * One server per data folder. The hold is a lock that SQLite takes from the operating system on an empty file of its
 * own: it ends with the process, however that ends, so there is nothing stale to judge after `kill -9` or a power cut.
 * What stands in `server.json` is only for people and for `doctor`.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const RunningServer = z.object({ pid: z.int(), address: z.string(), started_at: z.string() });
export type RunningServer = z.infer<typeof RunningServer>;

/** Resolves once this process is the only server of the folder. Rejects with a sentence if another is. */
export async function holdDataFolder(folder: string, address: string): Promise<AsyncDisposable> {
  const lock = takeLock(path.join(folder, 'server.lock'));
  if (lock === undefined) throw new Error(await sentenceOf(folder));
  const file = path.join(folder, 'server.json');
  const server: RunningServer = { pid: process.pid, address, started_at: new Date().toISOString() };
  await writeFile(file, `${JSON.stringify(server)}\n`);
  return {
    async [Symbol.asyncDispose]() {
      await rm(file, { force: true });
      lock.close();
    },
  };
}

/** The server that said last that it serves this folder; it may be gone. */
export async function serverOf(folder: string): Promise<RunningServer | undefined> {
  const text = await readFile(path.join(folder, 'server.json'), 'utf8').catch(() => '');
  try {
    return RunningServer.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Undefined when another process has it. */
function takeLock(file: string): DatabaseSync | undefined {
  // Servers that start together see each other halfway to the lock: with time to wait, one of them gets it.
  const database = new DatabaseSync(file, { timeout: 1000 });
  try {
    // Nothing is written: the file stays empty and the lock lasts until the connection ends.
    database.exec('begin exclusive');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === sqliteBusy;
}

async function sentenceOf(folder: string): Promise<string> {
  const other = await serverOf(folder);
  const where = other === undefined ? '' : ` at ${other.address} (process ${other.pid})`;
  return (
    `Another Daybook already serves the data in ${folder}${where}. Use that one, or stop it first. ` +
    'To give this folder another worker, run "daybook work"; to serve other data, set DAYBOOK_DATA.'
  );
}
