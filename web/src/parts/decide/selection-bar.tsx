/** Slides up while something is selected, with all that can be decided for it. */
import { ActionIcon, Button, Popover } from '@mantine/core';
import { useState, type ComponentType, type ReactNode } from 'react';
import type { DecisionToMake } from '#contract/decisions.ts';
import { count, countOf } from '../../words/numbers.ts';
import { Icon } from '../icons.tsx';
import { DateEntry } from './date-entry.tsx';
import { useDecide, type Target } from './decisions.ts';
import { ShiftEntry } from './shift-entry.tsx';
import { TagEntry } from './tag-entry.tsx';
import { ZoneEntry } from './zone-entry.tsx';
import styles from './selection-bar.module.css';

type Props = {
  target: Target;
  size: number;
  /** How many the view holds in all, to select them beyond what is loaded; null when they are. */
  rest: { size: number; onSelectAll: () => void } | null;
  /** The selected ones lie among the discarded. */
  discarded: boolean;
  /** The page around has buttons of its own for accepting and discarding what is selected. */
  withoutVerdict?: boolean;
  /** What can be done with the selection besides deciding. */
  children?: ReactNode;
  onClear: () => void;
};

export function SelectionBar(props: Props) {
  const { target, size, rest, discarded, withoutVerdict = false, children, onClear } = props;
  const decide = useDecide();
  const make = (decision: DecisionToMake) => {
    decide.mutate({ target, decision });
    if (decision.kind !== 'tag') onClear();
  };
  return (
    <section className={styles.bar} aria-label="Selection">
      <span className={styles.size}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Select nothing" onClick={onClear}>
          <Icon name="cancel" size={18} />
        </ActionIcon>
        <b aria-live="polite">{countOf(size, 'selected', 'selected')}</b>
        {rest !== null && (
          <Button variant="subtle" size="compact-sm" onClick={rest.onSelectAll}>
            Select all {count(rest.size)}
          </Button>
        )}
      </span>
      <span className={styles.actions}>
        {!discarded && (
          <>
            {!withoutVerdict && (
              <Button size="sm" onClick={() => make({ kind: 'accept' })}>
                Accept
              </Button>
            )}
            <Opened name="Set date" entry={DateOnly} size={size} onSet={make} />
            <Opened name="Shift" entry={ShiftEntry} size={size} onSet={make} />
            <Opened name="Time zone" entry={ZoneEntry} size={size} onSet={make} />
            <Opened name="Tags" entry={TagEntry} size={size} onSet={make} />
          </>
        )}
        {!withoutVerdict && (
          <Button
            size="sm"
            variant="default"
            onClick={() => make({ kind: discarded ? 'restore' : 'discard' })}
            title={discarded ? undefined : 'Hidden and left out of exports; the files stay as they are'}
          >
            {discarded ? 'Restore' : 'Discard'}
          </Button>
        )}
        {children}
      </span>
    </section>
  );
}

type EntryProps = { size: number; onSet: (decision: DecisionToMake) => void };

export function DateOnly({ size, onSet }: EntryProps) {
  return (
    <div className={styles.date}>
      <DateEntry size={size} forAll={null} onSet={onSet} autoFocus />
    </div>
  );
}

/** A button that opens one of the entries. */
export function Opened(
  props: EntryProps & { name: string; entry: ComponentType<EntryProps>; below?: boolean },
) {
  const [opened, setOpened] = useState(false);
  const Entry = props.entry;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position={props.below ? 'bottom' : 'top'}
      withArrow
      shadow="md"
      trapFocus
      returnFocus
      middlewares={{ flip: true, shift: { padding: 8 } }}
    >
      <Popover.Target>
        <Button
          size={props.below ? 'xs' : 'sm'}
          variant="default"
          onClick={() => setOpened((before) => !before)}
        >
          {props.name}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={props.name}>
        <Entry
          size={props.size}
          onSet={(decision) => {
            setOpened(false);
            props.onSet(decision);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
