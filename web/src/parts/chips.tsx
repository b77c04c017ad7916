/** Filters as chips: one that is on or off, one that is chosen and can be removed, one that offers a list to pick from. */
import { CloseButton, Popover, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { count } from '../words/numbers.ts';
import styles from './chips.module.css';

export function Chip(props: { pressed: boolean; onPress: (pressed: boolean) => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className={styles.chip}
      aria-pressed={props.pressed}
      onClick={() => props.onPress(!props.pressed)}
    >
      {props.children}
    </button>
  );
}

/** `remove` is the name of its button. */
export function ChosenChip(props: { remove: string; onRemove: () => void; children: ReactNode }) {
  return (
    <span className={styles.chip} data-pressed="">
      {props.children}
      <CloseButton size="xs" data-dense="" aria-label={props.remove} onClick={props.onRemove} />
    </span>
  );
}

export type PickItem = { value: string; label: string; count: number };

type PickProps = {
  name: string;
  /** What its field for typing is called. */
  find: string;
  chosen: string | undefined;
  onChange: (value: string | undefined) => void;
  /** What fits `typed`, most often first; undefined until it is known. */
  items: readonly PickItem[] | undefined;
  typed: string;
  onType: (typed: string) => void;
  /** Said where nothing fits. */
  none: string;
};

const itemsShown = 30;

/** Not there at all while there is nothing to choose from. */
export function PickChip({ name, find, chosen, onChange, items, typed, onType, none }: PickProps) {
  const [opened, setOpened] = useState(false);
  if (chosen !== undefined) {
    return (
      <ChosenChip remove={`Remove the filter by ${name.toLowerCase()}`} onRemove={() => onChange(undefined)}>
        {chosen}
      </ChosenChip>
    );
  }
  const fitting = items ?? [];
  if (fitting.length === 0 && typed === '' && !opened) return null;
  const choose = (value: string | undefined) => {
    if (value === undefined) return;
    setOpened(false);
    onType('');
    onChange(value);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={styles.chip} onClick={() => setOpened((before) => !before)}>
          {name}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <div className={styles.items}>
          <TextInput
            aria-label={find}
            placeholder={find}
            value={typed}
            maxLength={100}
            onChange={(event) => onType(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') choose(fitting[0]?.value);
            }}
            data-autofocus
          />
          {fitting.slice(0, itemsShown).map((item) => (
            <button key={item.value} type="button" className={styles.item} onClick={() => choose(item.value)}>
              {item.label} <span className={styles.count}>{count(item.count)}</span>
            </button>
          ))}
          {items?.length === 0 && <p className={styles.none}>{none}</p>}
          {fitting.length > itemsShown && (
            <p className={styles.none}>and {count(fitting.length - itemsShown)} more</p>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
