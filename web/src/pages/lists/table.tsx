/**
 * The table: virtual, so that 100,000 rows scroll like ten; sorted, filtered and searched by the server; every field
 * edited in its place. Arrows move, Enter edits, Space selects, `o` opens.
 */
import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ProcessWish, SavedVideo, VideoView } from '#contract/saved-videos.ts';
import { FailureLine } from '../../parts/states.tsx';
import { countOf } from '../../words/numbers.ts';
import { CellEditor } from './cell-editor.tsx';
import { CellView } from './cell-view.tsx';
import type { Column, Columns } from './columns.ts';
import { Heading } from './heading.tsx';
import { Thumbnail } from './thumbnail.tsx';
import type { Selection } from './selection.ts';
import type { Edits } from './use-edits.ts';
import { useRows } from './use-rows.ts';
import styles from './table.module.css';

/** As in the style sheet, which needs rows to be as high as the virtualizer thinks. */
const rowHeight = 56;
const headHeight = 40;

type Props = {
  id: string;
  view: VideoView;
  columns: Columns;
  selection: Selection;
  edits: Edits;
  moving: boolean;
  onView: (change: Partial<VideoView>) => void;
  onOpen: (seq: number) => void;
  onProcess: (wish: ProcessWish, title: string) => void;
  onEditField: (fieldId: string) => void;
  onTotal: (total: number) => void;
};

type Place = { row: number; column: number };

