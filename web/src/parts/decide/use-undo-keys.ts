/** Ctrl+Z and Ctrl+Shift+Z everywhere; `z` and Shift+`z` too, where a page gives that letter no other meaning. */
import { useEffect } from 'react';
import { isForPage } from '../keys.tsx';
import { useUndo } from './decisions.ts';

export function useUndoKeys(letters: 'with plain z' | 'with Ctrl only'): void {
  const { mutate } = useUndo();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || event.altKey || event.repeat || isTyping(event)) return;
      const withControl = event.ctrlKey || event.metaKey;
      if (withControl !== (letters === 'with Ctrl only')) return;
      if (!withControl && !isForPage(event)) return;
      event.preventDefault();
      mutate(event.shiftKey ? 'redo' : 'undo');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [letters, mutate]);
}

/** In a field Ctrl+Z takes back letters. */
function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null;
}
