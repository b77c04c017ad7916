/** Decides again when everything was taken, by the rules in force or by others, from what is stored. */
import { onlyOwner, openApp, rulesOf } from '#app.ts';
import type { Config } from '#config.ts';
import type { RedateReport } from '#contract/job-summary.ts';
import { redate, type RedateWish } from '#review/redate.ts';

const atOnce = 1000;

/** Resolves to the exit code: 0 once the library is decided. */
export async function redateLibrary(
  config: Config,
  wish: RedateWish,
  options: { json: boolean },
): Promise<number> {
  await using app = await openApp(config);
  const isWatched = process.stderr.isTTY && !options.json;
  const report = await redate({ db: app.db, rules: rulesOf(config) }, onlyOwner, wish, {
    at_once: atOnce,
    onProgress: (done) => isWatched && process.stderr.write(`\r${done.toLocaleString('en')} decided `),
  });
  if (isWatched) process.stderr.write('\r\x1b[K');
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : inWords(report));
  return 0;
}

function inWords(report: RedateReport): string {
  const { rules, dry_run } = report;
  const would = dry_run ? 'would be' : 'were';
  const lines = [
    `${many(report.assets, 'asset')} decided in ${report.seconds.toFixed(1)} s by the rule ${rules.rule}, at home in ${rules.zone}, from ${rules.min_year} on.`,
    `${report.changed.toLocaleString('en')} ${would} changed, ${report.changed_times.toLocaleString('en')} of them to another time; ${report.kept_by_person.toLocaleString('en')} stay as a person chose.`,
    ...report.confidence.map(({ from, to, count }) =>
      from === to
        ? `  ${from}: ${count.toLocaleString('en')}`
        : `  ${from} → ${to}: ${count.toLocaleString('en')}`,
    ),
    ...report.examples.map(
      ({ name, before, after, because }) =>
        `${JSON.stringify(name).slice(1, -1)}: ${before ?? 'no date'} → ${after ?? 'no date'}\n  ${because}`,
    ),
  ];
  if (dry_run) lines.push('Nothing was written. Without --dry-run it is.');
  return `${lines.join('\n')}\n`;
}

function many(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
