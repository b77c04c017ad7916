/** The queue: each group with what would settle it, how many it holds, and a strip of samples. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ClockCorrection, ReviewGroup } from '#contract/review.ts';
import { api, thumbnailOf } from '../../api.ts';
import { useDecide } from '../../parts/decide/decisions.ts';
import { Icon } from '../../parts/icons.tsx';
import { count, countOf } from '../../words/numbers.ts';
import type { Entry } from './entries.ts';
import { History } from './history.tsx';
import { Rules } from './rules.tsx';
import styles from './queue.module.css';

type Props = { total: number; entries: readonly Entry[]; current: Entry; onOpen: (entry: Entry) => void };

export function Queue({ total, entries, current, onOpen }: Props) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const entry = list.current?.querySelector(`[data-key="${CSS.escape(current.key)}"]`);
    entry?.scrollIntoView({ block: 'nearest' });
  }, [current.key]);
  return (
    <section className={styles.queue} aria-label="Queue">
      <header className={styles.head}>
        <h2 className={styles.title}>{countOf(total, 'wants a look', 'want a look')}</h2>
        <span className={styles.tools}>
          <Rules unsorted={entries.some(({ kind, key }) => kind === 'group' && key.startsWith('not_sorted'))} />
          <History />
        </span>
      </header>
      <SureOnes />
      <ol ref={list} className={styles.list}>
        {entries.map((entry) => (
          <li key={entry.key} className={styles.item}>
            <button
              type="button"
              className={styles.entry}
              aria-current={entry.key === current.key ? 'true' : undefined}
              data-moves=""
              data-key={entry.key}
              onClick={() => onOpen(entry)}
            >
              {entry.kind === 'group' ? (
                <GroupLine group={entry.group} />
              ) : (
                <ClockLine correction={entry.correction} />
              )}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function GroupLine({ group }: { group: ReviewGroup }) {
  return (
    <>
      <b className={styles.sentence}>{group.sentence}</b>
      {group.proposal !== null && <span className={styles.proposal}>{group.proposal.sentence}</span>}
      <Samples samples={group.samples} more={group.count - group.samples.length} />
    </>
  );
}

function ClockLine({ correction }: { correction: ClockCorrection }) {
  return (
    <>
      <b className={styles.sentence}>
        <span className={styles.clock}>
          <Icon name="clock" size={16} />
        </span>
        {correction.sentence}
      </b>
      <span className={styles.proposal}>Set the clock right for all of them</span>
      <Samples
        samples={correction.samples.slice(0, 6).map(({ asset_id }) => ({
          id: asset_id,
          kind: 'photo' as const,
          has_thumbnail: true,
        }))}
        more={correction.assets - Math.min(6, correction.samples.length)}
      />
    </>
  );
}

type SampleProps = Pick<ReviewGroup['samples'][number], 'id' | 'kind' | 'has_thumbnail'>;

function Samples({ samples, more }: { samples: readonly SampleProps[]; more: number }) {
  return (
    <span className={styles.samples}>
      {samples.map((sample) => (
        <Sample key={sample.id} id={sample.id} kind={sample.kind} has_thumbnail={sample.has_thumbnail} />
      ))}
      {more > 0 && <span className={styles.more}>+{count(more)}</span>}
    </span>
  );
}

/** Not every file has a thumbnail: films whose pictures cannot be read have none. */
function Sample({ id, kind, has_thumbnail }: SampleProps) {
  const [missing, setMissing] = useState(false);
  if (missing || !has_thumbnail) {
    return (
      <span className={styles.noPicture}>
        <Icon name={kind} size={20} />
      </span>
    );
  }
  return <img src={thumbnailOf(id)} alt="" loading="lazy" decoding="async" onError={() => setMissing(true)} />;
}

/** What nobody needs to look at: a trusted source says so and another one agrees. */
function SureOnes() {
  const decide = useDecide();
  const filter = { confidence: 'high', review: 'open', in_doubt: false } as const;
  const days = useQuery(api.assets.days.queryOptions({ input: filter, staleTime: 10_000 }));
  const sure = days.data?.total ?? 0;
  if (sure === 0) return null;
  return (
    <div className={styles.sure}>
      <Button
        variant="default"
        size="compact-md"
        fullWidth
        loading={decide.isPending}
        onClick={() => decide.mutate({ target: { filter }, decision: { kind: 'accept' } })}
      >
        Accept all {count(sure)} of high confidence
      </Button>
    </div>
  );
}
