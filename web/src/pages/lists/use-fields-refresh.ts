import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api.ts';

/** A field that changed is seen in the list, in its rows, and in what processing it would cost. */
export function useFieldsRefresh(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [api.lists, api.fields, api.videos, api.processing].map((part) =>
        client.invalidateQueries({ queryKey: part.key() }),
      ),
    );
}
