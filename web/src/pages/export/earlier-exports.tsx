import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Export } from '#contract/exports.ts';
import { exportActions } from '#contract/words.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { ToneWord } from '../../parts/status-word.tsx';
import { instantWords } from '../../words/dates.ts';
import { actionWords } from '../../words/export-words.ts';
import { byteSize, count } from '../../words/numbers.ts';
import { stageOf, stageWords } from './stage.ts';
import styles from './earlier-exports.module.css';

export function EarlierExports() {
  const exports = useInfiniteQuery(
    api.exports.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 20, cursor }),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
      refetchInterval: (query) =>
        query.state.data?.pages.some((page) => page.items.some(moves)) ? 4000 : false,
    }),
  );
  const all = exports.data?.pages.flatMap((page) => page.items);
  return (
    <section className={styles.exports} aria-labelledby="earlier-exports" aria-busy={exports.isPending}>
      <h2 id="earlier-exports" className={styles.title}>
        Plans and exports so far
      </h2>
      {exports.isError && <FailureLine error={exports.error} retry={() => void exports.refetch()} />}
      {exports.isPending && [1, 2, 3].map((row) => <Skeleton key={row} height={52} my={6} />)}
      {all?.length === 0 && (
        <p className={styles.none}>
          None yet. Each stands here with its plan and its report, and can be taken back from here.
        </p>
      )}
      {all !== undefined && all.length > 0 && (
        <ul className={styles.list}>
          {all.map((one) => (
            <ExportRow key={one.id} one={one} />
          ))}
        </ul>
      )}
      {exports.hasNextPage && (
        <Button
          variant="default"
          loading={exports.isFetchingNextPage}
          onClick={() => void exports.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </section>
  );
}

function moves(one: Export): boolean {
  return ['running', 'undoing'].includes(stageOf(one));
}

function ExportRow({ one }: { one: Export }) {
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        <Link to="/export/$exportId" params={{ exportId: one.id }} search={{}} className={styles.link}>
          {one.folder}
        </Link>
        <small>{one.template}</small>
      </span>
      <ToneWord {...stageWords(one)} />
      <span>{countsOf(one)}</span>
      <span className={styles.soft}>{byteSize(one.total_bytes)}</span>
      <time className={styles.soft} dateTime={one.created_at}>
        {instantWords(one.created_at)}
      </time>
    </li>
  );
}

/** "312 new, 4 changed". */
function countsOf({ counts }: Export): string {
  const parts = exportActions
    .filter((action) => counts.actions[action] > 0)
    .map((action) => `${count(counts.actions[action])} ${actionWords[action].word}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
