import { memo } from 'react';
import type { AssetTile } from '#contract/library.ts';
import { ConfidenceMark } from '../../parts/confidence.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import { wallClockWords } from '../../words/dates.ts';
import { videoLength } from '../../words/numbers.ts';
import { reviewWords } from '../../words/review-words.ts';
import { confidenceWords } from '../../words/words.ts';
import styles from './tile.module.css';

type Box = { left: number; top: number; width: number; height: number };

function boxStyle({ left, top, width, height }: Box) {
  return { transform: `translate(${left}px, ${top}px)`, width, height };
}

type Props = {
  tile: AssetTile;
  selected: boolean;
  box: Box;
  place: { section: number; index: number };
  focusable: boolean;
};

/** A plain link; the grid opens it. A hundred router links would each follow the router. */
export const Tile = memo(
  function Tile({ tile, selected, box, place, focusable }: Props) {
    const when = tile.local === null ? 'no date' : wallClockWords(tile.local, 'short');
    return (
      <a
        className={styles.tile}
        href={`/library/${encodeURIComponent(tile.id)}`}
        style={boxStyle(box)}
        tabIndex={focusable ? 0 : -1}
        data-asset={tile.id}
        data-section={place.section}
        data-index={place.index}
        data-selected={selected || undefined}
        data-review={tile.review}
        aria-label={`${tile.name}, ${when}, confidence ${confidenceWords[tile.confidence].word}${
          tile.review === 'open' ? '' : `, ${reviewWords[tile.review].toLowerCase()}`
        }${selected ? ', selected' : ''}`}
        title={`${tile.name}\n${when}${tile.zone === null ? '' : ` (${tile.zone})`}`}
      >
        <Thumbnail tile={tile} alt="" />
        <span className={styles.mark} data-mark="" title="Select">
          {selected && <Icon name="done" size={14} />}
        </span>
        <span className={styles.confidence}>
          <ConfidenceMark confidence={tile.confidence} on="picture" />
          {tile.review === 'accepted' && (
            <span className={styles.reviewed} title="Reviewed">
              <Icon name="done" size={12} />
            </span>
          )}
        </span>
        {tile.kind === 'video' && (
          <span className={styles.length}>
            {tile.duration_seconds === null ? 'video' : videoLength(tile.duration_seconds)}
          </span>
        )}
      </a>
    );
  },
  (before, after) =>
    before.tile === after.tile &&
    before.selected === after.selected &&
    before.focusable === after.focusable &&
    before.place.section === after.place.section &&
    before.place.index === after.place.index &&
    before.box.left === after.box.left &&
    before.box.top === after.box.top &&
    before.box.width === after.box.width &&
    before.box.height === after.box.height,
);

export function TileSkeleton({ box }: { box: Box }) {
  return <span className={styles.skeleton} style={boxStyle(box)} aria-hidden="true" />;
}
