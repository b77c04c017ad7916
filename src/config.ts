/**
 * Every setting, once: variable, type, unit, default and meaning. `docs/configuration.md` is printed from this
 * table (`npm run docs`).
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseTemplate } from '#export/template.ts';

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `at least ${min}`).max(max, `at most ${max}`));

const settings = {
  data: {
    variable: 'DAYBOOK_DATA',
    fallback: './data',
    about: 'Folder for the database, uploaded originals and thumbnails. Created if it does not exist.',
    read: z
      .string()
      .min(1, 'a folder')
      .transform((folder) => path.resolve(folder)),
  },
  host: {
    variable: 'DAYBOOK_HOST',
    fallback: '127.0.0.1',
    about:
      'Address to listen on. Until accounts exist only this computer may be let in: 127.0.0.1, ::1 or localhost.',
    read: z.enum(['127.0.0.1', '::1', 'localhost'], { error: 'one of 127.0.0.1, ::1, localhost' }),
  },
  port: {
    variable: 'DAYBOOK_PORT',
    fallback: '3650',
    about: 'Port of the page and the API.',
    read: integer(1, 65_535),
  },
  database_url: {
    variable: 'DATABASE_URL',
    fallback: '',
    about: 'A PostgreSQL address, `postgres://user:password@host:5432/name`. Empty: SQLite in the data folder.',
    read: z.union([
      z.literal(''),
      z.string().regex(/^postgres(ql)?:\/\//, 'an address that starts with postgres://'),
    ]),
  },
  workers: {
    variable: 'DAYBOOK_WORKERS',
    fallback: '0',
    about: 'Items worked at the same time. 0: one for each processor.',
    read: integer(0, 256).transform((workers) => workers || availableParallelism()),
  },
  timezone: {
    variable: 'DAYBOOK_TIMEZONE',
    fallback: '',
    about:
      'Zone of photos that say nothing about theirs, as an IANA name such as `Europe/Berlin`. Empty: this computer’s zone.',
    read: z
      .string()
      .transform((zone) => zone || Temporal.Now.timeZoneId())
      .refine(isZone, 'an IANA zone such as Europe/Berlin'),
  },
  date_rule: {
    variable: 'DAYBOOK_DATE_RULE',
    fallback: 'earliest',
    about:
      'Which time is chosen when evidence differs: `earliest`, or `trusted` (the agreeing group that weighs most).',
    read: z.enum(['earliest', 'trusted'], { error: 'earliest or trusted' }),
  },
  min_year: {
    variable: 'DAYBOOK_MIN_YEAR',
    fallback: '2000',
    about:
      'Dates before this year are taken for a camera fault. Lower it if you scan old prints with their true dates.',
    read: integer(1826, 2100),
  },
  export_template: {
    variable: 'DAYBOOK_EXPORT_TEMPLATE',
    fallback: '{year}/{date}_{time}{ext}',
    about:
      'How exported copies are named, unless an export says otherwise. Its words stand in [export.md](export.md).',
    read: z.string().superRefine((template, refined) => {
      try {
        parseTemplate(template);
      } catch (error) {
        refined.addIssue({
          code: 'custom',
          message: `a template. ${error instanceof Error ? error.message : ''}`,
        });
      }
    }),
  },
  halt_percent: {
    variable: 'DAYBOOK_HALT_PERCENT',
    fallback: '10',
    about: 'A job halts when more than this share of its finished items failed, in percent.',
    read: integer(0, 100),
  },
  halt_minimum: {
    variable: 'DAYBOOK_HALT_MINIMUM',
    fallback: '10',
    about: 'No job halts for failures before this many items are finished.',
    read: integer(1, 1_000_000),
  },
  settle_group: {
    variable: 'DAYBOOK_SETTLE_GROUP',
    fallback: '10',
    about:
      'Finished items that are committed together; what finishes while a group is being written goes along with the next.',
    read: integer(1, 1000),
  },
  retries: {
    variable: 'DAYBOOK_RETRIES',
    fallback: '2',
    about: 'How often an item that failed for a passing reason is tried again.',
    read: integer(0, 20),
  },
  retry_delay_seconds: {
    variable: 'DAYBOOK_RETRY_DELAY_SECONDS',
    fallback: '30',
    about: 'Seconds before such an item is tried again.',
    read: integer(0, 86_400),
  },
  item_limit_seconds: {
    variable: 'DAYBOOK_ITEM_LIMIT_SECONDS',
    fallback: '120',
    about: 'An item that stands still for longer than this many seconds is given up.',
    read: integer(1, 86_400),
  },
  max_megapixels: {
    variable: 'DAYBOOK_MAX_MEGAPIXELS',
    fallback: '268',
    about:
      'Pictures with more megapixels than this are kept and dated, but not decoded (no thumbnail). Formats that must be in memory as a whole have lower limits of their own: see decision 005.',
    read: integer(1, 2000),
  },
  max_upload_gb: {
    variable: 'DAYBOOK_MAX_UPLOAD_GB',
    fallback: '50',
    about: 'Largest file that may be uploaded, in gigabytes.',
    read: integer(1, 10_000),
  },
  log_level: {
    variable: 'DAYBOOK_LOG_LEVEL',
    fallback: 'info',
    about: 'How much is logged: `error`, `warn`, `info` or `debug`.',
    read: z.enum(['silent', 'error', 'warn', 'info', 'debug'], { error: 'error, warn, info or debug' }),
  },
} as const;

type Settings = typeof settings;
export type Config = { readonly [Name in keyof Settings]: z.output<Settings[Name]['read']> };

/** Several settings cannot be read; the message names each, what came and what was expected. */
export class ConfigError extends Error {}

/** Reads every setting from the environment. Throws one `ConfigError` that names all the bad ones together. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const config: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    const came = environment[setting.variable] || setting.fallback;
    const read = setting.read.safeParse(came);
    if (read.success) config[name] = read.data;
    else {
      const expected = read.error.issues.map((issue) => issue.message).join(', ');
      faults.push(`${setting.variable} is "${came}"; expected ${expected}.`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config as Config;
}

/** The table of settings as Markdown, for `docs/configuration.md`. */
export function configurationTable(): string {
  const rows = Object.values(settings).map(
    ({ variable, fallback, about }) =>
      `| \`${variable}\` | ${fallback === '' ? '(empty)' : `\`${fallback}\``} | ${about} |`,
  );
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function isZone(zone: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
