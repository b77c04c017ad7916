/** What the closed lists of exporting are called on the page. */
import type { ExportAction, ExportDoubt, ItemState } from '#contract/words.ts';

export const actionWords: Record<ExportAction, { word: string; about: string }> = {
  new: { word: 'new', about: 'Copied for the first time' },
  changed: {
    word: 'changed',
    about: 'Its date, name or tags are others now: copied anew, the earlier copy is kept aside',
  },
  same: { word: 'same', about: 'Stands there as it should: not touched' },
  gone: { word: 'gone', about: 'An earlier export wrote it, and it does not belong any more' },
};

export const doubtWords: Record<ExportDoubt, { word: string; about: string }> = {
  no_date: { word: 'no date', about: 'Nothing says when it was taken: it goes to the folder “unknown”' },
  uncertain_date: {
    word: 'uncertain date',
    about: 'Its date is of low confidence: it is in the name only, not written into the file',
  },
  name_taken: {
    word: 'name taken',
    about: 'A file that no export wrote has this name: it stays, and the copy gets the next number',
  },
  changed_since: {
    word: 'changed since',
    about: 'Somebody changed the earlier copy: it stays as it is, and a new one gets a name beside it',
  },
  removed_since: {
    word: 'removed since',
    about: 'The earlier copy is not there any more: it is written again',
  },
  source_missing: {
    word: 'original missing',
    about: 'The original cannot be found now: connect its disk, or this file will fail',
  },
};

/** What became of a line once its export runs. */
export const lineStateWords: Record<ItemState, string> = {
  waiting: 'waits',
  working: 'being copied',
  done: 'written',
  skipped: 'left out',
  failed: 'failed',
};
