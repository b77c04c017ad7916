/** The filter as chips, in the address. `/` goes to the search. */
import { Button, Popover, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { confidences, mediaKinds, reviewStates, type ReviewState } from '#contract/words.ts';
import { Chip, ChosenChip, PickChip } from '../../parts/chips.tsx';
import { ConfidenceMark } from '../../parts/confidence.tsx';
import { useTagCompletion } from '../../parts/decide/tag-entry.tsx';
import { useJob } from '../../parts/job-queries.ts';
import { SearchField } from '../../parts/search-field.tsx';
import { dateWords } from '../../words/dates.ts';
import { countOf } from '../../words/numbers.ts';
import { reviewWords } from '../../words/review-words.ts';
import { CameraChip } from './camera-chip.tsx';
import { isFiltered, type LibraryFilter } from './filter.ts';
import chips from '../../parts/chips.module.css';
import styles from './filter-bar.module.css';

const kindNames = { photo: 'Photos', video: 'Videos' } as const;

export function FilterBar({ filter, total }: { filter: LibraryFilter; total: number | null }) {
  const navigate = useNavigate({ from: '/library' });
  const change = (part: LibraryFilter) =>
    void navigate({ to: '/library', search: { ...filter, ...part }, replace: true, resetScroll: false });
  return (
    <div className={styles.bar} role="search" aria-label="Filter the library">
      <SearchField
        className={styles.search}
        label="Search names, folders and cameras"
        placeholder="Name, folder or camera"
        text={filter.text}
        onSearch={(text) => change({ text })}
      />
      <div className={styles.chips}>
        {confidences.map((confidence) => (
          <Chip
            key={confidence}
            pressed={filter.confidence === confidence}
            onPress={(pressed) => change({ confidence: pressed ? confidence : undefined })}
          >
            <ConfidenceMark confidence={confidence} on="page" />
          </Chip>
        ))}
        <span className={styles.divider} />
        {mediaKinds.map((kind) => (
          <Chip
            key={kind}
            pressed={filter.kind === kind}
            onPress={(pressed) => change({ kind: pressed ? kind : undefined })}
          >
            {kindNames[kind]}
          </Chip>
        ))}
        <Dates filter={filter} onChange={change} />
        <State review={filter.review} onChange={(review) => change({ review })} />
        <TagChip tag={filter.tag} onChange={(tag) => change({ tag })} />
        <CameraChip camera={filter.camera} onChange={(camera) => change({ camera })} />
        {filter.job_id !== undefined && (
          <JobChip id={filter.job_id} onRemove={() => change({ job_id: undefined })} />
        )}
        {isFiltered(filter) && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => void navigate({ to: '/library', search: {}, replace: true })}
          >
            Show everything
          </Button>
        )}
      </div>
      <p className={styles.total} aria-live="polite">
        {total === null ? ' ' : countOf(total, 'picture', 'pictures')}
      </p>
    </div>
  );
}

function Dates({ filter, onChange }: { filter: LibraryFilter; onChange: (part: LibraryFilter) => void }) {
  const { from, to } = filter;
  const chosen = from !== undefined || to !== undefined;
  return (
    <Popover position="bottom-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={chips.chip} data-pressed={chosen || undefined}>
          {datesName(from, to)}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Dates">
        <div className={styles.dates}>
          <TextInput
            type="date"
            label="From"
            value={from ?? ''}
            max={to}
            onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            type="date"
            label="To"
            value={to ?? ''}
            min={from}
            onChange={(event) => onChange({ to: event.currentTarget.value || undefined })}
          />
          <Button
            variant="default"
            disabled={!chosen}
            onClick={() => onChange({ from: undefined, to: undefined })}
          >
            Any date
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function State(props: {
  review: ReviewState | undefined;
  onChange: (review: ReviewState | undefined) => void;
}) {
  const { review, onChange } = props;
  return (
    <Popover position="bottom-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={chips.chip} data-pressed={review !== undefined || undefined}>
          {review === undefined ? 'Reviewed or not' : reviewWords[review]}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Reviewed or not">
        <div className={styles.dates}>
          {reviewStates.map((state) => (
            <Chip
              key={state}
              pressed={review === state}
              onPress={(pressed) => onChange(pressed ? state : undefined)}
            >
              {reviewWords[state]}
            </Chip>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function TagChip({ tag, onChange }: { tag: string | undefined; onChange: (tag: string | undefined) => void }) {
  const [typed, setTyped] = useState('');
  const found = useTagCompletion(typed).data?.items;
  return (
    <PickChip
      name="Tag"
      find="Find a tag"
      chosen={tag}
      onChange={(wanted) => onChange(wanted?.toLowerCase())}
      items={found?.map((each) => ({ value: each.tag, label: each.tag, count: each.count }))}
      typed={typed}
      onType={setTyped}
      none="No tag begins so."
    />
  );
}

function datesName(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && to !== undefined) return `${dateWords(from, 'short')} – ${dateWords(to, 'short')}`;
  if (from !== undefined) return `from ${dateWords(from, 'short')}`;
  return to === undefined ? 'Dates' : `until ${dateWords(to, 'short')}`;
}

function JobChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const job = useJob(id).data;
  return (
    <ChosenChip remove="Remove the filter by job" onRemove={onRemove}>
      {job?.label ?? 'one job'}
    </ChosenChip>
  );
}
