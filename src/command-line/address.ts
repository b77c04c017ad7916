import type { Config } from '#config.ts';

/** Where a server with these settings is asked. */
export function addressOf({ host, port }: Config): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
