/** What the closed lists of reviewing are called on the page. */
import type { LeftAloneReason, ReviewState, TagSource } from '#contract/words.ts';

export const reviewWords: Record<ReviewState, string> = {
  open: 'Not reviewed',
  accepted: 'Reviewed',
  discarded: 'Discarded',
};

export const leftAloneWords: Record<LeftAloneReason, string> = {
  no_such_evidence: 'no believable evidence of this kind',
  no_time: 'no date to work from',
  no_clock: 'only the day, month or year is known, which hours cannot move',
  no_instant: 'the exact moment is not known',
  person_said: 'you said otherwise before',
  already_so: 'it is so already',
};

export const tagSourceWords: Record<TagSource, string> = {
  folder: 'from the folder',
  name: 'from the file name',
  keyword: 'from the file’s keywords',
  person: 'added by you',
};
