import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, sentenceOf } from '../../api.ts';
import { useJob } from '../../parts/job-queries.ts';
import { dateWords } from '../../words/dates.ts';
import { count, countOf } from '../../words/numbers.ts';
import { reviewWords } from '../../words/review-words.ts';
import { confidenceWords } from '../../words/words.ts';
import type { LibraryFilter } from '../library/filter.ts';
import type { WhatGoesOut } from './what-goes-out.ts';
import styles from './what-goes-out-line.module.css';

export function WhatGoesOutLine({ out }: { out: WhatGoesOut }) {
  switch (out.what) {
    case 'library':
      return (
        <div className={styles.out}>
          <p className={styles.what}>
            The whole library: <Size filter={{}} />
          </p>
          <p className={styles.hint}>
            To export a part of it, filter or select in the <Link to="/library">library</Link> and press Export
            there. What is discarded never goes out.
          </p>
        </div>
      );
    case 'filter':
      return (
        <div className={styles.out}>
          <p className={styles.what}>
            What the library shows, <Size filter={out.filter} />: <FilterInWords filter={out.filter} />
          </p>
          <p className={styles.links}>
            <Link to="/library" search={out.filter}>
              See it in the library
            </Link>
            <WholeInstead />
          </p>
        </div>
      );
    case 'selection':
      return (
        <div className={styles.out}>
          <p className={styles.what}>
            What you selected: <b>{countOf(out.asset_ids.length, 'picture', 'pictures')}</b>
          </p>
          <p className={styles.links}>
            <WholeInstead />
          </p>
        </div>
      );
    case 'forgotten selection':
      return (
        <div className={styles.out}>
          <p className={styles.what} role="alert">
            A selection of {count(out.size)} that is not known any more. Select again in the library and press
            Export there.
          </p>
          <p className={styles.links}>
            <Link to="/library">Open the library</Link>
            <WholeInstead />
          </p>
        </div>
      );
  }
}

function WholeInstead() {
  return (
    <Link to="/export" search={{}} replace>
      Export the whole library instead
    </Link>
  );
}

function Size({ filter }: { filter: LibraryFilter }) {
  const days = useQuery(api.assets.days.queryOptions({ input: filter, staleTime: 10_000 }));
  if (days.isError) return <span className={styles.bad}>{sentenceOf(days.error)}</span>;
  if (days.data === undefined)
    return <Skeleton component="span" display="inline-block" height={14} width={90} />;
  return <b>{countOf(days.data.total, 'picture', 'pictures')}</b>;
}

function FilterInWords({ filter }: { filter: LibraryFilter }) {
  const job = useJob(filter.job_id ?? null).data;
  const { confidence, kind, text, from, to, camera, tag, review } = filter;
  const parts = [
    text !== undefined && `“${text}”`,
    kind !== undefined && (kind === 'photo' ? 'photos' : 'videos'),
    confidence !== undefined && `confidence ${confidenceWords[confidence].word}`,
    from !== undefined && `from ${dateWords(from, 'short')}`,
    to !== undefined && `until ${dateWords(to, 'short')}`,
    tag !== undefined && `tag ${tag}`,
    camera,
    review !== undefined && reviewWords[review].toLowerCase(),
    filter.job_id !== undefined && (job?.label ?? 'one job'),
  ];
  return <>{parts.filter((part) => typeof part === 'string').join(', ')}</>;
}
