/** The product with the job kind of the fault tests: a server or a worker, or both for as long as a test lasts. */
import path from 'node:path';
import { start, stop, untilHealthy, type Running } from '../processes.ts';
import { freePort } from '../running-app.ts';

const entry = path.join(import.meta.dirname, 'product.ts');
/** That of `bin/daybook.js`. */
const compileCache = path.join(import.meta.dirname, '../../node_modules/.cache/daybook');

export type Product = Running & { what: 'serve' | 'work' };

/** `product.ts serve` or `product.ts work`; whoever starts it stops it. */
export function startProduct(what: Product['what'], environment: Record<string, string>): Product {
  return {
    what,
    ...start([entry, what], { environment: { NODE_COMPILE_CACHE: compileCache, ...environment } }),
  };
}

export type House = { url: string; running: Running; [Symbol.asyncDispose](): Promise<void> };

/** One server with its worker, stopped in order when disposed of. */
export async function openHouse(data: string, environment: Record<string, string>): Promise<House> {
  const port = String(await freePort());
  const running = startProduct('serve', {
    DAYBOOK_DATA: data,
    DAYBOOK_PORT: port,
    DAYBOOK_WORKERS: '2',
    DAYBOOK_LOG_LEVEL: 'error',
    ...environment,
  });
  const url = `http://127.0.0.1:${port}`;
  const house: House = {
    url,
    running,
    async [Symbol.asyncDispose]() {
      await stop(running, 20_000);
    },
  };
  try {
    await untilHealthy(running, url, 60_000);
  } catch (error) {
    await house[Symbol.asyncDispose]();
    throw error;
  }
  return house;
}
