import { expect, test } from 'vitest';
import type { Clues, NameClues, Rules } from './clues.ts';
import { decide } from './decide.ts';

const rules: Rules = {
  rule: 'earliest',
  min_year: 2000,
  home_zone: 'Europe/Berlin',
  now: Temporal.Instant.from('2026-05-01T10:00:00Z'),
};
const clues: Clues = { time_tags: {}, gps: null, kind: 'photo', camera: { make: null, model: null } };
const photo = (modified_at: string, met_at: string | null): NameClues => ({
  name: 'a.jpg',
  modified_at,
  met_at,
});

test('a file time is judged "copied recently" from the day its name was met, however late that is decided again', () => {
  const modified = '2024-03-01T12:00:00Z';
  const metNextHour = decide({ clues, names: [photo(modified, '2024-03-01T13:00:00Z')], others: [], rules });
  expect(metNextHour.evidence).toMatchObject([{ source: 'File:FileModifyDate', rejected: 'copied_recently' }]);
  const metNow = decide({ clues, names: [photo(modified, null)], others: [], rules });
  expect(metNow.evidence).toMatchObject([{ source: 'File:FileModifyDate', rejected: null }]);
});

test('each piece says which name gave it', () => {
  const names = [
    photo('2024-03-01T12:00:00Z', null),
    { ...photo('', null), modified_at: null, name: '2019-05-05 10.20.30.jpg' },
  ];
  const decision = decide({
    clues: { ...clues, time_tags: { 'EXIF:CreateDate': '2019:05:05 10:20:30' } },
    names,
    others: [],
    rules,
  });
  expect(decision.evidence.map((piece, index) => [piece.source, decision.given_by[index]])).toEqual([
    ['EXIF:CreateDate', null],
    ['File:FileModifyDate', 0],
    ['filename_datetime', 1],
  ]);
  expect(decision.capture_time).toMatchObject({ local: '2019-05-05T10:20:30', confidence: 'high' });
});
