/** The command line. Each command is one file in `command-line/`, loaded only when it is asked for. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { workerEntry } from '#command-line/worker-child.ts';
import { ConfigError, readConfig } from '#config.ts';
import { choiceRules, type ChoiceRule } from '#contract/words.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** 0: all went well. 1: it ran, and something needs a look. 2: it could not begin. */
const couldNotBegin = 2;

const program = new Command('daybook')
  .description(
    'Turns a pile of photos and videos into an archive in which every file stands at the moment it was taken.',
  )
  .version(version)
  // Subcommands inherit both, so they stand before them.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : couldNotBegin))
  .showHelpAfterError('Add --help to see how it is used.')
  .addHelpText(
    'after',
    '\nSettings are environment variables such as DAYBOOK_DATA; docs/configuration.md lists them all.',
  );

program
  .command('serve')
  .description('start the page, the API and the worker')
  .action(() =>
    run(async () =>
      (await import('#command-line/serve.ts')).serve(readConfig(process.env), version, workerEntry),
    ),
  );

program
  .command('work')
  .description('start a worker alone, beside a server that uses the same data')
  .action(() => run(async () => (await import('#command-line/work.ts')).work(readConfig(process.env))));

program
  .command('import')
  .description('import files and folders into the library; they are read where they stand and never changed')
  .argument('<path...>', 'files and folders; folders are taken with all below them')
  .option('--json', 'print one JSON object at the end instead of words')
  .addHelpText(
    'after',
    `
Ctrl-C pauses the job; the same command, or the page, goes on where it stopped.
Exit code: 0 when every file was imported or already here, 1 when something needs a look, 2 when it could not begin.`,
  )
  .action((paths: string[], options: { json?: true }) =>
    run(async () =>
      (await import('#command-line/import.ts')).importPaths(readConfig(process.env), paths, {
        json: options.json === true,
      }),
    ),
  );

program
  .command('inspect')
  .description('say what files tell about themselves and when they were taken; stores nothing')
  .argument('<path...>', 'files and folders; folders are taken with all below them')
  .option('--json', 'print one JSON object per line and file')
  .addHelpText(
    'after',
    '\nExit code: 0 when every file could be read, 1 when one could not, 2 when it could not begin.',
  )
  .action((paths: string[], options: { json?: true }) =>
    run(async () =>
      (await import('#command-line/inspect.ts')).inspect(readConfig(process.env), paths, {
        json: options.json === true,
      }),
    ),
  );

program
  .command('redate')
  .description('decide again when everything was taken, from what is stored; no file is opened')
  .addOption(new Option('--rule <rule>', 'which time is chosen when evidence differs').choices(choiceRules))
  .option('--zone <zone>', 'zone of photos that say nothing about theirs, such as Europe/Berlin', zoneName)
  .option('--min-year <year>', 'dates before this year are taken for a fault', wholeYear)
  .option('--dry-run', 'only say what would change')
  .option('--json', 'print one JSON object instead of words')
  .addHelpText(
    'after',
    `
What a person chose, entered or accepted is never touched. Rules that are given stay in force for this library, also
for later imports, until others are given; those left out stay as they are.
Exit code: 0 when the library is decided, 2 when it could not begin.`,
  )
  .action((options: { rule?: ChoiceRule; zone?: string; minYear?: number; dryRun?: true; json?: true }) =>
    run(async () =>
      (await import('#command-line/redate.ts')).redateLibrary(
        readConfig(process.env),
        {
          rule: options.rule,
          zone: options.zone,
          min_year: options.minYear,
          dry_run: options.dryRun === true,
        },
        { json: options.json === true },
      ),
    ),
  );

program
  .command('doctor')
  .description('check data folder, disk space, exiftool, decoders, database and worker, and say what to do')
  .option('--json', 'print one JSON object')
  .action((options: { json?: true }) =>
    run(async () =>
      (await import('#command-line/doctor.ts')).doctor(readConfig(process.env), version, {
        json: options.json === true,
      }),
    ),
  );

// `daybook inspect … | head` has read enough: that is no fault.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));
await program.parseAsync();

/** Runs a command and ends with its exit code; a fault it could not tell itself is told on stderr. */
async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = couldNotBegin;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}

function zoneName(zone: string): string {
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return zone;
  } catch {
    throw new InvalidArgumentError('It is no zone. Write it like Europe/Berlin.');
  }
}

function wholeYear(year: string): number {
  if (/^\d{4}$/.test(year) && Number(year) >= 1826 && Number(year) <= 2100) return Number(year);
  throw new InvalidArgumentError('It is no year from 1826 to 2100.');
}
