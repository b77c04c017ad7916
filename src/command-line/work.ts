import type { Config } from '#config.ts';
import { workUntilStopped } from './worker-entry.ts';

/** A worker alone, until Ctrl-C or SIGTERM; it ends the process itself. */
export async function work(config: Config): Promise<number> {
  process.stderr.write(`Working for the library in ${config.data}. Ctrl-C stops after the items in hand.\n`);
  return workUntilStopped(config, 'standalone', []);
}
