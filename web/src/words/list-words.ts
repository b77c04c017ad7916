/** Words of saved videos. */
import type { Cell, Field } from '#contract/fields.ts';
import type { FieldType, LiveState, ValueSource, VideoColumn, VideoState } from '#contract/words.ts';
import type { Tone } from './words.ts';

export const videoStateWords: Record<VideoState, { word: string; tone: Tone }> = {
  pending: { word: 'waiting', tone: 'quiet' },
  ready: { word: 'ready', tone: 'good' },
  live: { word: 'live', tone: 'quiet' },
  region_locked: { word: 'not here', tone: 'warn' },
  private: { word: 'private', tone: 'warn' },
  gone: { word: 'gone', tone: 'warn' },
  failed: { word: 'failed', tone: 'bad' },
};

/** What a state means, and what there is to do. */
export const videoStateSentences: Record<VideoState, string> = {
  pending: 'YouTube was not asked about it yet: process the list.',
  ready: 'YouTube told about it.',
  live: 'It is on air or announced, so its length is not known yet. Process it again when it is over.',
  region_locked: 'It cannot be watched from here. What was known before is kept.',
  private: 'Its owner has made it private. What was known before is kept.',
  gone: 'It is not at YouTube any more. What was known before is kept.',
  failed: 'Asking about it failed. Process the failed ones to try again.',
};

export const liveStateWords: Record<LiveState, string> = {
  none: 'no broadcast',
  upcoming: 'announced',
  live: 'on air',
  ended: 'was a broadcast',
};

export const fieldTypeWords: Record<FieldType, string> = {
  text: 'Text',
  select: 'One of several',
  multi_select: 'Several of several',
  number: 'Number',
  duration: 'Length in minutes',
  boolean: 'Yes or no',
};

export const sourceSigns: Record<ValueSource, { sign: string; word: string }> = {
  model: { sign: '✦', word: 'by the model' },
  person: { sign: '✎', word: 'by a person' },
  csv: { sign: '⇥', word: 'from a file' },
};

export const columnWords: Record<VideoColumn, string> = {
  seq: 'No.',
  youtube_id: 'Id',
  title: 'Title',
  channel: 'Channel',
  duration_seconds: 'Length',
  published_at: 'Published',
  language: 'Language',
  live_state: 'Broadcast',
  state: 'State',
  start_seconds: 'Starts at',
  added_at: 'Added',
  processed_at: 'Processed',
};

const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

/** A value as it stands in the table; empty for none. */
export function valueWords(type: Field['type'], value: Cell['value']): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return type === 'duration' ? `${numbers.format(value)} min` : numbers.format(value);
  return value;
}
