import { Popover, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import type { ExportFile } from '#contract/exports.ts';
import { ConfidenceMark } from '../../parts/confidence.tsx';
import { Icon } from '../../parts/icons.tsx';
import { wallClockWords } from '../../words/dates.ts';
import { actionWords, doubtWords, lineStateWords } from '../../words/export-words.ts';
import { byteSize, countOf } from '../../words/numbers.ts';
import styles from './plan-line.module.css';

/** `index` from 0 among the lines that are shown. */
type Props = { line: ExportFile | undefined; index: number; top: number };

/** A step of scrolling draws those lines that are new on view. */
export const PlanLine = memo(function PlanLine({ line, index, top }: Props) {
  // The head of the table is its first row.
  const place = { 'aria-rowindex': index + 2, style: { transform: `translateY(${top}px)` } };
  if (line === undefined) {
    return (
      <div className={styles.row} role="row" aria-busy="true" {...place}>
        <span role="cell" className={styles.waiting}>
          <Skeleton height={14} width="45%" />
          <Skeleton height={12} mt={8} width="60%" />
        </span>
      </div>
    );
  }
  const target = line.written_to ?? line.target;
  return (
    <div className={styles.row} role="row" {...place}>
      <span className={styles.what} role="cell">
        <span className={styles.action} data-action={line.action} title={actionWords[line.action].about}>
          {actionWords[line.action].word}
        </span>
        {line.state !== null && line.action !== 'same' && (
          <small className={styles.state} data-state={line.state}>
            {lineStateWords[line.state]}
          </small>
        )}
      </span>
      <span className={styles.paths} role="cell">
        <Link
          to="/library/$assetId"
          params={{ assetId: line.asset_id }}
          search={{}}
          className={styles.target}
          title={target}
          aria-label={`${target}, open ${line.name}`}
        >
          <span className={styles.oneLine}>{target}</span>
        </Link>
        <small className={`${styles.source} ${styles.oneLine}`} title={line.source ?? undefined}>
          {line.source ?? line.name}
        </small>
      </span>
      <span className={styles.when} role="cell">
        <span title={line.zone ?? undefined}>
          {line.local === null ? 'no date' : wallClockWords(line.local, 'short')}
        </span>
        <small>
          <ConfidenceMark confidence={line.confidence} on="page" />
        </small>
      </span>
      <span className={styles.written} role="cell">
        <Written line={line} />
      </span>
      <span className={styles.worth} role="cell">
        <Worth line={line} />
      </span>
    </div>
  );
});

/** In short; pressed, every tag with its value. */
function Written({ line }: { line: ExportFile }) {
  const [opened, setOpened] = useState(false);
  const { writes, companions, into } = line;
  if (line.action === 'gone') return <span className={styles.soft}>–</span>;
  if (writes.length === 0 && companions.length === 0) return <span className={styles.soft}>nothing</span>;
  const where = into === 'sidecar' ? 'beside it, as XMP' : 'into the copy';
  const said = [
    ...(writes.length > 0 ? [`${countOf(writes.length, 'tag', 'tags')} ${where}`] : []),
    ...(companions.length > 0 ? [countOf(companions.length, 'sidecar goes along', 'sidecars go along')] : []),
  ].join(', ');
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      withArrow
      withinPortal
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.open}
          data-dense=""
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {said}
        </button>
      </Popover.Target>
      <Popover.Dropdown maw={520} aria-label={`What is written for ${line.target}`}>
        <dl className={styles.tags}>
          {writes.map(({ tag, value }) => (
            <div key={tag}>
              <dt>{tag}</dt>
              <dd>{value === '' ? <i>taken out</i> : value}</dd>
            </div>
          ))}
        </dl>
        {companions.map(({ source, target }) => (
          <p key={target} className={styles.companion}>
            {target}
            <small>{source}</small>
          </p>
        ))}
        <p className={styles.size}>{byteSize(line.size_bytes)}</p>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What went wrong goes before what was doubtful. */
function Worth({ line }: { line: ExportFile }) {
  if (line.error_message !== null) {
    return (
      <span className={styles.failed} title={line.error_message}>
        {line.error_message}
      </span>
    );
  }
  if (line.warnings.length > 0) {
    const told = line.warnings.join(' ');
    return (
      <span className={styles.warned} title={told}>
        {told}
      </span>
    );
  }
  const was = line.was !== null && line.was !== line.target ? `was ${line.was}` : null;
  if (line.doubts.length === 0) {
    return was === null ? null : (
      <span className={styles.soft} title={was}>
        {was}
      </span>
    );
  }
  return (
    <span className={styles.doubts}>
      {line.doubts.map((doubt) => (
        <span
          key={doubt}
          className={styles.doubt}
          data-bad={doubt === 'source_missing' || undefined}
          title={doubtWords[doubt].about}
        >
          <Icon name="warning" size={14} />
          {doubtWords[doubt].word}
        </span>
      ))}
    </span>
  );
}
