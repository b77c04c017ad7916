/** What is selected goes out: as a zip at once, or by an export with all its care. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, sentenceOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { byteSize, countOf } from '../../words/numbers.ts';
import type { LibraryFilter } from './filter.ts';

type Target = { filter: LibraryFilter } | { asset_ids: string[] };

export function TakeOut({ target, size }: { target: Target; size: number }) {
  const navigate = useNavigate();
  const download = useMutation(
    api.downloads.create.mutationOptions({
      onSuccess({ url, files, total_bytes }) {
        fetchByBrowser(url);
        notifications.show({
          title: `A zip of ${countOf(files, 'file', 'files')} is on its way`,
          message: `${byteSize(total_bytes)}, the originals as they are. The browser shows how far it is.`,
        });
      },
      onError: (error) =>
        notifications.show({ color: 'red', title: 'Nothing to download', message: sentenceOf(error) }),
    }),
  );
  const toExport = () =>
    'filter' in target
      ? navigate({ to: '/export', search: target.filter })
      : navigate({
          to: '/export',
          search: { selected: size },
          state: (before) => ({ ...before, asset_ids: target.asset_ids }),
        });
  return (
    <>
      <Button
        size="sm"
        variant="default"
        leftSection={<Icon name="download" size={16} />}
        loading={download.isPending}
        title="The originals as one zip"
        onClick={() => download.mutate(target)}
      >
        Download
      </Button>
      <Button
        size="sm"
        variant="default"
        title="Verified copies in an ordered folder"
        onClick={() => void toExport()}
      >
        Export…
      </Button>
    </>
  );
}

/** A link that is saved and not opened: if the zip is refused after all, the page stays where it is. */
function fetchByBrowser(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
