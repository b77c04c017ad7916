import { useTimeout } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api.ts';
import { PickChip } from '../../parts/chips.tsx';

/** Counting the cameras of 100,000 photos takes the server 0.2 s, which the first pictures would have to wait for. */
const afterPicturesMs = 1500;

/** Only the pictures of one camera, chosen among those of the library. */
export function CameraChip(props: {
  camera: string | undefined;
  onChange: (camera: string | undefined) => void;
}) {
  const [typed, setTyped] = useState('');
  const [picturesAreThere, setPicturesAreThere] = useState(false);
  useTimeout(() => setPicturesAreThere(true), afterPicturesMs, { autoInvoke: true });
  const known = useQuery({
    ...api.assets.cameras.queryOptions({ input: { limit: 500 }, staleTime: 60_000 }),
    enabled: picturesAreThere,
  });
  const words = typed.trim().toLowerCase().split(/\s+/);
  const fitting = known.data?.items.filter(({ make, model }) => {
    const name = `${make ?? ''} ${model}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  return (
    <PickChip
      name="Camera"
      find="Find a camera"
      chosen={props.camera}
      onChange={props.onChange}
      items={fitting?.map(({ make, model, count }) => ({
        value: model,
        label: cameraName(make, model),
        count,
      }))}
      typed={typed}
      onType={setTyped}
      none="No camera of the library is called so."
    />
  );
}

/** Many makers write their name into the model too: once is enough. */
function cameraName(make: string | null, model: string): string {
  const [first = ''] = (make ?? '').split(' ');
  return make === null || model.toLowerCase().startsWith(first.toLowerCase()) ? model : `${make} ${model}`;
}
