/** Links pasted, or a file: what was added, what was here, and what could not be read, line by line. */
import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { limits } from '#contract/fields.ts';
import type { AddReport, ImportReport } from '#contract/saved-videos.ts';
import { api, importIntoList } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { count, countOf } from '../../words/numbers.ts';
import styles from './add-videos.module.css';

type Props = {
  id: string;
  /** What is typed, which outlives the form. What came of the last time does not. */
  links: string;
  onLinks: (links: string) => void;
  onDone: () => void;
  /** Null while the list is empty: then there is nothing else to see. */
  onClose: (() => void) | null;
};

export function AddVideos({ id, links, onLinks, onDone, onClose }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const add = useMutation({
    mutationFn: (lines: readonly string[]) => addInPortions(id, lines),
    onSuccess({ unread }) {
      onLinks(unread.join('\n'));
      onDone();
    },
  });
  const [options, setOptions] = useState({ create_fields: true, overwrite: false });
  const read = useMutation({
    mutationFn: (file: File) => importIntoList(id, file, options),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    read.reset();
    add.mutate(links.split('\n'));
  };
  const report = add.data?.report ?? read.data;
  return (
    <form className={styles.add} onSubmit={submit} aria-label="Add videos">
      <Textarea
        aria-label="Links, one in each line"
        placeholder="Paste links to YouTube videos, one in each line"
        autosize={false}
        rows={3}
        value={links}
        onChange={(event) => onLinks(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit();
        }}
      />
      <div className={styles.buttons}>
        <Button type="submit" loading={add.isPending} disabled={links.trim() === ''}>
          Add
        </Button>
        <Button
          variant="default"
          leftSection={<Icon name="file" size={16} />}
          loading={read.isPending}
          onClick={() => chooser.current?.click()}
        >
          From a CSV or JSON file
        </Button>
        <input
          ref={chooser}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,.json,text/csv,application/json"
          aria-label="A CSV or JSON file with links"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            add.reset();
            if (file !== undefined) read.mutate(file);
          }}
        />
        {onClose !== null && (
          <Button className={styles.close} variant="subtle" onClick={onClose}>
            Close
          </Button>
        )}
      </div>
      <details className={styles.options}>
        <summary>How a file is read</summary>
        <label className={styles.option}>
          <input
            type="checkbox"
            checked={options.create_fields}
            onChange={(event) => setOptions({ ...options, create_fields: event.currentTarget.checked })}
          />
          Columns that the list does not have become text fields
        </label>
        <label className={styles.option}>
          <input
            type="checkbox"
            checked={options.overwrite}
            onChange={(event) => setOptions({ ...options, overwrite: event.currentTarget.checked })}
          />
          Its values take the place of those that a person gave
        </label>
      </details>
      {add.isError && <FailureLine error={add.error} retry={null} />}
      {read.isError && <FailureLine error={read.error} retry={null} />}
      {report !== undefined && <Report report={report} />}
    </form>
  );
}

const linesAtOnce = 2000;
/** What is longer is no link, and is told as that without being sent whole. */
const longestLine = 5000;

/** Portion by portion, counted together, each line under its own number; and the lines that could not be read. */
async function addInPortions(
  id: string,
  lines: readonly string[],
): Promise<{ report: AddReport; unread: string[] }> {
  const whole: AddReport = { added: 0, already_here: 0, unreadable: 0, examples: [], first_seq: null };
  const unread: string[] = [];
  for (let start = 0; start < lines.length; start += linesAtOnce) {
    const portion = lines.slice(start, start + linesAtOnce);
    const urls = portion.map((line) => line.slice(0, longestLine));
    const report = await api.videos.add.call({ id, urls });
    whole.added += report.added;
    whole.already_here += report.already_here;
    whole.unreadable += report.unreadable;
    whole.first_seq ??= report.first_seq;
    const examples = report.examples.map((each) => ({ ...each, line: each.line + start }));
    whole.examples = [...whole.examples, ...examples].slice(0, limits.unreadable_shown);
    unread.push(...unreadOf(portion, report));
  }
  return { report: whole, unread };
}

/** Where not each of them was told, all lines: those that were read are already here when they come again. */
function unreadOf(lines: readonly string[], { examples, unreadable }: AddReport): readonly string[] {
  const told = new Set(examples.map(({ line }) => line));
  return unreadable > told.size ? lines : lines.filter((_, nth) => told.has(nth + 1));
}

function Report({ report }: { report: AddReport | ImportReport }) {
  return (
    <div className={styles.report} role="status">
      <p>
        <strong>{countOf(report.added, 'video', 'videos')} added</strong>, {count(report.already_here)} already
        here, {count(report.unreadable)} that could not be read.
      </p>
      {'values' in report && report.values.written + report.values.kept + report.values.unfit > 0 && (
        <p>
          {countOf(report.values.written, 'value', 'values')} taken over
          {report.values.kept > 0 &&
            `, ${count(report.values.kept)} kept that a person or a better source gave`}
          {report.values.unfit > 0 && `, ${count(report.values.unfit)} that do not fit their field left out`}.
        </p>
      )}
      {'columns' in report && <LeftAlone columns={report.columns} />}
      {'unfit_examples' in report && report.unfit_examples.length > 0 && (
        <ul className={styles.unreadable}>
          {report.unfit_examples.map(({ line, field_id, text, message }) => (
            <li key={`${line} ${field_id}`}>
              Line {count(line)}: {message} <code>{text}</code>
            </li>
          ))}
        </ul>
      )}
      {report.examples.length > 0 && (
        <ul className={styles.unreadable}>
          {report.examples.map(({ line, text, message }) => (
            <li key={line}>
              Line {count(line)}: {message} <code>{text}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function LeftAlone({ columns }: { columns: ImportReport['columns'] }) {
  const left = columns.filter(({ as }) => as === null).map(({ heading }) => `“${heading}”`);
  if (left.length === 0) return null;
  return <p>{`${left.length === 1 ? 'Column' : 'Columns'} left alone: ${left.join(', ')}.`}</p>;
}
