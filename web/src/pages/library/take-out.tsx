/** What is selected goes out: as a zip at once, or by an export with all its care. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api.ts';
import type { Target } from '../../parts/decide/decisions.ts';
import { Icon } from '../../parts/icons.tsx';
import { byteSize, countOf } from '../../words/numbers.ts';
import type { LibraryFilter } from './filter.ts';
import { idsOf } from './ids-of.ts';
import { sayRefused } from '../../parts/say-refused.ts';

type Which = { filter: LibraryFilter } | { asset_ids: string[] };
type Props = { target: Target<LibraryFilter>; size: number };

export function TakeOut({ target, size }: Props) {
  const navigate = useNavigate();
  const download = useMutation({
    mutationFn: async () => api.downloads.create.call(await which(target)),
    onSuccess({ url, files, total_bytes }) {
      fetchByBrowser(url);
      notifications.show({
        title: `A zip of ${countOf(files, 'file', 'files')} is on its way`,
        message: `${byteSize(total_bytes)}, the originals as they are. The browser shows how far it is.`,
      });
    },
    onError: (error) => sayRefused('Nothing to download', error),
  });
  const toExport = useMutation({
    mutationFn: async () => {
      const wanted = await which(target);
      return 'filter' in wanted
        ? navigate({ to: '/export', search: wanted.filter })
        : navigate({
            to: '/export',
            search: { selected: size },
            state: (before) => ({ ...before, asset_ids: wanted.asset_ids }),
          });
    },
    onError: (error) => sayRefused('Not everything could be selected', error),
  });
  return (
    <>
      <Button
        size="sm"
        variant="default"
        leftSection={<Icon name="download" size={16} />}
        loading={download.isPending}
        title="The originals as one zip"
        onClick={() => download.mutate()}
      >
        Download
      </Button>
      <Button
        size="sm"
        variant="default"
        title="Verified copies in an ordered folder"
        loading={toExport.isPending}
        onClick={() => toExport.mutate()}
      >
        Export…
      </Button>
    </>
  );
}

/** All but some is asked for by name. */
async function which(target: Target<LibraryFilter>): Promise<Which> {
  if ('asset_ids' in target || target.except === undefined) return target;
  const except = new Set(target.except);
  return { asset_ids: (await idsOf(target.filter)).filter((id) => !except.has(id)) };
}

/** A link that is saved and not opened: if the zip is refused after all, the page stays where it is. */
function fetchByBrowser(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
