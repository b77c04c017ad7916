/** One server with its worker for a fault test: started, and stopped in order when disposed of. */
import { freePort } from '../running-app.ts';
import { startProduct, stopProduct, untilHealthy, type Running } from './processes.ts';

export type House = { url: string; running: Running; [Symbol.asyncDispose](): Promise<void> };

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
      await stopProduct(running, 20_000);
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
