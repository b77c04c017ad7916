import { CloseButton, Popover, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api.ts';
import { count } from '../../words/numbers.ts';
import styles from './filter-bar.module.css';

const camerasShown = 30;

/** Only the pictures of one camera, chosen among those of the library. */
export function CameraChip(props: {
  camera: string | undefined;
  onChange: (camera: string | undefined) => void;
}) {
  const { camera, onChange } = props;
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const known = useQuery(api.assets.cameras.queryOptions({ input: { limit: 500 }, staleTime: 60_000 }));
  if (camera !== undefined) {
    return (
      <span className={styles.chip} data-pressed="">
        {camera}
        <CloseButton
          size="xs"
          data-dense=""
          aria-label="Remove the filter by camera"
          onClick={() => onChange(undefined)}
        />
      </span>
    );
  }
  const cameras = known.data?.items ?? [];
  if (cameras.length === 0) return null;
  const words = typed.trim().toLowerCase().split(/\s+/);
  const fitting = cameras.filter(({ make, model }) => {
    const name = `${make ?? ''} ${model}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  const choose = (model: string | undefined) => {
    if (model === undefined) return;
    setOpened(false);
    setTyped('');
    onChange(model);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={styles.chip} onClick={() => setOpened((before) => !before)}>
          Camera
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Camera">
        <div className={styles.tags}>
          <TextInput
            aria-label="Find a camera"
            placeholder="Find a camera"
            value={typed}
            maxLength={100}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') choose(fitting[0]?.model);
            }}
            data-autofocus
          />
          {fitting.slice(0, camerasShown).map(({ model, make, count: size }) => (
            <button key={model} type="button" className={styles.tag} onClick={() => choose(model)}>
              {cameraName(make, model)} <span className={styles.tagCount}>{count(size)}</span>
            </button>
          ))}
          {fitting.length === 0 && <p className={styles.none}>No camera of the library is called so.</p>}
          {fitting.length > camerasShown && (
            <p className={styles.none}>and {count(fitting.length - camerasShown)} more</p>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Many makers write their name into the model too: once is enough. */
function cameraName(make: string | null, model: string): string {
  const [first = ''] = (make ?? '').split(' ');
  return make === null || model.toLowerCase().startsWith(first.toLowerCase()) ? model : `${make} ${model}`;
}
