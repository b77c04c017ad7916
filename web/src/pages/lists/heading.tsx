/** The head of a column: sorting by a press, everything else in its menu; its edge sets the width. */
import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ProcessWish, VideoFilter, VideoView } from '#contract/saved-videos.ts';
import { Icon } from '../../parts/icons.tsx';
import type { Column, Columns } from './columns.ts';
import { sortedBy } from './view.ts';
import styles from './table.module.css';

type Props = {
  column: Column;
  columns: Columns;
  view: VideoView;
  onView: (change: Partial<VideoView>) => void;
  onProcess: (wish: ProcessWish, title: string) => void;
  onEditField: (fieldId: string) => void;
};

export function Heading({ column, columns, view, onView, onProcess, onEditField }: Props) {
  const { id, label, field } = column;
  const sorted = view.sort.find((each) => each.column === id)?.direction;
  const sort = () => onView({ sort: sortedBy(view.sort, id) });
  const others = view.filters.filter((each) => each.column !== id);
  const filter = (test: VideoFilter['test'], values: string[]) =>
    onView({ filters: [...others, { column: id, test, values }] });
  return (
    <div
      role="columnheader"
      className={styles.heading}
      style={{ width: column.width }}
      aria-sort={sorted === undefined ? 'none' : sorted === 'asc' ? 'ascending' : 'descending'}
    >
      <button type="button" data-dense="" className={styles.sort} onClick={sort} title={`Sort by ${label}`}>
        <span className={styles.words}>{label}</span>
        {sorted !== undefined && <span aria-hidden="true">{sorted === 'asc' ? '↑' : '↓'}</span>}
      </button>
      <Menu position="bottom-end" withinPortal shadow="md" trapFocus returnFocus>
        <Menu.Target>
          <ActionIcon
            data-dense=""
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Column ${label}`}
            data-on={others.length < view.filters.length || undefined}
          >
            ⋮
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Contains onFind={(text) => filter('contains', [text])} label={label} />
          <Menu.Item onClick={() => filter('empty', [])}>Only where it is empty</Menu.Item>
          <Menu.Item onClick={() => filter('filled', [])}>Only where it is filled</Menu.Item>
          {field !== null && (
            <>
              <Menu.Item onClick={() => filter('failed', [])}>Only where it failed</Menu.Item>
              <Menu.Item onClick={() => filter('misfit', [])}>Only where it fits no longer</Menu.Item>
              {field.options.map((option) => (
                <Menu.Item key={option} onClick={() => filter('any_of', [option])}>
                  Only “{option}”
                </Menu.Item>
              ))}
            </>
          )}
          {others.length < view.filters.length && (
            <Menu.Item onClick={() => onView({ filters: others })}>Show all again</Menu.Item>
          )}
          <Menu.Divider />
          {field !== null && (
            <>
              <Menu.Item
                onClick={() => onProcess({ what: 'field', field_id: field.id, again: false }, `Fill ${label}`)}
              >
                Fill what is empty or failed…
              </Menu.Item>
              <Menu.Item
                onClick={() =>
                  onProcess({ what: 'field', field_id: field.id, again: true }, `Run ${label} again`)
                }
              >
                Run all of it again…
              </Menu.Item>
              <Menu.Item onClick={() => onEditField(field.id)}>Edit the field…</Menu.Item>
            </>
          )}
          {id !== 'title' && (
            <>
              <Menu.Item onClick={() => columns.move(id, -1)}>Move left</Menu.Item>
              <Menu.Item onClick={() => columns.move(id, 1)}>Move right</Menu.Item>
              <Menu.Item onClick={() => columns.show(id, false)}>Hide</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Edge column={column} onResize={(width) => columns.resize(id, width)} />
    </div>
  );
}

function Contains({ label, onFind }: { label: string; onFind: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      className={styles.contains}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onFind(text.trim());
      }}
    >
      <TextInput
        size="xs"
        aria-label={`${label} contains`}
        placeholder="Contains …"
        rightSection={<Icon name="search" size={14} />}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.stopPropagation()}
      />
    </form>
  );
}

const keyStep = 20;

/** Dragged, or moved by arrow keys. */
function Edge({ column, onResize }: { column: Column; onResize: (width: number) => void }) {
  return (
    <span
      className={styles.edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.label}`}
      aria-valuenow={column.width}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -keyStep, ArrowRight: keyStep }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onResize(column.width + by);
      }}
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
