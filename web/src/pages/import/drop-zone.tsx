/** Takes files and whole folders, dropped anywhere on the page or picked. */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { filesOfDrop, filesOfPicker, type Found } from '../../uploads/dropped-files.ts';
import { addFiles } from '../../uploads/uploads.ts';
import { countOf } from '../../words/numbers.ts';
import styles from './drop-zone.module.css';

/** Every browser knows it by this name; React’s types do not. */
const folderPicker = { webkitdirectory: '' };

type Looking =
  | { state: 'ready' }
  | { state: 'over' }
  | { state: 'looking'; found: number }
  | { state: 'nothing'; systemFiles: number }
  | { state: 'failed'; error: unknown };

export function DropZone({ compact }: { compact: boolean }) {
  const [looking, setLooking] = useState<Looking>({ state: 'ready' });
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const take = (found: Found) => {
    addFiles(found.files);
    setLooking(
      found.files.length > 0 ? { state: 'ready' } : { state: 'nothing', systemFiles: found.systemFiles },
    );
  };
  useDropAnywhere(setLooking, take);

  const pick = (input: HTMLInputElement) => {
    if (input.files !== null && input.files.length > 0) take(filesOfPicker(input.files));
    // The same files may be picked again; without this the browser would not say so.
    input.value = '';
  };

  return (
    <section
      className={styles.zone}
      data-over={looking.state === 'over' || undefined}
      data-compact={compact || undefined}
      aria-label="Upload"
    >
      <span className={styles.sign}>
        <Icon name="import" size={compact ? 24 : 36} />
      </span>
      <p className={styles.title} aria-live="polite">
        {titleOf(looking)}
      </p>
      {looking.state === 'failed' && <FailureLine error={looking.error} retry={null} />}
      <div className={styles.buttons}>
        <Button leftSection={<Icon name="file" size={16} />} onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button
          variant="default"
          leftSection={<Icon name="folder" size={16} />}
          onClick={() => folder.current?.click()}
        >
          Choose a folder
        </Button>
      </div>
      <input
        ref={files}
        hidden
        type="file"
        multiple
        data-testid="files"
        onChange={(event) => pick(event.currentTarget)}
      />
      <input
        ref={folder}
        hidden
        type="file"
        multiple
        {...folderPicker}
        data-testid="folder"
        onChange={(event) => pick(event.currentTarget)}
      />
    </section>
  );
}

function titleOf(looking: Looking): string {
  if (looking.state === 'over') return 'Let go to add them';
  if (looking.state === 'looking') {
    return `Looking through the folders: ${countOf(looking.found, 'file', 'files')} so far`;
  }
  if (looking.state === 'failed') return 'Some of this could not be read';
  if (looking.state === 'ready') return 'Drop photos, videos or whole folders here';
  return looking.systemFiles > 0
    ? `Only ${countOf(looking.systemFiles, 'hidden or system file was', 'hidden or system files were')} in there; nothing to import`
    : 'There were no files in there';
}

/** The whole window is the target: whoever misses the frame by a finger must not see the picture replace the page. */
function useDropAnywhere(setLooking: (looking: Looking) => void, take: (found: Found) => void): void {
  const handlers = useRef({ setLooking, take });
  useEffect(() => {
    handlers.current = { setLooking, take };
  });
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      handlers.current.setLooking({ state: 'over' });
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) handlers.current.setLooking({ state: 'ready' });
    };
    const drop = (event: DragEvent) => {
      if (event.dataTransfer === null || !carriesFiles(event)) return;
      event.preventDefault();
      handlers.current.setLooking({ state: 'looking', found: 0 });
      filesOfDrop(event.dataTransfer, (found) => handlers.current.setLooking({ state: 'looking', found })).then(
        (found) => handlers.current.take(found),
        (error: unknown) =>
          handlers.current.setLooking({ state: 'failed', error: new Error(sentenceOf(error)) }),
      );
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
