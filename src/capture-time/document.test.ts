import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesTable, rejectionsTable, sourcesTable, zonesTable } from './document.ts';

const file = path.resolve(import.meta.dirname, '../../docs/capture-time.md');

describe('docs/capture-time.md', () => {
  it.each([
    ['sources', sourcesTable()],
    ['rejections', rejectionsTable()],
    ['zones', zonesTable()],
    ['names', namesTable()],
  ])('holds the table of %s as the code has it', (_table, rows) => {
    expect(unpadded(readFileSync(file, 'utf8'))).toContain(unpadded(rows));
  });
});

/** Tables without the blanks and dashes that a formatter lines them up with. */
function unpadded(markdown: string): string {
  return markdown.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');
}
