import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** An empty folder of its own; disposing of it removes it with all it holds. */
export async function temporaryFolder() {
  const folder = await mkdtemp(path.join(tmpdir(), 'daybook-test-'));
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
