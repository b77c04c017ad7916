/** A form in a dialog that was typed into is not left, by Escape or by a button, without a question. */
import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import styles from './dialogs.module.css';

export type Leaving = {
  /** Goes there, or asks first. Escape at the question stays. */
  leave: (go: () => void) => void;
  /** Told by the form whenever it changes. */
  onTyped: (typed: boolean) => void;
  question: ReactNode;
};

export function useLeaving(): Leaving {
  // No state: Escape may come before anything is drawn again.
  const typed = useRef(false);
  const onTyped = useCallback((now: boolean) => void (typed.current = now), []);
  const [asked, setAsked] = useState<(() => void) | null>(null);
  const place = useRef<Element | null>(null);
  const stay = () => {
    setAsked(null);
    if (place.current instanceof HTMLElement) place.current.focus();
  };
  return {
    leave(go) {
      if (!typed.current) return go();
      if (asked !== null) return stay();
      place.current = document.activeElement;
      setAsked(() => go);
    },
    onTyped,
    question: asked !== null && (
      <Question
        onStay={stay}
        onLeave={() => {
          setAsked(null);
          asked();
        }}
      />
    ),
  };
}

/** For the form: nothing is typed any more once it is gone. */
export function useTyped(typed: boolean, onTyped: Leaving['onTyped']): void {
  useEffect(() => {
    onTyped(typed);
    return () => onTyped(false);
  }, [typed, onTyped]);
}

function Question({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <div className={styles.question} role="alertdialog" aria-label="What you typed is not kept yet">
      <p>What you typed is not kept yet.</p>
      <div className={styles.buttons}>
        <Button ref={first} variant="default" onClick={onStay}>
          Go on typing
        </Button>
        <Button color="red" onClick={onLeave}>
          Throw it away
        </Button>
      </div>
    </div>
  );
}
