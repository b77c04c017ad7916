/** The filter as chips, in the address. `/` goes to the search. */
import { Button, CloseButton, Popover, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { confidences, mediaKinds, reviewStates, type ReviewState } from '#contract/words.ts';
import { ConfidenceMark } from '../../parts/confidence.tsx';
import { useTagCompletion } from '../../parts/decide/tag-entry.tsx';
import { Icon } from '../../parts/icons.tsx';
import { isForPage } from '../../parts/keys.tsx';
import { useJob } from '../../parts/job-queries.ts';
import { dateWords } from '../../words/dates.ts';
import { count, countOf } from '../../words/numbers.ts';
import { reviewWords } from '../../words/review-words.ts';
import { CameraChip } from './camera-chip.tsx';
import { isFiltered, type LibraryFilter } from './filter.ts';
import styles from './filter-bar.module.css';

const kindNames = { photo: 'Photos', video: 'Videos' } as const;

export function FilterBar({ filter, total }: { filter: LibraryFilter; total: number | null }) {
  const navigate = useNavigate({ from: '/library' });
  const change = (part: LibraryFilter) =>
    void navigate({ to: '/library', search: { ...filter, ...part }, replace: true, resetScroll: false });
  return (
    <div className={styles.bar} role="search" aria-label="Filter the library">
      <Search text={filter.text} onSearch={(text) => change({ text })} />
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
        <Tag tag={filter.tag} onChange={(tag) => change({ tag })} />
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

function Chip(props: { pressed: boolean; onPress: (pressed: boolean) => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className={styles.chip}
      aria-pressed={props.pressed}
      onClick={() => props.onPress(!props.pressed)}
    >
      {props.children}
    </button>
  );
}

const searchDelayMs = 250;

function Search({
  text,
  onSearch,
}: {
  text: string | undefined;
  onSearch: (text: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(text ?? '');
  const input = useRef<HTMLInputElement>(null);
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });

  // The address may change from elsewhere: back, or "Show everything".
  const [shown, setShown] = useState(text);
  if (shown !== text) {
    setShown(text);
    if ((text ?? '') !== typed.trim()) setTyped(text ?? '');
  }

  useEffect(() => {
    const wanted = typed.trim() === '' ? undefined : typed.trim();
    if (wanted === text) return undefined;
    const timer = window.setTimeout(() => search.current(wanted), searchDelayMs);
    return () => window.clearTimeout(timer);
  }, [typed, text]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || !isForPage(event)) return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <TextInput
      ref={input}
      className={styles.search}
      aria-label="Search names, folders and cameras"
      placeholder="Name, folder or camera"
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        typed === '' ? null : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => setTyped('')} />
        )
      }
      value={typed}
      maxLength={200}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

function Dates({ filter, onChange }: { filter: LibraryFilter; onChange: (part: LibraryFilter) => void }) {
  const { from, to } = filter;
  const chosen = from !== undefined || to !== undefined;
  return (
    <Popover position="bottom-start" withArrow shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.chip} data-pressed={chosen || undefined}>
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
        <button type="button" className={styles.chip} data-pressed={review !== undefined || undefined}>
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

function Tag({ tag, onChange }: { tag: string | undefined; onChange: (tag: string | undefined) => void }) {
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const known = useTagCompletion(typed);
  const choose = (wanted: string) => {
    if (wanted.trim() === '') return;
    setOpened(false);
    setTyped('');
    onChange(wanted.trim().toLowerCase());
  };
  if (tag !== undefined) {
    return (
      <span className={styles.chip} data-pressed="">
        {tag}
        <CloseButton
          size="xs"
          data-dense=""
          aria-label="Remove the filter by tag"
          onClick={() => onChange(undefined)}
        />
      </span>
    );
  }
  // Without a single tag in the library there is nothing to filter by.
  if (typed === '' && !opened && (known.data?.items.length ?? 0) === 0) return null;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={styles.chip} onClick={() => setOpened((before) => !before)}>
          Tag
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Tag">
        <div className={styles.tags}>
          <TextInput
            aria-label="Find a tag"
            placeholder="Find a tag"
            value={typed}
            maxLength={100}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') choose(known.data?.items[0]?.tag ?? typed);
            }}
            data-autofocus
          />
          {known.data?.items.map(({ tag, count: size }) => (
            <button key={tag} type="button" className={styles.tag} onClick={() => choose(tag)}>
              {tag} <span className={styles.tagCount}>{count(size)}</span>
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
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
    <span className={styles.chip} data-pressed="">
      {job?.label ?? 'one job'}
      <CloseButton size="xs" data-dense="" aria-label="Remove the filter by job" onClick={onRemove} />
    </span>
  );
}
