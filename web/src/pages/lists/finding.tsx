/** What of the list is in sight: a search, filters as chips, columns; and the way out as a file. */
import { Button, Menu } from '@mantine/core';
import { type List } from '#contract/lists.ts';
import { viewQuery, type VideoFilter, type VideoView } from '#contract/saved-videos.ts';
import { listFileOf } from '../../api.ts';
import { Chip, ChosenChip } from '../../parts/chips.tsx';
import { goToGrid } from '../../parts/go-to-grid.ts';
import { Icon } from '../../parts/icons.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { countOf } from '../../words/numbers.ts';
import type { Columns } from './columns.ts';
import { filterWords } from './filter-words.ts';
import { isNarrowed } from './view.ts';
import styles from './list-page.module.css';

type Props = {
  list: List;
  view: VideoView;
  columns: Columns;
  total: number;
  onView: (change: Partial<VideoView>) => void;
};

export function Finding({ list, view, columns, total, onView }: Props) {
  const columnOf = (id: string) => columns.all.find((column) => column.id === id);
  /** By a button that is gone once it was pressed. */
  const change = (to: Partial<VideoView>) => {
    onView(to);
    goToGrid();
  };
  return (
    <div className={styles.finding} role="search" aria-label="Find in the list">
      <SearchField
        className={styles.search}
        label="Find a part of a title, channel or value"
        placeholder="Title, channel or value"
        text={view.text}
        onSearch={(text) => onView({ text })}
      />
      {view.filters.map((filter) => {
        const words = filterWords(filter, columnOf(filter.column));
        return (
          <ChosenChip
            key={JSON.stringify(filter)}
            remove={`Remove the filter “${words}”`}
            onRemove={() => change({ filters: view.filters.filter((each) => each !== filter) })}
          >
            <span className={styles.filter}>{words}</span>
          </ChosenChip>
        );
      })}
      {list.states.failed > 0 && !view.filters.some(({ column }) => column === 'state') && (
        <Chip pressed={false} onPress={() => change({ filters: [...view.filters, failedVideos] })}>
          Failed videos
        </Chip>
      )}
      {isNarrowed(view) && (
        <Button variant="subtle" size="compact-sm" onClick={() => change({ text: undefined, filters: [] })}>
          Show everything
        </Button>
      )}
      <output className={isNarrowed(view) ? styles.about : 'unseen'}>
        {countOf(total, 'video', 'videos')}
      </output>
      <span className={styles.right}>
        <ColumnsMenu columns={columns} />
        {(['csv', 'json'] as const).map((format) => (
          <Button
            key={format}
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={14} />}
            renderRoot={(root) => <a {...root} href={listFileOf(list.id, format, viewQuery(view))} download />}
          >
            {format.toUpperCase()}
          </Button>
        ))}
      </span>
    </div>
  );
}

/** What a person would look for first. */
const failedVideos: VideoFilter = { column: 'state', test: 'any_of', values: ['failed'] };

function ColumnsMenu({ columns }: { columns: Columns }) {
  return (
    <Menu shadow="md" position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" size="xs">
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        {columns.all
          .filter(({ id }) => id !== 'title')
          .map((column) => (
            <Menu.Item
              key={column.id}
              role="menuitemcheckbox"
              aria-checked={column.shown}
              leftSection={<span aria-hidden="true">{column.shown ? '✓' : ' '}</span>}
              onClick={() => columns.show(column.id, !column.shown)}
            >
              {column.label}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
