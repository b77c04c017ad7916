/** What goes out, where to, and under which names. */
import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, Refusal, sentenceOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { PathInput } from '../../parts/path-input.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { NamesField } from './names-field.tsx';
import { Choice } from './choice.tsx';
import { WhatGoesOutLine } from './what-goes-out-line.tsx';
import { whatGoesOut, whichOf } from './what-goes-out.ts';
import { typedPath } from '../../words/typed-path.ts';
import styles from './new-export.module.css';

/** Most people export into one folder again and again: the form begins as the last one was. */
export function NewExport() {
  const last = useQuery(api.exports.list.queryOptions({ input: { limit: 1 }, staleTime: Infinity }));
  /** The template as the settings have it: of a preview for which none is given. */
  const usual = useQuery(api.exports.preview.queryOptions({ input: { limit: 1 }, staleTime: Infinity }));
  if (last.isPending || usual.isPending)
    return <Skeleton height={420} radius="md" aria-label="The form is being loaded" />;
  const newest = last.data?.items[0];
  return <Form folder={newest?.folder ?? ''} template={newest?.template ?? usual.data?.template ?? ''} />;
}

function Form(before: { folder: string; template: string }) {
  const search = useSearch({ from: '/export' });
  const state = useLocation({ select: (location) => location.state });
  const out = whatGoesOut(search, state);
  const which = whichOf(out);
  const navigate = useNavigate({ from: '/export' });
  const client = useQueryClient();
  const [folder, setFolder] = useState(before.folder);
  const [template, setTemplate] = useState(before.template);
  const [write_uncertain, setWriteUncertain] = useState(false);
  const [set_aside_gone, setSetAsideGone] = useState(false);
  const plan = useMutation(
    api.exports.plan.mutationOptions({
      async onSuccess(planned) {
        client.setQueryData(api.exports.get.queryKey({ input: { id: planned.id } }), planned);
        await navigate({ to: '/export/$exportId', params: { exportId: planned.id }, search: {} });
        await client.invalidateQueries({ queryKey: api.exports.list.key() });
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    plan.mutate({
      folder: typedPath(folder),
      template: template.trim(),
      ...which,
      write_uncertain,
      set_aside_gone,
    });
  };
  const fault = plan.isError ? faultOf(plan.error) : null;
  /** What is mended is no longer called wrong; what was not touched is. */
  const mended = (at: 'folder' | 'template') => {
    if (fault !== null && [at, 'form'].includes(fault.at)) plan.reset();
  };
  const forgotten = out.what === 'forgotten selection';
  return (
    <form className={styles.form} onSubmit={submit} aria-label="New export">
      <div className={styles.row}>
        <h2 className={styles.name}>What</h2>
        <WhatGoesOutLine out={out} />
      </div>
      <div className={styles.row}>
        <h2 className={styles.name}>Where to</h2>
        <PathInput
          aria-label="Folder to export to"
          inputWrapperOrder={['input', 'error', 'description']}
          description="A folder on the computer that Daybook runs on. It is made if it is not there; a file that is there is never overwritten."
          placeholder="/media/archive"
          value={folder}
          maxLength={4096}
          onChange={(event) => {
            setFolder(event.currentTarget.value);
            mended('folder');
          }}
          error={fault?.at === 'folder' ? fault.sentence : undefined}
        />
      </div>
      <div className={styles.row}>
        <h2 className={styles.name}>Names</h2>
        <NamesField
          template={template}
          which={which}
          idle={forgotten}
          fault={fault?.at === 'template' ? fault.sentence : null}
          onChange={(changed) => {
            setTemplate(changed);
            mended('template');
          }}
        />
      </div>
      <div className={styles.row}>
        <h2 className={styles.name}>Also</h2>
        <div className={styles.choices}>
          <Choice
            label="Write uncertain dates into the files, too"
            about="Otherwise a date of low confidence is only in the name, and the file itself says nothing new."
            checked={write_uncertain}
            onChange={setWriteUncertain}
          />
          <Choice
            label="Clear away copies that do not belong any more"
            about="Copies in this folder whose pictures were discarded since, or no longer match the same filter, move into its folder “.daybook/replaced”. Undo brings them back. Otherwise they stay where they are."
            checked={set_aside_gone}
            onChange={setSetAsideGone}
          />
        </div>
      </div>
      <div className={styles.end}>
        <Button
          type="submit"
          size="md"
          leftSection={<Icon name="review" size={18} />}
          loading={plan.isPending}
          disabled={forgotten || typedPath(folder) === '' || template.trim() === ''}
        >
          Make the plan
        </Button>
        <p className={styles.hint} aria-live="polite">
          {plan.isPending
            ? 'Looking at every file and at what stands in the folder. A hundred thousand take a moment.'
            : 'Nothing is written yet.'}
        </p>
      </div>
      {fault?.at === 'form' && <FailureLine error={plan.error} retry={null} />}
    </form>
  );
}

type Fault = { at: 'folder' | 'template' | 'form'; sentence: string };

/** What was refused is told where it was typed. */
function faultOf(error: unknown): Fault {
  const sentence = sentenceOf(error);
  if (!(error instanceof Refusal)) return { at: 'form', sentence };
  const { code, fields = [] } = error.problem;
  const [first] = fields;
  if (first?.field === 'folder' || first?.field === 'template') {
    return { at: first.field, sentence: first.message };
  }
  if (code.startsWith('folder_')) return { at: 'folder', sentence };
  return { at: code.startsWith('template_') ? 'template' : 'form', sentence };
}
