/** What the events of a job are called on the page. */
import type { JobEvent } from '#contract/jobs.ts';
import type { JobEventKind } from '#contract/words.ts';
import { countOf } from './numbers.ts';

const words: Record<JobEventKind, string> = {
  created: 'Asked for',
  started: 'Started',
  progress: 'Went on',
  item_failed: 'A file failed',
  paused: 'Paused',
  resumed: 'Resumed',
  halted: 'Halted',
  cancelled: 'Cancelled',
  retried: 'Failed files are tried again',
  completed: 'Completed',
  completed_with_errors: 'Completed with errors',
  failed: 'Failed',
};

/** "Paused", and what more there is to say: the reason, the file and its fault, how many. */
export function eventWords({ kind, data }: JobEvent): { what: string; more: string } {
  const text = (name: string) => (typeof data[name] === 'string' ? data[name] : '');
  const files = (name: string) => (typeof data[name] === 'number' ? countOf(data[name], 'file', 'files') : '');
  const more: Partial<Record<JobEventKind, string>> = {
    created: files('total'),
    retried: files('items'),
    item_failed: [text('label'), text('message')].filter((part) => part !== '').join(': '),
  };
  return { what: words[kind], more: more[kind] ?? text('reason') };
}
