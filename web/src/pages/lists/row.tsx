/**
 * One row of the table. It is made again only when something in it changed: scrolling makes none but the new ones. With
 * that and the same for headings a frame costs 8 ms of work instead of 14 (`npm run bench:table`).
 */
import { Skeleton } from '@mantine/core';
import { memo } from 'react';
import type { Field, Value } from '#contract/fields.ts';
import type { SavedVideo } from '#contract/saved-videos.ts';
import { CellEditor } from './cell-editor.tsx';
import { CellView } from './cell-view.tsx';
import type { Column } from './columns.ts';
import { Thumbnail } from './thumbnail.tsx';
import styles from './table.module.css';

export type Place = { row: number; column: number };

/** What a person does in a row. */
export type RowAct =
  | { do: 'select'; index: number; video: SavedVideo; range: boolean }
  | { do: 'place'; index: number; column: number; edit: SavedVideo | null }
  | { do: 'open'; index: number; seq: number }
  | { do: 'keep'; video: SavedVideo; field: Field; value: Value | null }
  | { do: 'leave'; video: SavedVideo; field: Field; how: 'as it was' | 'lost' };

type Props = {
  listId: string;
  /** Undefined until it is loaded. */
  video: SavedVideo | undefined;
  index: number;
  top: number;
  columns: readonly Column[];
  isSelected: boolean;
  /** The column that the keyboard is at, if it is in this row. */
  at: number | null;
  /** The field that is edited, if it is one of this video. */
  edited: string | null;
  onAct: (act: RowAct) => void;
};

export function cellId({ row, column }: Place): string {
  return `cell-${row}-${column}`;
}

export const Row = memo(function Row(props: Props) {
  const { listId, video, index, top, columns, isSelected, at, edited, onAct } = props;
  if (video === undefined) {
    return (
      <div className={styles.row} role="row" aria-rowindex={index + 2} style={{ top }} aria-busy="true">
        <Skeleton height={14} width={`${30 + ((index * 23) % 40)}%`} ml={16} />
      </div>
    );
  }
  const name = video.title ?? video.youtube_id;
  return (
    <div className={styles.row} role="row" aria-rowindex={index + 2} aria-selected={isSelected} style={{ top }}>
      <div className={styles.lead} role="gridcell">
        <label className={styles.tick}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${name}`}
            checked={isSelected}
            onChange={() => undefined}
            onClick={(event) => onAct({ do: 'select', index, video, range: event.shiftKey })}
          />
        </label>
        <button
          type="button"
          data-dense=""
          tabIndex={-1}
          className={styles.open}
          onClick={() => onAct({ do: 'open', index, seq: video.seq })}
        >
          <Thumbnail listId={listId} video={video} />
          <span className="unseen">Open {name}</span>
        </button>
      </div>
      {columns.map((column, nth) => {
        const { field } = column;
        const isHere = at === nth;
        const edits = field !== null && field.id === edited;
        return (
          <div
            key={column.id}
            id={cellId({ row: index, column: nth })}
            role="gridcell"
            className={styles.cell}
            style={{ width: column.width }}
            data-here={isHere || undefined}
            data-editing={edits || undefined}
            data-column={column.id}
            data-number={column.compares === 'number' || column.compares === 'seconds' || undefined}
            onClick={() =>
              !edits &&
              onAct({ do: 'place', index, column: nth, edit: isHere && field !== null ? video : null })
            }
            onDoubleClick={() =>
              onAct(
                field === null
                  ? { do: 'open', index, seq: video.seq }
                  : { do: 'place', index, column: nth, edit: video },
              )
            }
          >
            {edits ? (
              <CellEditor
                field={field}
                value={video.cells[field.id]?.value ?? null}
                onKeep={(value) => onAct({ do: 'keep', video, field, value })}
                onLeave={(how) => onAct({ do: 'leave', video, field, how })}
              />
            ) : (
              <CellView video={video} column={column} />
            )}
          </div>
        );
      })}
    </div>
  );
});
