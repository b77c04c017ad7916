/** What can be done with an export that ran: its report, taking it back, and putting the sources away. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Export } from '#contract/exports.ts';
import { api } from '../../api.ts';
import { AskInDialog } from '../../parts/ask-in-dialog.tsx';
import { Icon } from '../../parts/icons.tsx';
import { hasEnded } from '../../parts/job-queries.ts';
import { countOf } from '../../words/numbers.ts';
import { SaveAsCsv } from './save-as-csv.tsx';
import { stageOf } from './stage.ts';
import styles from './after-export.module.css';

export function AfterExport({ one }: { one: Export }) {
  const stands = stageOf(one) === 'ended';
  return (
    <section className={styles.after} aria-label="After the export">
      <div className={styles.buttons}>
        <SaveAsCsv id={one.id} />
        {stands && <Undo one={one} />}
        {stands && mayRemove(one) && <RemoveSources one={one} />}
        <Button
          variant="default"
          leftSection={<Icon name="retry" size={16} />}
          renderRoot={(root) => <Link to="/export" search={{}} {...root} />}
        >
          Export again
        </Button>
      </div>
    </section>
  );
}

/** Again, too, where it was not finished. */
function mayRemove({ remove_job }: Export): boolean {
  return remove_job === null || (hasEnded(remove_job.status) && remove_job.status !== 'completed');
}

function useStarted() {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: api.exports.key() }),
      client.invalidateQueries({ queryKey: api.jobs.key() }),
    ]);
  };
}

function Undo({ one }: { one: Export }) {
  const started = useStarted();
  const { actions } = one.counts;
  const setAside = actions.changed + (one.set_aside_gone ? actions.gone : 0);
  return (
    <AskInDialog
      label="Undo this export"
      icon={<Icon name="undo" size={16} />}
      title="Undo this export?"
      yes="Undo the export"
      no="Keep it"
      onYes={async () => {
        await api.exports.undo.call({ id: one.id });
        await started();
      }}
    >
      <ul>
        <li>
          What this export wrote into <code>{one.folder}</code> is removed:{' '}
          {countOf(actions.new + actions.changed, 'copy', 'copies')} at most, with the sidecars beside them.
        </li>
        <li>
          A copy that somebody changed since stays where it is, and so does one whose original is not found any
          more: it may be the only one there is. The job says which.
        </li>
        {setAside > 0 && (
          <li>
            {countOf(setAside, 'earlier copy comes', 'earlier copies come')} back to where they stood before.
          </li>
        )}
        <li>Files that this export did not write, the originals and the library stay as they are.</li>
      </ul>
    </AskInDialog>
  );
}

function RemoveSources({ one }: { one: Export }) {
  const started = useStarted();
  return (
    <AskInDialog
      label="Remove the sources…"
      icon={<Icon name="trash" size={16} />}
      title="Remove the sources?"
      yes="Move the sources into the trash"
      no="Leave them"
      onYes={async () => {
        await api.exports.removeSources.call({ id: one.id });
        await started();
      }}
    >
      <p>
        The originals on this computer that this export copied move out of their folders. For each of them, one
        after the other:
      </p>
      <ul>
        <li>
          Both files are read again: the source must hold the very bytes that were imported, and the copy in{' '}
          <code>{one.folder}</code> must be as it was verified. Otherwise the source stays.
        </li>
        <li>
          Then the source moves into a folder <code>.daybook-trash</code> at the top of the folder that was
          imported, under the path it had there.
        </li>
        <li>
          Nothing is deleted. Emptying that trash is up to you; until then the library reads the files there.
        </li>
        <li>Uploaded originals, which Daybook keeps itself, are not touched.</li>
      </ul>
    </AskInDialog>
  );
}
