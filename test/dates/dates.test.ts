/**
 * The dates of drawn files through the whole product, as a table that is committed beside this test. Where a rule
 * changed on purpose: `DAYBOOK_WRITE_DATES=1 npx vitest run test/dates`, and read what changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/database.ts';
import { heading, printed, readLines, summary } from '../../bench/dates/lines.ts';
import { daybook } from '../running-app.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { drawAll } from './drawn.ts';

const table = path.join(import.meta.dirname, 'dates.txt');

test('drawn files have the dates of the committed table, and every difference is explained', async () => {
  await using pile = await temporaryFolder();
  await using data = await temporaryFolder();
  const files = await drawAll(pile.path);
  await daybook(['import', pile.path, '--json'], {
    DAYBOOK_DATA: data.path,
    DAYBOOK_TIMEZONE: 'America/New_York',
  });
  await using opened = await openDatabase({ sqlite: path.join(data.path, 'daybook.db') });
  const lines = await readLines(opened.db, pile.path, files);
  const found = `${[heading, ...lines.map(printed)].join('\n')}\n\n${summary(lines)}\n`;
  if (process.env['DAYBOOK_WRITE_DATES'] === '1') writeFileSync(table, found);
  expect(found).toBe(readFileSync(table, 'utf8'));
  expect(lines.filter(({ verdict }) => verdict === 'unexplained')).toEqual([]);
});
