/** `daybook redate` as a person at a terminal runs it. */
import { expect, test } from 'vitest';
import type { RedateReport } from '#contract/job-summary.ts';
import { stampedPhoto } from '../../test/fixtures/stamp.ts';
import { daybook } from '../../test/running-app.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

test('a dry run says what would change, the run changes it, and bad rules are refused by name', async () => {
  await using data = await temporaryFolder();
  await using folder = await temporaryFolder();
  const photo = await stampedPhoto(folder.path, 'scan.jpg', {
    tags: { 'EXIF:DateTimeOriginal': '1998:05:05 10:20:30' },
  });
  const environment = { DAYBOOK_DATA: data.path, DAYBOOK_TIMEZONE: 'Europe/Berlin' };
  await daybook(['import', photo], environment);

  const dry = await daybook(['redate', '--min-year', '1990', '--dry-run'], environment);
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toContain('1 would be changed');
  expect(dry.stdout).toContain('scan.jpg: no date → 1998-05-05T10:20:30');
  expect(dry.stdout).toContain('Nothing was written');

  const real = await daybook(['redate', '--min-year', '1990', '--json'], environment);
  expect(JSON.parse(real.stdout) as RedateReport).toMatchObject({
    dry_run: false,
    rules: { rule: 'earliest', zone: 'Europe/Berlin', min_year: 1990 },
    assets: 1,
    changed: 1,
  });
  const again = await daybook(['redate', '--json'], environment);
  expect(JSON.parse(again.stdout) as RedateReport).toMatchObject({ rules: { min_year: 1990 }, changed: 0 });

  for (const bad of [
    ['--zone', 'Mars'],
    ['--min-year', 'x'],
    ['--rule', 'random'],
  ]) {
    const refused = await daybook(['redate', ...bad], environment);
    expect(refused, bad.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(bad[1]);
  }
});
