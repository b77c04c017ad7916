/** Every list of saved videos, and where a new one begins. */
import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { limits } from '#contract/fields.ts';
import type { ListSummary } from '#contract/lists.ts';
import { videoStates } from '#contract/words.ts';
import { api } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { sayWithUndo } from '../../parts/say-with-undo.tsx';
import { Empty, Failure } from '../../parts/states.tsx';
import { ToneWord } from '../../parts/status-word.tsx';
import { instantWords } from '../../words/dates.ts';
import { videoStateWords } from '../../words/list-words.ts';
import { count, countOf } from '../../words/numbers.ts';
import { NewList } from './new-list.tsx';
import { sayRefused } from '../../parts/say-refused.ts';
import styles from './lists-page.module.css';

export function ListsPage() {
  const lists = useQuery(api.lists.list.queryOptions({ input: {} }));
  const [making, setMaking] = useState(false);
  const newList = (
    <Button leftSection={<Icon name="lists" size={18} />} onClick={() => setMaking(true)}>
      New list
    </Button>
  );
  if (lists.isError && lists.data === undefined) {
    return <Failure level={1} what="The lists" error={lists.error} retry={() => void lists.refetch()} />;
  }
  const items = lists.data?.items;
  return (
    <div className={styles.page}>
      <NewList opened={making} onClose={() => setMaking(false)} />
      <header className={styles.head}>
        <div>
          <h1 className={styles.title}>Lists</h1>
          <p className={styles.about}>
            Saved YouTube videos become a table of facts: length, channel, date, and whatever you want to know
            of each.
          </p>
        </div>
        {items !== undefined && items.length > 0 && newList}
      </header>
      {items === undefined && [1, 2, 3].map((row) => <Skeleton key={row} height={76} radius="md" />)}
      {items?.length === 0 && (
        <Empty level={2} icon="lists" title="No lists yet" action={newList}>
          Make a list, paste the links that you saved, and say what you want to know of each video. A job asks
          YouTube, and a language model if you set one, and fills the table.
        </Empty>
      )}
      <ul className={styles.lists}>
        {items?.map((list) => (
          <ListRow key={list.id} list={list} />
        ))}
      </ul>
      <PutAway />
    </div>
  );
}

/** Lists that can still come back. */
function PutAway() {
  const client = useQueryClient();
  const lists = useQuery(api.lists.list.queryOptions({ input: { deleted: true } }));
  const restore = useMutation(
    api.lists.restore.mutationOptions({
      onError: refused,
      onSettled: () => client.invalidateQueries({ queryKey: api.lists.key() }),
    }),
  );
  const items = lists.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <details className={styles.away}>
      <summary>{countOf(items.length, 'list was put away', 'lists were put away')}</summary>
      <ul className={styles.lists}>
        {items.map((list) => (
          <li key={list.id} className={styles.row}>
            <span className={styles.name}>{list.name}</span>
            <p className={styles.states}>
              {countOf(list.videos, 'video', 'videos')}
              {list.deleted_at !== null && `, put away ${instantWords(list.deleted_at)}`}
            </p>
            <Button
              className={styles.remove}
              variant="default"
              size="compact-sm"
              loading={restore.isPending && restore.variables.id === list.id}
              aria-label={`Bring back the list ${list.name}`}
              onClick={() => restore.mutate({ id: list.id })}
            >
              Bring back
            </Button>
          </li>
        ))}
      </ul>
      <p className={styles.about}>They are kept for {limits.deleted_list_days} days.</p>
    </details>
  );
}

function ListRow({ list }: { list: ListSummary }) {
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: api.lists.key() });
  const restore = useMutation(api.lists.restore.mutationOptions({ onSettled: again, onError: refused }));
  const remove = useMutation(
    api.lists.remove.mutationOptions({
      onSuccess: () => sayWithUndo(`“${list.name}” was put away`, () => restore.mutate({ id: list.id })),
      onError: refused,
      onSettled: again,
    }),
  );
  return (
    <li className={styles.row}>
      <Link to="/lists/$listId" params={{ listId: list.id }} search={{}} className={styles.name}>
        {list.name}
      </Link>
      {list.description !== '' && <p className={styles.description}>{list.description}</p>}
      <p className={styles.states}>
        <span>{countOf(list.videos, 'video', 'videos')}</span>
        {videoStates
          .filter((state) => list.states[state] > 0)
          .map((state) => (
            <span key={state}>
              {count(list.states[state])} <ToneWord {...videoStateWords[state]} />
            </span>
          ))}
      </p>
      <Button
        className={styles.remove}
        variant="subtle"
        size="compact-sm"
        leftSection={<Icon name="trash" size={16} />}
        loading={remove.isPending}
        aria-label={`Put away the list ${list.name}`}
        onClick={() => remove.mutate({ id: list.id })}
      >
        Put away
      </Button>
    </li>
  );
}

function refused(error: unknown): void {
  sayRefused('The list stays as it is', error);
}
