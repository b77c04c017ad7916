/** Google gives the moment of the upload where a file has no date of its own. */
import { describe, expect, it } from 'vitest';
import type { Clues } from './clues.ts';
import { decide } from './decide.ts';
import { settleEvidence } from './settle.ts';
import { clues, pieceOf, rules } from './testing.ts';

const uploaded = 1_741_885_510; // 2025-03-13T17:05:10Z

function decided(
  taken: number,
  given: { tags?: Record<string, string>; folder?: string; name?: string; kind?: Clues['kind'] } = {},
) {
  const time_tags = {
    'Takeout:photoTakenTime': String(taken),
    'Takeout:creationTime': String(uploaded),
  };
  return decide({
    clues: clues(given),
    names: [
      {
        name: given.name ?? 'clipart.jpg',
        folder: given.folder ?? null,
        modified_at: null,
        met_at: null,
        sidecars: [{ time_tags, gps: null }],
      },
    ],
    others: [],
    rules,
  });
}

describe('photoTakenTime that is the moment of the upload', () => {
  it('is refused, with both values kept and the reason in words', () => {
    const decision = decided(uploaded);
    expect(pieceOf(decision, 'Takeout:photoTakenTime')).toMatchObject({
      raw: '1741885510, uploaded 1741885510',
      at: '2025-03-13T17:05:10.000Z',
      rejected: 'upload_time',
    });
    expect(decision.capture_time).toMatchObject({
      local: null,
      because:
        'Nothing that can be believed says when it was taken: Google Photos says 13 March 2025 17:05:10, which is the moment it was uploaded to Google and not when it was taken.',
    });
  });

  it.each(['Photos from 2025', 'Photos de 2025', 'Fotos von 2025'])('takes the folder %s with it', (folder) => {
    expect(pieceOf(decided(uploaded, { folder }), 'folder_date').rejected).toBe('upload_time');
  });

  it('leaves a folder that somebody named, and the day of a name', () => {
    expect(decided(uploaded, { folder: 'Italy 2025' }).capture_time.local).toBe('2025');
    expect(decided(uploaded, { name: 'IMG-20250313-WA0001.jpg' }).capture_time).toMatchObject({
      local: '2025-03-13',
      source: 'filename_date',
    });
  });

  it('ten seconds apart is the same moment, a minute is a photo that was sent when it was taken', () => {
    expect(decided(uploaded - 10).capture_time.local).toBeNull();
    expect(decided(uploaded - 60).capture_time).toMatchObject({
      at: '2025-03-13T17:04:10.000Z',
      source: 'Takeout:photoTakenTime',
    });
  });
});

describe('a clock of the file that shows the same moment', () => {
  it('proves that Google read it: it confirms, and reveals the zone', () => {
    const decision = decided(uploaded - 4, { tags: { 'EXIF:DateTimeOriginal': '2025:03:13 19:05:06' } });
    expect(decision.capture_time).toMatchObject({
      local: '2025-03-13T19:05:06',
      zone: '+02:00',
      zone_source: 'utc_difference',
      confidence: 'high',
    });
  });

  it('is the header of a video, too, be it UTC or local', () => {
    for (const created of ['2025:03:13 17:05:10', '2025:03:13 18:05:10']) {
      const decision = decided(uploaded, { kind: 'video', tags: { 'QuickTime:CreateDate': created } });
      expect(pieceOf(decision, 'Takeout:photoTakenTime').rejected).toBeNull();
    }
  });

  it('an hour and a minute away proves nothing', () => {
    const decision = decided(uploaded, { tags: { 'EXIF:DateTimeOriginal': '2025:03:13 18:06:10' } });
    expect(pieceOf(decision, 'Takeout:photoTakenTime').rejected).toBe('upload_time');
    expect(decision.capture_time).toMatchObject({ local: '2025-03-13T18:06:10', confidence: 'medium' });
  });

  it('that other rules do not believe proves nothing any more', () => {
    const tags = { 'EXIF:DateTimeOriginal': '2025:03:13 19:05:10' };
    const { evidence } = decided(uploaded, { tags });
    const again = settleEvidence(evidence, clues({ tags }), { ...rules, min_year: 2026 });
    expect(again.find(({ source }) => source === 'Takeout:photoTakenTime')?.rejected).not.toBeNull();
    const back = settleEvidence(again, clues({ tags }), rules);
    expect(back).toEqual(evidence);
  });
});
