/**
 * The table: virtual, so that 100,000 rows scroll like ten; sorted, filtered and searched by the server; every field
 * edited in its place. Arrows move, Enter edits, Delete empties, Space selects, `o` opens.
 */
import { Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type SyntheticEvent,
} from 'react';
import type { Field } from '#contract/fields.ts';
import type { ProcessWish } from '#contract/processing.ts';
import type { SavedVideo, VideoView } from '#contract/saved-videos.ts';
import { api } from '../../api.ts';
import { FailureLine } from '../../parts/states.tsx';
import { countOf } from '../../words/numbers.ts';
import type { Columns } from './columns.ts';
import { Heading } from './heading.tsx';
import { cellId, Row, type Place, type RowAct } from './row.tsx';
import type { Selection } from './selection.ts';
import type { Edits } from './use-edits.ts';
import { useRows } from './use-rows.ts';
import { sayRefused } from '../../parts/say-refused.ts';
import styles from './table.module.css';

/** As in the style sheet, which needs rows to be as high as the virtualizer thinks. */
const rowHeight = 56;
const headHeight = 44;

type Props = {
  id: string;
  view: VideoView;
  columns: Columns;
  selection: Selection;
  edits: Edits;
  moving: boolean;
  /** The first row in sight: as the address has it, and once it has come to rest elsewhere. */
  offset: number;
  onOffset: (offset: number) => void;
  onView: (change: Partial<VideoView>) => void;
  onOpen: (seq: number) => void;
  onProcess: (wish: ProcessWish, title: string) => void;
  onEditField: (fieldId: string) => void;
  onTotal: (total: number) => void;
};

