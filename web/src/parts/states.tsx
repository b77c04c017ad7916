/** The designed states that every view shares: nothing here yet, it failed, no such address. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api.ts';
import { Icon, type IconName } from './icons.tsx';
import styles from './states.module.css';

/** What this place is for, and the button that fills it. */
export function Empty(props: { icon: IconName; title: string; children: ReactNode; action: ReactNode }) {
  return (
    <section className={styles.state}>
      <span className={styles.sign}>
        <Icon name={props.icon} size={32} />
      </span>
      <h2 className={styles.title}>{props.title}</h2>
      <p className={styles.text}>{props.children}</p>
      {props.action}
    </section>
  );
}

/** What happened, what to do, and the way to try again. `what` completes "… could not be loaded". */
export function Failure(props: { what: string; error: unknown; retry: (() => void) | null }) {
  return (
    <section className={styles.state} role="alert">
      <span className={styles.sign} data-bad="">
        <Icon name="warning" size={32} />
      </span>
      <h2 className={styles.title}>{props.what} could not be loaded</h2>
      <p className={styles.text}>{sentenceOf(props.error)}</p>
      {props.retry !== null && (
        <Button variant="default" leftSection={<Icon name="retry" size={16} />} onClick={props.retry}>
          Try again
        </Button>
      )}
    </section>
  );
}

/** The same in one line, for a part of a page. */
export function FailureLine(props: { error: unknown; retry: (() => void) | null }) {
  return (
    <p className={styles.line} role="alert">
      <Icon name="warning" size={16} />
      <span>{sentenceOf(props.error)}</span>
      {props.retry !== null && (
        <Button size="compact-sm" variant="default" onClick={props.retry}>
          Try again
        </Button>
      )}
    </p>
  );
}

export function NotFound() {
  return (
    <Empty
      icon="search"
      title="There is no such page"
      action={<Button renderRoot={(root) => <Link to="/library" {...root} />}>Open the library</Button>}
    >
      The address may be mistyped, or it belongs to something that is gone.
    </Empty>
  );
}
