/** The product as `bin/daybook.js` starts it, with one job kind more: `product.ts serve`, `product.ts work`. */
import { serve } from '#command-line/serve.ts';
import { work } from '#command-line/work.ts';
import { readConfig } from '#config.ts';

const config = readConfig(process.env);
const worker = new URL('product-worker.ts', import.meta.url);
process.exitCode =
  process.argv[2] === 'serve' ? await serve(config, 'test', worker) : await work(config, worker);
