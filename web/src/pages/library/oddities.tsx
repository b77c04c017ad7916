/** What looks wrong about the timeline, in words: too many on one day, nothing for a long time. Each leads there. */
import { ActionIcon, Popover } from '@mantine/core';
import { useState } from 'react';
import { Icon } from '../../parts/icons.tsx';
import { countOf } from '../../words/numbers.ts';
import type { Oddity } from './months.ts';
import styles from './oddities.module.css';

export function Oddities({
  oddities,
  onJump,
}: {
  oddities: readonly Oddity[];
  onJump: (section: number) => void;
}) {
  const [opened, setOpened] = useState(false);
  const peaks = oddities.filter(({ kind }) => kind === 'peak').length;
  const name = [
    peaks > 0 ? countOf(peaks, 'day with very many', 'days with very many') : null,
    peaks < oddities.length ? countOf(oddities.length - peaks, 'gap', 'gaps') : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="left-start"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className={peaks > 0 ? styles.warn : undefined}
          aria-label={`Timeline: ${name}`}
          title={name}
          onClick={() => setOpened((before) => !before)}
        >
          <Icon name={peaks > 0 ? 'warning' : 'gap'} size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="What looks odd">
        <ul className={styles.list}>
          {oddities.map(({ kind, sentence, section }) => (
            <li key={sentence}>
              <button
                type="button"
                className={styles.line}
                onClick={() => {
                  setOpened(false);
                  onJump(section);
                }}
              >
                <span className={kind === 'peak' ? styles.warn : styles.soft}>
                  <Icon name={kind === 'peak' ? 'warning' : 'gap'} size={16} />
                </span>
                {sentence}
              </button>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
