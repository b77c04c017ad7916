/**
 * Checks everything Daybook stands on, and says what to do about each fault. What is not there yet is not made; the
 * database is opened as a start would open it.
 */
import { randomUUID } from 'node:crypto';
import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { Config } from '#config.ts';
import { databaseAddress, leaseSeconds, littleDiskBytes } from '#app.ts';
import { openDatabase } from '#db/database.ts';
import { liveWorkers } from '#jobs/live-workers.ts';
import { exists } from '#library/storage.ts';
import { openMediaTools } from '#media/media-tools.ts';
import { addressOf } from './address.ts';
import { askServer } from './ask-server.ts';
import { serverOf } from './hold-data-folder.ts';

type Finding = { check: string; ok: boolean; detail: string; todo: string | null };

/** Resolves to the exit code: 0 when nothing is at fault. */
export async function doctor(config: Config, version: string, options: { json: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for (const [check, examine] of Object.entries(checks)) findings.push({ check, ...(await examine(config)) });
  const ok = findings.every((finding) => finding.ok);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok, version, findings })}\n`);
  else process.stdout.write(inWords(findings, version));
  return ok ? 0 : 1;
}

type Examined = Omit<Finding, 'check'>;

const fine = (detail: string): Examined => ({ ok: true, detail, todo: null });
const fault = (detail: string, todo: string): Examined => ({ ok: false, detail, todo });

const checks: Record<string, (config: Config) => Promise<Examined>> = {
  node: async () => fine(`Node ${process.versions.node}`),

  'data folder': async (config) => {
    try {
      if (!(await exists(config.data))) return notMadeYet(config.data);
      const probe = path.join(config.data, `.doctor-${randomUUID()}`);
      await writeFile(probe, 'probe', { flag: 'wx' });
      await rm(probe);
      return fine(config.data);
    } catch (error) {
      return fault(
        `${config.data} cannot be written: ${reason(error)}`,
        'Set DAYBOOK_DATA to a folder that this user may write, or change its rights.',
      );
    }
  },

  'disk space': async (config) => {
    try {
      const disk = await statfs(await firstExisting(config.data));
      const free = disk.bavail * disk.bsize;
      if (free >= littleDiskBytes) return fine(`${gigabytes(free)} free`);
      return fault(`only ${gigabytes(free)} free`, 'Free some space, or move DAYBOOK_DATA to a larger disk.');
    } catch (error) {
      return fault(`unknown: ${reason(error)}`, 'Check that the disk of DAYBOOK_DATA is connected.');
    }
  },

  database: async (config) => {
    const address = databaseAddress(config);
    try {
      if ('sqlite' in address && !(await exists(address.sqlite)))
        return fine('not made yet; the first start makes it');
      await using opened = await openDatabase(address);
      const { count } = await opened.db
        .selectFrom('assets')
        .select((select) => select.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return fine(`${opened.engine}, ${count.toLocaleString('en')} assets`);
    } catch (error) {
      return fault(
        `does not open: ${reason(error)}`,
        config.database_url === ''
          ? 'Check the rights of daybook.db in the data folder; if it is damaged, put a backup in its place.'
          : 'Check DATABASE_URL, and that PostgreSQL runs and lets this user in.',
      );
    }
  },

  exiftool: async () => {
    try {
      await using tools = await openMediaTools({ processes: 1, max_megapixels: 1, limit_seconds: 20 });
      return fine(`ExifTool ${await tools.exiftool.version()}`);
    } catch (error) {
      return fault(`does not start: ${reason(error)}`, 'It needs Perl: install perl, then run "npm ci" again.');
    }
  },

  decoders: async () => {
    try {
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } });
      for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const) {
        await sharp(await picture.clone().toFormat(format).toBuffer())
          .raw()
          .toBuffer();
      }
      return fine(`libvips ${sharp.versions.vips}: JPEG, PNG, WebP, AVIF, TIFF, GIF`);
    } catch (error) {
      return fault(`a picture could not be decoded: ${reason(error)}`, 'Run "npm ci" again on this computer.');
    }
  },

  worker: async (config) => {
    const address = databaseAddress(config);
    try {
      if ('sqlite' in address && !(await exists(address.sqlite)))
        return fine('none runs now; "daybook serve" starts one');
      await using opened = await openDatabase(address);
      const alive = await liveWorkers(opened.db, leaseSeconds);
      return fine(alive.length === 0 ? 'none runs now; "daybook serve" starts one' : `${alive.length} running`);
    } catch (error) {
      return fault(`unknown: ${reason(error)}`, 'Mend the database first.');
    }
  },

  // The row of a worker says that it lived lately; only a way through it and back proves that it works.
  server: async (config) => {
    const running = await serverOf(config.data);
    const address = running?.address ?? addressOf(config);
    const asked = await askServer(address);
    switch (asked.state) {
      case 'silent':
        return fine('none runs now; "daybook serve" starts one');
      case 'not ours':
        return fault(
          `something else answers at ${address}`,
          'Stop it, or choose another port with DAYBOOK_PORT.',
        );
      case 'answered': {
        const { ok, detail, round_trip_ms, restarts } = asked.health.worker;
        if (!ok)
          return fault(
            `at ${address}, but its worker is not well: ${detail}`,
            'Wait a minute: it is started again. If that does not help, stop "daybook serve" and read its log.',
          );
        const again = restarts === 0 ? '' : `, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
        return fine(`at ${address}; its worker answered in ${Math.ceil(round_trip_ms ?? 0)} ms${again}`);
      }
    }
  },
};

/** The first start would make it: it can if the nearest folder above may be written. */
async function notMadeYet(folder: string): Promise<Examined> {
  const above = await firstExisting(folder);
  try {
    if (!(await stat(above)).isDirectory()) throw new Error(`${above} is not a folder`);
    await access(above, constants.W_OK);
    return fine(`${folder}, not made yet; the first start makes it`);
  } catch (error) {
    return fault(
      `${folder} cannot be made: ${reason(error)}`,
      'Set DAYBOOK_DATA to a folder that this user may write, or change its rights.',
    );
  }
}

/** The folder itself, or the nearest above it that is there. */
async function firstExisting(folder: string): Promise<string> {
  let nearest = folder;
  while (!(await exists(nearest)) && path.dirname(nearest) !== nearest) nearest = path.dirname(nearest);
  return nearest;
}

function inWords(findings: Finding[], version: string): string {
  const lines = [`Daybook ${version}`];
  for (const { check, ok, detail, todo } of findings) {
    lines.push(`${ok ? '✓' : '✗'} ${check.padEnd(12)} ${detail}`);
    if (todo !== null) lines.push(`  → ${todo}`);
  }
  return `${lines.join('\n')}\n`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