export function Table(props: Props) {
  const { id, view, columns, selection, edits, moving, onTotal } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const [anchor, setAnchor] = useState<number | null>(null);
  const count = total ?? 0;
  // The virtualizer hands out functions that change without telling; this component is never memoised.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: headHeight,
  });
  const visible = virtual.getVirtualItems();
  const rows = useRows({ id, view, first: visible[0]?.index ?? 0, last: visible.at(-1)?.index ?? 0, moving });
  if (rows.total !== null && rows.total !== total) setTotal(rows.total);
  useEffect(() => {
    if (total !== null) onTotal(total);
  }, [total, onTotal]);

  const goTo = (to: Place) => {
    const row = Math.max(0, Math.min(count - 1, to.row));
    const column = Math.max(0, Math.min(columns.visible.length - 1, to.column));
    setPlace({ row, column });
    virtual.scrollToIndex(row);
  };
  const select = (index: number, video: SavedVideo, range: boolean) => {
    if (range && anchor !== null) {
      const [from, to] = [Math.min(anchor, index), Math.max(anchor, index)];
      const seqs = Array.from({ length: to - from + 1 }, (_, nth) => rows.at(from + nth)?.seq);
      selection.add(seqs.filter((seq) => seq !== undefined));
    } else selection.toggle(video.seq);
    setAnchor(index);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) {
      if (event.key !== 'a' || event.altKey) return;
      selection.all();
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const { row, column } = place;
    const field = columns.visible[column]?.field ?? null;
    const video = rows.at(row);
    const steps: Record<string, () => void> = {
      ArrowUp: () => goTo({ row: row - 1, column }),
      ArrowDown: () => goTo({ row: row + 1, column }),
      ArrowLeft: () => goTo({ row, column: column - 1 }),
      ArrowRight: () => goTo({ row, column: column + 1 }),
      PageUp: () => goTo({ row: row - page, column }),
      PageDown: () => goTo({ row: row + page, column }),
      Home: () => goTo({ row, column: 0 }),
      End: () => goTo({ row, column: columns.visible.length - 1 }),
      Enter: () => {
        if (field === null) {
          if (video !== undefined) props.onOpen(video.seq);
        } else setEditing(video !== undefined);
      },
      F2: () => setEditing(video !== undefined && field !== null),
      ' ': () => video !== undefined && select(row, video, event.shiftKey),
      x: () => video !== undefined && select(row, video, false),
      o: () => video !== undefined && props.onOpen(video.seq),
      Escape: () => selection.clear(),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  const leave = (by: number) => {
    setEditing(false);
    scroller.current?.focus();
    if (by !== 0) goTo({ row: place.row + by, column: place.column });
  };

  if (rows.error !== null && count === 0) return <FailureLine error={rows.error} retry={rows.retry} />;
  if (total === null) return <TableSkeleton />;
  const width = columns.visible.reduce((sum, column) => sum + column.width, leadWidth);
  return (
    <>
      {rows.error !== null && <FailureLine error={rows.error} retry={rows.retry} />}
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        aria-label={`Table of ${countOf(count, 'video', 'videos')}`}
        aria-rowcount={count + 1}
        aria-colcount={columns.visible.length + 1}
        aria-multiselectable
        aria-activedescendant={count === 0 ? undefined : cellId(place)}
        tabIndex={0}
        onKeyDown={onKey}
      >
        <div className={styles.head} role="row" aria-rowindex={1} style={{ width }}>
          <div className={styles.lead} role="columnheader">
            <input
              type="checkbox"
              aria-label="Select all"
              checked={count > 0 && selection.count(count) === count}
              onChange={(event) => (event.currentTarget.checked ? selection.all() : selection.clear())}
            />
          </div>
          {columns.visible.map((column) => (
            <Heading key={column.id} {...props} column={column} />
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), width, position: 'relative' }}>
          {visible.map(({ index, start }) => (
            <Row
              key={index}
              video={rows.at(index)}
              index={index}
              top={start}
              columns={columns.visible}
              selected={(seq) => selection.has(seq)}
              at={place.row === index ? place.column : null}
              editing={editing && place.row === index}
              onSelect={select}
              onPlace={(column, edit) => {
                setPlace({ row: index, column });
                setEditing(edit);
              }}
              onOpen={props.onOpen}
              onKeep={(video, column, value) => {
                if (column.field !== null) edits.set(video, column.field, value);
                leave(0);
              }}
              onLeave={() => leave(0)}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** Box and picture in front of the columns, as in the style sheet. */
const leadWidth = 140;

function cellId({ row, column }: Place): string {
  return `cell-${row}-${column}`;
}

type RowProps = {
  video: SavedVideo | undefined;
  index: number;
  top: number;
  columns: readonly Column[];
  selected: (seq: number) => boolean;
  /** The column that the keyboard is at, if it is in this row. */
  at: number | null;
  editing: boolean;
  onSelect: (index: number, video: SavedVideo, range: boolean) => void;
  onPlace: (column: number, edit: boolean) => void;
  onOpen: (seq: number) => void;
  onKeep: (video: SavedVideo, column: Column, value: Parameters<Edits['set']>[2]) => void;
  onLeave: () => void;
};

function Row({ video, index, top, columns, selected, at, editing, ...on }: RowProps) {
  if (video === undefined) {
    return (
      <div className={styles.row} role="row" aria-rowindex={index + 2} style={{ top }} aria-busy="true">
        <Skeleton height={14} width={`${30 + ((index * 23) % 40)}%`} ml={16} />
      </div>
    );
  }
  const isSelected = selected(video.seq);
  return (
    <div className={styles.row} role="row" aria-rowindex={index + 2} aria-selected={isSelected} style={{ top }}>
      <div className={styles.lead} role="gridcell">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${video.title ?? video.youtube_id}`}
          checked={isSelected}
          onChange={() => undefined}
          onClick={(event) => on.onSelect(index, video, event.shiftKey)}
        />
        <button
          type="button"
          data-dense=""
          tabIndex={-1}
          className={styles.open}
          onClick={() => on.onOpen(video.seq)}
        >
          <Thumbnail video={video} />
          <span className="unseen">Open {video.title ?? video.youtube_id}</span>
        </button>
      </div>
      {columns.map((column, nth) => {
        const here = at === nth;
        const edits = here && editing && column.field !== null;
        return (
          <div
            key={column.id}
            id={cellId({ row: index, column: nth })}
            role="gridcell"
            className={styles.cell}
            style={{ width: column.width }}
            data-here={here || undefined}
            data-editing={edits || undefined}
            data-column={column.id}
            onClick={() => on.onPlace(nth, edits || (here && column.field !== null))}
            onDoubleClick={() => (column.field === null ? on.onOpen(video.seq) : on.onPlace(nth, true))}
          >
            {edits && column.field !== null ? (
              <CellEditor
                field={column.field}
                value={video.cells[column.field.id]?.value ?? null}
                onKeep={(value) => on.onKeep(video, column, value)}
                onLeave={on.onLeave}
              />
            ) : (
              <CellView video={video} column={column} />
            )}
          </div>
        );
      })}
    </div>
  );
}

function TableSkeleton() {
  return (
    <div className={styles.scroller} aria-busy="true" aria-label="The table is being loaded">
      {Array.from({ length: 9 }, (_, index) => (
        <div key={index} className={styles.skeleton}>
          <Skeleton height={36} width={64} />
          <Skeleton height={14} width={`${30 + ((index * 23) % 40)}%`} />
        </div>
      ))}
    </div>
  );
}
