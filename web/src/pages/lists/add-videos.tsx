/** Links pasted, or a file: what was added, what was here, and what could not be read, line by line. */
import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import type { AddReport, ImportReport } from '#contract/saved-videos.ts';
import { api, importIntoList } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { count, countOf } from '../../words/numbers.ts';
import styles from './add-videos.module.css';

type Props = { id: string; open: boolean; onDone: () => void };

export function AddVideos({ id, open, onDone }: Props) {
  const [links, setLinks] = useState('');
  const chooser = useRef<HTMLInputElement>(null);
  const add = useMutation(
    api.videos.add.mutationOptions({
      onSuccess(report) {
        if (report.unreadable === 0) setLinks('');
        onDone();
      },
    }),
  );
  const read = useMutation({ mutationFn: (file: File) => importIntoList(id, file), onSuccess: onDone });
  if (!open && add.data === undefined && read.data === undefined) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    read.reset();
    add.mutate({ id, urls: links.split('\n').filter((line) => line.trim() !== '') });
  };
  const report = add.data ?? read.data;
  return (
    <form className={styles.add} onSubmit={submit} aria-label="Add videos">
      <Textarea
        aria-label="Links, one in each line"
        placeholder="Paste links to YouTube videos, one in each line"
        autosize={false}
        rows={3}
        value={links}
        onChange={(event) => setLinks(event.currentTarget.value)}
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
      </div>
      {add.isError && <FailureLine error={add.error} retry={null} />}
      {read.isError && <FailureLine error={read.error} retry={null} />}
      {report !== undefined && <Report report={report} />}
    </form>
  );
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
          {report.values.kept > 0 && `, ${count(report.values.kept)} kept as a person said`}
          {report.values.unfit > 0 && `, ${count(report.values.unfit)} that do not fit their field left out`}.
        </p>
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
