/** The assets of a group as a strip; only those on view are in the document, however many there are. */
import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type MouseEvent } from 'react';
import { isSelected, type Selection } from '../../parts/decide/use-selection.ts';
import { Icon } from '../../parts/icons.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import { wallClockWords } from '../../words/dates.ts';
import { count } from '../../words/numbers.ts';
import { confidenceWords } from '../../words/words.ts';
import type { GroupAsset } from './group-asset.ts';
import styles from './film.module.css';

type Props = {
  items: readonly GroupAsset[];
  total: number;
  index: number;
  selection: Selection;
  onGo: (index: number, how: 'alone' | 'toggle' | 'range') => void;
  onEnd: () => void;
  onSelectAll: () => void;
};

const widthPixels = 124;
const loadWithin = 40;

export function Film({ items, total, index, selection, onGo, onEnd, onSelectAll }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  // Its functions are new after each scroll, and nothing here keeps them.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    horizontal: true,
    count: Math.max(items.length, total),
    getScrollElement: () => scroller.current,
    estimateSize: () => widthPixels,
    overscan: 6,
  });
  useEffect(() => virtualizer.scrollToIndex(index), [virtualizer, index]);
  const shown = virtualizer.getVirtualItems();
  const nearEnd = (shown.at(-1)?.index ?? 0) > items.length - loadWithin;
  useEffect(() => {
    if (nearEnd) onEnd();
  }, [nearEnd, onEnd]);

  const current = items[index];
  const onClick = (event: MouseEvent) => {
    const at = (event.target as Element).closest<HTMLElement>('[data-index]')?.dataset['index'];
    if (at === undefined) return;
    const onMark = (event.target as Element).closest('[data-mark]') !== null;
    onGo(Number(at), event.shiftKey ? 'range' : event.ctrlKey || event.metaKey || onMark ? 'toggle' : 'alone');
  };

  return (
    <div className={styles.film}>
      {/* The keys are those of the page: they work wherever the focus is. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        aria-label="Pictures of this group"
        aria-multiselectable="true"
        aria-orientation="horizontal"
        aria-activedescendant={current === undefined ? undefined : `film-${current.id}`}
        tabIndex={0}
        onClick={onClick}
      >
        <div className={styles.sheet} style={{ width: virtualizer.getTotalSize() }}>
          {shown.map((place) => {
            const item = items[place.index];
            const style = { transform: `translateX(${place.start}px)`, width: widthPixels - 6 };
            if (item === undefined) {
              return <span key={place.key} className={styles.waiting} style={style} aria-hidden="true" />;
            }
            return (
              <FilmTile
                key={item.id}
                item={item}
                index={place.index}
                total={total}
                style={style}
                current={place.index === index}
                selected={isSelected(selection, item.id)}
              />
            );
          })}
        </div>
      </div>
      <div className={styles.foot}>
        <span aria-live="polite">
          {count(index + 1)} of {count(total)}
          <span className="unseen">: {current?.name}</span>
        </span>
        {total > 1 && !(selection.all && selection.ids.size === 0) && (
          <Button variant="subtle" size="compact-sm" onClick={onSelectAll}>
            Select all {count(total)}
          </Button>
        )}
      </div>
    </div>
  );
}

type FilmTileProps = {
  item: GroupAsset;
  index: number;
  total: number;
  style: { transform: string; width: number };
  current: boolean;
  selected: boolean;
};

function FilmTile({ item, index, total, style, current, selected }: FilmTileProps) {
  const when = item.local === null ? 'no date' : wallClockWords(item.local, 'short');
  return (
    <span
      id={`film-${item.id}`}
      className={styles.tile}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-label={`${item.name}, ${when}, confidence ${confidenceWords[item.confidence].word}`}
      title={item.name}
      data-index={index}
      data-current={current || undefined}
      style={style}
    >
      <span className={styles.picture}>
        <Thumbnail tile={item} alt="" />
        <span className={styles.mark} data-mark="">
          {selected && <Icon name="done" size={14} />}
        </span>
      </span>
      <span className={styles.when}>{when}</span>
    </span>
  );
}
