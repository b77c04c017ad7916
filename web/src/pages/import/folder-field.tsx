/** The other way in: a folder or file that is already on the computer Daybook runs on. Read in place. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, sentenceOf } from '../../api.ts';
import { PathInput } from '../../parts/path-input.tsx';
import { typedPath } from '../../words/typed-path.ts';
import styles from './folder-field.module.css';

type Props = { compact: boolean; onStarted: (jobId: string) => void };

export function FolderField({ compact, onStarted }: Props) {
  const [path, setPath] = useState('');
  const client = useQueryClient();
  const start = useMutation(
    api.imports.create.mutationOptions({
      async onSuccess(job) {
        setPath('');
        onStarted(job.id);
        await client.invalidateQueries({ queryKey: api.jobs.key() });
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = typedPath(path);
    if (wanted !== '') start.mutate({ paths: [wanted] });
  };
  return (
    <form
      className={styles.field}
      data-compact={compact || undefined}
      onSubmit={submit}
      aria-label="Import a folder on this computer"
    >
      <h2 className={styles.title}>Or a folder on the computer that Daybook runs on</h2>
      <PathInput
        className={styles.path}
        aria-label="Path of a folder or file"
        description={
          compact
            ? undefined
            : 'It is read where it stands, with everything inside; nothing is copied or changed.'
        }
        placeholder="/media/phone"
        value={path}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          start.reset();
        }}
        error={start.isError ? sentenceOf(start.error) : undefined}
      />
      <Button type="submit" size="md" loading={start.isPending} disabled={typedPath(path) === ''}>
        Import
      </Button>
    </form>
  );
}
