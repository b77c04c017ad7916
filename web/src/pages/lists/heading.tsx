/** The head of a column: sorting by a press, everything else in its menu; its edge sets the width, for a mouse. */
import { ActionIcon, Menu, Popover } from '@mantine/core';
import { memo, useRef, useState, type MouseEvent } from 'react';
import type { ProcessWish } from '#contract/processing.ts';
import type { VideoView } from '#contract/saved-videos.ts';
import { ColumnFilter } from './column-filter.tsx';
import type { Column, Columns } from './columns.ts';
import { sortedBy } from './view.ts';
import styles from './table.module.css';

type Props = {
  id: string;
  column: Column;
  isTabStop: boolean;
  columns: Columns;
  view: VideoView;
  onView: (change: Partial<VideoView>) => void;
  onProcess: (wish: ProcessWish, title: string) => void;
  onEditField: (fieldId: string) => void;
};

/** Its menus are the heaviest part of the table: it is made again only when what it shows changed. */
export const Heading = memo(function Heading(props: Props) {
  const { column, isTabStop, columns, view, onView } = props;
  const { id, label } = column;
  const [filtering, setFiltering] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  const place = view.sort.findIndex((each) => each.column === id);
  const sorted = view.sort[place]?.direction;
  const sort = (event: MouseEvent) => onView({ sort: sortedBy(view.sort, id, event.shiftKey) });
  const isFiltered = view.filters.some((each) => each.column === id);
  return (
    <div
      role="columnheader"
      className={styles.heading}
      style={{ width: column.width }}
      aria-sort={sorted === undefined ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
    >
      <button
        type="button"
        data-dense=""
        className={styles.sort}
        tabIndex={isTabStop ? 0 : -1}
        onClick={sort}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          menuButton.current?.click();
        }}
        title={`Sort by ${label}; with Shift also by it; ↓ for its menu`}
      >
        <span className={styles.words}>{label}</span>
        {sorted !== undefined && (
          <span aria-hidden="true">
            {sorted === 'asc' ? '↑' : '↓'}
            {view.sort.length > 1 && place + 1}
          </span>
        )}
      </button>
      <Popover
        opened={filtering}
        onChange={setFiltering}
        onClose={() => menuButton.current?.focus()}
        position="bottom-end"
        shadow="md"
        trapFocus
        // Where the window is lower than it is, it scrolls.
        middlewares={{ size: { padding: 8 } }}
        // What it stands at is no button; its button is that of the menu.
        withRoles={false}
      >
        <Popover.Target>
          <span>
            <Menu position="bottom-end" shadow="md" trapFocus returnFocus={!filtering}>
              <Menu.Target>
                <ActionIcon
                  ref={menuButton}
                  data-dense=""
                  className={styles.menu}
                  tabIndex={-1}
                  variant="subtle"
                  color="gray"
                  size={28}
                  aria-label={`Column ${label}`}
                  data-on={isFiltered || undefined}
                >
                  ⋮
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => setFiltering(true)}>Filter…</Menu.Item>
                {isFiltered && (
                  <Menu.Item
                    onClick={() => onView({ filters: view.filters.filter((each) => each.column !== id) })}
                  >
                    Show all again
                  </Menu.Item>
                )}
                <FieldItems {...props} />
                <Menu.Divider />
                <Menu.Item
                  closeMenuOnClick={false}
                  onClick={() => columns.resize(id, column.width + widthStep)}
                >
                  Wider
                </Menu.Item>
                <Menu.Item
                  closeMenuOnClick={false}
                  onClick={() => columns.resize(id, column.width - widthStep)}
                >
                  Narrower
                </Menu.Item>
                {id !== 'title' && (
                  <>
                    <Menu.Item onClick={() => columns.move(id, -1)}>Move left</Menu.Item>
                    <Menu.Item onClick={() => columns.move(id, 1)}>Move right</Menu.Item>
                    <Menu.Item onClick={() => columns.show(id, false)}>Hide</Menu.Item>
                  </>
                )}
              </Menu.Dropdown>
            </Menu>
          </span>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={`Filter by ${label}`} className={styles.filter}>
          <ColumnFilter
            listId={props.id}
            column={column}
            filters={view.filters}
            onFilters={(filters) => onView({ filters })}
          />
        </Popover.Dropdown>
      </Popover>
      <Edge column={column} onResize={(width) => columns.resize(id, width)} />
    </div>
  );
});

function FieldItems({ column: { field, label }, onProcess, onEditField }: Props) {
  if (field === null) return null;
  const run = (again: boolean, title: string) => onProcess({ what: 'field', field_id: field.id, again }, title);
  return (
    <>
      <Menu.Divider />
      <Menu.Item onClick={() => run(false, `Fill ${label}`)}>Fill what is empty or failed…</Menu.Item>
      <Menu.Item onClick={() => run(true, `Run ${label} again`)}>Run all of it again…</Menu.Item>
      <Menu.Item onClick={() => onEditField(field.id)}>Edit the field…</Menu.Item>
    </>
  );
}

const widthStep = 40;

function Edge({ column, onResize }: { column: Column; onResize: (width: number) => void }) {
  return (
    <span
      className={styles.edge}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.dataset['from'] = String(event.clientX - column.width);
      }}
      onPointerMove={(event) => {
        const from = event.currentTarget.dataset['from'];
        if (from !== undefined) onResize(event.clientX - Number(from));
      }}
      onPointerUp={(event) => delete event.currentTarget.dataset['from']}
    />
  );
}
