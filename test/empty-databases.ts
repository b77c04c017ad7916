/** Databases that nobody has opened yet, each its own; disposing of one removes it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { DatabaseAddress } from '#db/database.ts';

export type EmptyDatabase = { address: DatabaseAddress; [Symbol.asyncDispose](): Promise<void> };

export async function emptySqlite(): Promise<EmptyDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'daybook-test-'));
  return {
    address: { sqlite: path.join(folder, 'daybook.db') },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** On the server that `serverUrl` names. */
export async function emptyPostgres(serverUrl: string): Promise<EmptyDatabase> {
  const name = `daybook_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    address: { postgres: url.href },
    [Symbol.asyncDispose]: () => onServer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
