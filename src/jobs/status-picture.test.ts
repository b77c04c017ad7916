import { expect, test } from 'vitest';
import { jobStatuses } from '#contract/words.ts';
import { transitions } from './job.ts';
import { statusPicture } from './status-picture.ts';

test('the picture has an arrow for every way of the table, named for it, and every status', () => {
  const picture = statusPicture().split('\n');
  for (const [name, { from, to }] of Object.entries(transitions)) {
    for (const status of from) {
      const arrow = picture.filter((line) => line.trim().startsWith(`${status} --> ${to}:`));
      expect(arrow.join('\n')).toContain(name.replaceAll('_', ' '));
    }
  }
  for (const status of jobStatuses) expect(picture.join('\n')).toContain(status);
});
