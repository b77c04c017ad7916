/**
 * Every setting, once: variable, type, unit, default and meaning. `docs/configuration.md` is printed from this
 * table (`npm run docs`).
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseTemplate } from '#export/names/template.ts';

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `at least ${min}`).max(max, `at most ${max}`));

/** An address to ask below. What stands in it is told in messages, so no name and password may. */
const address = (allowed: (url: URL) => boolean, expected: string) =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    const isPlain =
      url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    return text === '' || (isPlain && allowed(url));
  }, expected);

const isLoopback = (url: URL) => ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);

/** It goes into a header of each request. */
const key = z.string().regex(/^[\x21-\x7e]{0,500}$/, 'a key without spaces or line breaks');

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
      const fault = templateFault(template);
      if (fault !== undefined) refined.addIssue({ code: 'custom', message: `a template: ${fault}` });
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
  youtube_key: {
    variable: 'DAYBOOK_YOUTUBE_KEY',
    fallback: '',
    is_secret: true,
    about:
      'Key of the YouTube Data API v3, from the Google Cloud console. Empty: only title, channel and picture of saved videos are found out, one by one.',
    read: key,
  },
  youtube_quota: {
    variable: 'DAYBOOK_YOUTUBE_QUOTA',
    fallback: '10000',
    about: 'Units that Daybook may use of that key’s quota in a day, which ends at midnight in California.',
    read: integer(0, 1_000_000_000),
  },
  youtube_url: {
    variable: 'DAYBOOK_YOUTUBE_URL',
    fallback: '',
    // Somebody may have written a password into it.
    is_secret: true,
    about:
      'Asked instead of YouTube’s own hosts: a proxy, or a stand-in for trying things out. Below it stand `/youtube/v3`, `/oembed` and `/vi`. With https, or on this computer.',
    read: address(
      (url) => url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)),
      'an address that starts with https://, or http:// on this computer',
    ),
  },
  country: {
    variable: 'DAYBOOK_COUNTRY',
    fallback: '',
    about: 'Where you are, as two letters such as `DE`, to know which videos may not be watched there.',
    read: z.string().regex(/^([A-Z]{2})?$/, 'two capital letters such as DE'),
  },
  ai: {
    variable: 'DAYBOOK_AI',
    fallback: 'off',
    about:
      'Which language model fills the fields of saved videos: `google` (Gemini), `openai-compatible` (Ollama, and most others), or `off`.',
    read: z.enum(['google', 'openai-compatible', 'off'], { error: 'google, openai-compatible or off' }),
  },
  ai_model: {
    variable: 'DAYBOOK_AI_MODEL',
    fallback: '',
    about: 'Name of the model, such as `gemini-3.5-flash-lite` (the one taken with `google`) or `qwen3:8b`.',
    read: z.string().regex(/^[\w./:@+-]{0,200}$/, 'the name of a model'),
  },
  ai_key: {
    variable: 'DAYBOOK_AI_KEY',
    fallback: '',
    is_secret: true,
    about: 'Its key. A model of your own may need none.',
    read: key,
  },
  ai_url: {
    variable: 'DAYBOOK_AI_URL',
    fallback: '',
    // Somebody may have written a password into it.
    is_secret: true,
    about:
      'Where the model is asked, such as `http://127.0.0.1:11434/v1` for Ollama. Empty with `google`: Google’s own. Over http everybody on the way can read along.',
    read: address((url) => /^https?:$/.test(url.protocol), 'an address that starts with https:// or http://'),
  },
  ai_calls: {
    variable: 'DAYBOOK_AI_CALLS',
    fallback: '4',
    about: 'Videos that the model is asked about at the same time. 1 for a model on a computer of your own.',
    read: integer(1, 64),
  },
  ai_seconds: {
    variable: 'DAYBOOK_AI_SECONDS',
    fallback: '120',
    about: 'Longest time for one answer of the model, in seconds.',
    read: integer(5, 290),
  },
  ai_description: {
    variable: 'DAYBOOK_AI_DESCRIPTION',
    fallback: '4000',
    about: 'Characters of a video’s description that the model is told; longer ones are cut.',
    read: integer(0, 20_000),
  },
  ai_watch_minutes: {
    variable: 'DAYBOOK_AI_WATCH_MINUTES',
    fallback: '60',
    about: 'In lists that let Gemini watch the videos themselves: longer ones are only read about.',
    read: integer(1, 600),
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
      const told = 'is_secret' in setting ? 'cannot be used' : `is "${came}"`;
      faults.push(`${setting.variable} ${told}; expected ${expected}.`);
    }
  }
  if (faults.length === 0) faults.push(...whatModelLacks(config as Config));
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config as Config;
}

/** What is needed for the model that `ai` names. */
function whatModelLacks({ ai, ai_key, ai_model, ai_url }: Config): string[] {
  const lacks = (variable: string, what: string) => `DAYBOOK_AI is "${ai}", which needs ${variable}: ${what}.`;
  switch (ai) {
    case 'off':
      return [];
    case 'google':
      return ai_key === '' ? [lacks('DAYBOOK_AI_KEY', 'a key of the Gemini API')] : [];
    case 'openai-compatible':
      return [
        ...(ai_url === ''
          ? [lacks('DAYBOOK_AI_URL', 'where it is asked, such as http://127.0.0.1:11434/v1')]
          : []),
        ...(ai_model === '' ? [lacks('DAYBOOK_AI_MODEL', 'the name of the model')] : []),
      ];
  }
}

/** The table of settings as Markdown, for `docs/configuration.md`. */
export function configurationTable(): string {
  const rows = Object.values(settings).map(
    ({ variable, fallback, about }) =>
      `| \`${variable}\` | ${fallback === '' ? '(empty)' : `\`${fallback}\``} | ${about} |`,
  );
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function templateFault(template: string): string | undefined {
  try {
    parseTemplate(template);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^The template is | *\.$/g, '') : String(error);
  }
}

function isZone(zone: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
