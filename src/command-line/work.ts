import { openApp } from '#app.ts';
import type { Config } from '#config.ts';
import { openLog } from '#log.ts';
import { untilToldToStop } from './until-told-to-stop.ts';
import { superviseWorkerChild } from './worker-child.ts';

/**
 * A worker alone, that runs `entry`, until Ctrl-C or SIGTERM. Like that of a server it runs in a child: when it crashes
 * its items are free at once, and when it hangs it is killed, without anybody waiting for the end of a lease.
 */
export async function work(config: Config, entry: URL): Promise<number> {
  const toldToStop = untilToldToStop();
  await using app = await openApp(config);
  await using _worker = await superviseWorkerChild(app, openLog(config.log_level), entry, 'standalone');
  process.stderr.write(`Working for the library in ${config.data}. Ctrl-C stops after the items in hand.\n`);
  await toldToStop;
  return 0;
}
