/** The product as `bin/daybook.js` starts it, with one job kind more: `product.ts serve`, `product.ts work`. */
import { serve } from '#command-line/serve.ts';
import { workUntilStopped } from '#command-line/worker-entry.ts';
import { readConfig } from '#config.ts';
import { testKind } from './test-kind.ts';

const config = readConfig(process.env);
if (process.argv[2] === 'serve') {
  process.exitCode = await serve(config, 'test', new URL('product-worker.ts', import.meta.url));
} else {
  await workUntilStopped(config, 'standalone', [testKind]);
}
