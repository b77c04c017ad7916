import { Button } from '@mantine/core';
import { planCsvOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';

export function SaveAsCsv({ id }: { id: string }) {
  return (
    <Button
      variant="default"
      leftSection={<Icon name="file" size={16} />}
      renderRoot={(root) => <a {...root} href={planCsvOf(id)} download />}
    >
      Save as CSV
    </Button>
  );
}