export function Table(props: Props) {
  const { id, view, columns, selection, edits, moving, offset, onOffset, onTotal } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [placed, setPlace] = useState<Place>({ row: offset, column: 0 });
  // Its column may have been hidden since.
  const place = { ...placed, column: Math.min(placed.column, columns.visible.length - 1) };
  /** By the video, not by its row: while a job runs, rows move. */
  const [edited, setEdited] = useState<{ seq: number; field_id: string } | null>(null);
  /** The video that the keyboard is at. */
  const [focused, setFocused] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const count = total ?? 0;
  // Another view begins at its top, or where it was left.
  const looks = JSON.stringify(view);
  const [looked, setLooked] = useState(looks);
  if (looked !== looks) {
    setLooked(looks);
    setPlace({ row: offset, column: place.column });
    setFocused(null);
    setAnchor(null);
    setEdited(null);
  }
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
  const rows = useRows({
    id,
    view,
    first: visible[0]?.index ?? 0,
    last: visible.at(-1)?.index ?? 0,
    // An answer that was asked for before an edit arrived there would show what stood before.
    moving: moving && edits.pending === 0,
  });
  const latestOffset = useRef(offset);
  useLayoutEffect(() => {
    latestOffset.current = offset;
  });
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: latestOffset.current * rowHeight });
  }, [looks, rows.isOfView]);
  const isAtRest = rows.isOfView && !virtual.isScrolling;
  useEffect(() => {
    if (!isAtRest || scroller.current === null) return;
    const first = Math.floor(scroller.current.scrollTop / rowHeight);
    if (first !== offset) onOffset(first);
  }, [isAtRest, looks, offset, onOffset]);
  const atPlace = rows.at(place.row)?.seq;
  if (atPlace !== undefined && atPlace !== focused) {
    const moved = visible.find(({ index }) => rows.at(index)?.seq === focused);
    if (focused === null || moved === undefined) setFocused(atPlace);
    else setPlace({ row: moved.index, column: place.column });
  }
  if (rows.total !== null && rows.total !== total) setTotal(rows.total);
  useEffect(() => {
    if (total !== null) onTotal(total);
  }, [total, onTotal]);

  const comeTo = (to: Place) => {
    setPlace(to);
    setFocused(rows.at(to.row)?.seq ?? null);
  };
  const goTo = (to: Place) => {
    const row = Math.max(0, Math.min(count - 1, to.row));
    const column = Math.max(0, Math.min(columns.visible.length - 1, to.column));
    comeTo({ row, column });
    virtual.scrollToIndex(row);
    if (scroller.current !== null) showColumn(scroller.current, column);
  };
  const select = (index: number, video: SavedVideo, range: boolean) => {
    if (range && anchor !== null) {
      void selectRange(Math.min(anchor, index), Math.max(anchor, index));
    } else selection.toggle(video.seq);
    setAnchor(index);
  };
  /** Rows in between may never have been in sight. */
  const selectRange = async (first: number, last: number) => {
    const known = Array.from({ length: last - first + 1 }, (_, nth) => rows.at(first + nth)?.seq);
    if (known.every((seq) => seq !== undefined)) return selection.add(known);
    try {
      const range = { offset: first, limit: last - first + 1 };
      selection.add((await api.videos.seqs.call({ id, ...view, ...range })).seqs);
    } catch (error) {
      sayRefused('These rows were not selected', error);
    }
  };
  /** The headings are one stop of the Tab key, which is that of the current column. */
  const onHeadKey = (event: KeyboardEvent) => {
    const from = headingAt(event);
    if (from === null) return;
    if (event.key === 'Escape') scroller.current?.focus({ preventScroll: true });
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.currentTarget.children[from + by]?.querySelector('button')?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    // Headings have keys of their own, and so do their menus, whose events React hands on from outside the table.
    const target = event.target as Element;
    if (!event.currentTarget.contains(target) || target.closest('[role="columnheader"]') !== null) return;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      if (event.altKey) return;
      if (event.key === 'a') selection.all();
      else if (event.key === 'Home') goTo({ row: 0, column: 0 });
      else if (event.key === 'End') goTo({ row: count - 1, column: columns.visible.length - 1 });
      else return;
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
        } else edit(video, field);
      },
      F2: () => field !== null && edit(video, field),
      Delete: () => {
        if (video !== undefined && field !== null && video.cells[field.id] !== undefined) {
          edits.set(video, field, null);
        }
      },
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
  const edit = (video: SavedVideo | undefined, field: Field) => {
    if (video !== undefined) setEdited({ seq: video.seq, field_id: field.id });
  };
  const leave = (video: SavedVideo, field: Field) => {
    if (edited?.seq !== video.seq || edited.field_id !== field.id) return;
    setEdited(null);
    scroller.current?.focus({ preventScroll: true });
  };
  const act = (act: RowAct) => {
    switch (act.do) {
      case 'select':
        comeTo({ row: act.index, column: place.column });
        scroller.current?.focus({ preventScroll: true });
        return select(act.index, act.video, act.range);
      case 'place': {
        const field = columns.visible[act.column]?.field ?? null;
        comeTo({ row: act.index, column: act.column });
        return field !== null && act.edit !== null && edit(act.edit, field);
      }
      case 'open':
        comeTo({ row: act.index, column: place.column });
        return props.onOpen(act.seq);
      case 'keep':
        edits.set(act.video, act.field, act.value);
        return leave(act.video, act.field);
      case 'leave':
        if (act.how === 'lost') sayLost(act.video, act.field);
        return leave(act.video, act.field);
    }
  };
  // The same function for every row and every time, so that rows that stay as they are are not made again.
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  const onAct = useCallback((act: RowAct) => latest.current(act), []);

  if (rows.error !== null && count === 0) return <FailureLine error={rows.error} retry={rows.retry} />;
  if (total === null) return <TableSkeleton />;
  const width = `calc(var(--lead) + ${columns.visible.reduce((sum, column) => sum + column.width, 0)}px)`;
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
        <div
          className={styles.head}
          role="row"
          aria-rowindex={1}
          style={{ width }}
          onKeyDown={onHeadKey}
          onFocus={(event) => {
            const at = headingAt(event);
            if (at !== null && at > 0) setPlace({ row: place.row, column: at - 1 });
          }}
        >
          <div className={styles.lead} role="columnheader">
            <label className={styles.tick}>
              <input
                type="checkbox"
                aria-label="Select all"
                checked={count > 0 && selection.count(count) === count}
                onChange={(event) => (event.currentTarget.checked ? selection.all() : selection.clear())}
              />
            </label>
          </div>
          {columns.visible.map((column, nth) => (
            <Heading
              key={column.id}
              isTabStop={nth === place.column}
              id={id}
              column={column}
              columns={columns}
              view={view}
              onView={props.onView}
              onProcess={props.onProcess}
              onEditField={props.onEditField}
            />
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), width, position: 'relative' }}>
          {visible.map(({ index, start }) => {
            const video = rows.at(index);
            return (
              <Row
                key={video === undefined ? `at ${index}` : video.seq}
                listId={id}
                video={video}
                index={index}
                top={start}
                columns={columns.visible}
                isSelected={video !== undefined && selection.has(video.seq)}
                at={place.row === index ? place.column : null}
                edited={edited !== null && edited.seq === video?.seq ? edited.field_id : null}
                onAct={onAct}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}

/** Which child of the head it is; null for what a heading opened, whose events React hands on from elsewhere. */
function headingAt({ currentTarget, target }: SyntheticEvent): number | null {
  const at = [...currentTarget.children].findIndex((heading) => heading.contains(target as Node));
  return at === -1 ? null : at;
}

/** Sideways, from under the box and the picture, which stay where they are. */
function showColumn(box: HTMLElement, column: number): void {
  const [lead, ...headings] = box.querySelectorAll<HTMLElement>('[role="columnheader"]');
  const heading = headings[column];
  if (lead === undefined || heading === undefined) return;
  const atLeft = heading.offsetLeft - lead.offsetWidth;
  const atRight = heading.offsetLeft + heading.offsetWidth - box.clientWidth;
  box.scrollLeft = Math.min(atLeft, Math.max(atRight, box.scrollLeft));
}

function sayLost(video: SavedVideo, field: Field): void {
  notifications.show({
    color: 'red',
    title: `${field.label} of “${video.title ?? video.youtube_id}” stays as it was`,
    message: 'What was typed is no value of this field.',
  });
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
