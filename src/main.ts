/** The command line. Each command is one file in `command-line/`, loaded only when it is asked for. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { workerEntry } from '#command-line/worker-child.ts';
import { ConfigError, readConfig } from '#config.ts';
import { AssetFilter } from '#contract/asset-filter.ts';
import {
  choiceRules,
  confidences,
  mediaKinds,
  type ChoiceRule,
  type Confidence,
  type MediaKind,
} from '#contract/words.ts';

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
  // What stands behind `export undo` is for `undo`.
  .enablePositionalOptions()
  // Subcommands inherit these, so they stand before them.
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
  .action(() =>
    run(async () => (await import('#command-line/work.ts')).work(readConfig(process.env), workerEntry)),
  );

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

const exporting = program
  .command('export')
  .description('copy the library into an ordered folder tree, with dates and tags written into the copies')
  .argument('<folder>', 'where the archive stands or is to stand')
  .option('--from <day>', 'first day, such as 2019-05-01', day)
  .option('--to <day>', 'last day', day)
  .option('--tag <tag>', 'only what has this tag')
  .option('--camera <model>', 'only what this camera took')
  .addOption(new Option('--confidence <confidence>', 'only dates that are as sure').choices(confidences))
  .addOption(new Option('--kind <kind>', 'photos or videos only').choices(mediaKinds))
  .option('--text <text>', 'only what has this in its name, folder or camera')
  .option('--template <template>', 'how copies are named, such as {year}/{date}_{time}{ext}')
  .option('--write-uncertain', 'write times of low confidence into the copies as well')
  .option('--set-aside-gone', 'move copies of earlier exports that do not belong any more to .daybook/replaced')
  .option('--dry-run', 'only plan, and say what would be done')
  .option('--csv <file>', 'save the plan as a table', csvFile)
  .option('--json', 'print one JSON object at the end instead of words')
  .addHelpText(
    'after',
    `
Only what is new or changed is written, and nothing is overwritten. Ctrl-C pauses the job; the same command, or the
page, goes on where it stopped.
Exit code: 0 when everything stands in the folder, 1 when something needs a look, 2 when it could not begin.`,
  )
  .action((folder: string, { from, to, tag, camera, confidence, kind, text, ...options }: ExportArguments) =>
    run(async () =>
      (await import('#command-line/export.ts')).exportLibrary(readConfig(process.env), folder, {
        filter: AssetFilter.parse({ confidence, kind, text, from, to, camera, tag }),
        template: options.template,
        write_uncertain: options.writeUncertain === true,
        set_aside_gone: options.setAsideGone === true,
        dry_run: options.dryRun === true,
        csv: options.csv,
        json: options.json === true,
      }),
    ),
  );

type ExportArguments = {
  from?: string;
  to?: string;
  tag?: string;
  camera?: string;
  confidence?: Confidence;
  kind?: MediaKind;
  text?: string;
  template?: string;
  writeUncertain?: true;
  setAsideGone?: true;
  dryRun?: true;
  csv?: string;
  json?: true;
};

exporting
  .command('undo')
  .description('take back what an export wrote, unless it was changed since, and put back what it replaced')
  .argument('<id>', 'of the export')
  .option('--json', 'print one JSON object at the end instead of words')
  .action((id: string, options: { json?: true }) =>
    run(async () =>
      (await import('#command-line/export.ts')).undoFromHere(readConfig(process.env), id, {
        json: options.json === true,
      }),
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

function day(text: string): string {
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    throw new InvalidArgumentError('It is no day. Write it like 2019-05-01.');
  }
}

/** A slip must not overwrite a photo. */
function csvFile(file: string): string {
  if (/\.csv$/i.test(file)) return file;
  throw new InvalidArgumentError('Its name must end in .csv.');
}

function wholeYear(year: string): number {
  if (/^\d{4}$/.test(year) && Number(year) >= 1826 && Number(year) <= 2100) return Number(year);
  throw new InvalidArgumentError('It is no year from 1826 to 2100.');
}
