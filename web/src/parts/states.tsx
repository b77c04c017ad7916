/** The designed states that every view shares: nothing here yet, it failed, no such address. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api.ts';
import { Icon, type IconName } from './icons.tsx';
import styles from './states.module.css';

/** 1 where it stands for the whole page, 2 below the heading of a page. */
type StateProps = { level: 1 | 2 };

function Heading({ level, children }: StateProps & { children: ReactNode }) {
  const Level = level === 1 ? 'h1' : 'h2';
  return <Level className={styles.title}>{children}</Level>;
}

/** What this place is for, and the button that fills it. */
export function Empty(
  props: StateProps & { icon: IconName; title: string; children: ReactNode; action: ReactNode },
) {
  return (
    <section className={styles.state}>
      <span className={styles.sign}>
        <Icon name={props.icon} size={32} />
      </span>
      <Heading level={props.level}>{props.title}</Heading>
      <p className={styles.text}>{props.children}</p>
      {props.action}
    </section>
  );
}

/** What happened, what to do, and the way to try again. `what` completes "… could not be loaded". */
export function Failure(props: StateProps & { what: string; error: unknown; retry: (() => void) | null }) {
  return (
    <section className={styles.state} role="alert">
      <span className={styles.sign} data-bad="">
        <Icon name="warning" size={32} />
      </span>
      <Heading level={props.level}>{props.what} could not be loaded</Heading>
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

/** A page that failed while it was drawn, in its frame, so that every other page can still be reached. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <section className={styles.state} role="alert">
      <span className={styles.sign} data-bad="">
        <Icon name="warning" size={32} />
      </span>
      <Heading level={1}>This page could not be shown</Heading>
      <p className={styles.text}>
        That is a fault of Daybook; nothing of yours is changed or lost by it. If it comes back, reload the
        page, and report it with these words: {sentenceOf(error)}
      </p>
      <Button variant="default" leftSection={<Icon name="retry" size={16} />} onClick={reset}>
        Try again
      </Button>
    </section>
  );
}

export function NotFound() {
  return (
    <Empty
      level={1}
      icon="search"
      title="There is no such page"
      action={<Button renderRoot={(root) => <Link to="/library" {...root} />}>Open the library</Button>}
    >
      The address may be mistyped, or it belongs to something that is gone.
    </Empty>
  );
}
