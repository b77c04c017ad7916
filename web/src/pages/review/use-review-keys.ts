import { useEffect, useRef } from 'react';
import { isForPage } from '../../parts/keys.tsx';

export type ReviewActions = {
  step: (by: number, extending: boolean) => void;
  accept: () => void;
  acceptAll: (() => void) | null;
  choose: (digit: number, forAll: boolean) => void;
  typeDate: () => void;
  select: () => void;
  selectAll: () => void;
  clear: (() => void) | null;
  discard: () => void;
};

/** The keys of the review page, as `?` shows them. Enter on a button stays the button's own. */
export function useReviewKeys(actions: ReviewActions): void {
  const newest = useRef(actions);
  useEffect(() => {
    newest.current = actions;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = meaningOf(event, newest.current);
      if (act === null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function meaningOf(event: KeyboardEvent, actions: ReviewActions): (() => void) | null {
  if ((event.ctrlKey || event.metaKey) && event.key === 'a' && !isTyping(event)) return actions.selectAll;
  if (!isForPage(event)) return null;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit !== undefined) return () => actions.choose(Number(digit), event.shiftKey);
  switch (event.key) {
    case 'ArrowLeft':
      return () => actions.step(-1, event.shiftKey);
    case 'ArrowRight':
      return () => actions.step(1, event.shiftKey);
    case 'Enter':
      // A decision made by a key that is still held down would settle one picture after another.
      if (event.repeat || isOnButton(event)) return null;
      return event.shiftKey ? actions.acceptAll : actions.accept;
    case 'd':
      return actions.typeDate;
    case 'x':
      return actions.select;
    case 'Escape':
      return actions.clear;
    case 'Delete':
      return event.repeat ? null : actions.discard;
    default:
      return null;
  }
}

/** Buttons that only move through the queue and the strip leave Enter to the page. */
function isOnButton({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('button:not([data-moves]), a') !== null;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, [contenteditable], [role="dialog"]') !== null
  );
}
