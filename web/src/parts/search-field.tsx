/**
 * The search of a page: `/` goes to it, and what is typed takes effect when the typing rests, or with Enter. Enter, ↓ and
 * Escape go on to the table.
 */
import { CloseButton, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { searchCharacters } from '#contract/page.ts';
import { goToGrid } from './go-to-grid.ts';
import { Icon } from './icons.tsx';
import { isForPage } from './keys.tsx';

type Props = {
  label: string;
  placeholder: string;
  text: string | undefined;
  /** Undefined where the field is empty. */
  onSearch: (text: string | undefined) => void;
  className: string | undefined;
};

const searchDelayMs = 250;

export function SearchField({ label, placeholder, text, onSearch, className }: Props) {
  const [typed, setTyped] = useState(text ?? '');
  const input = useRef<HTMLInputElement>(null);
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });

  // The address may change from elsewhere: back, or "Show everything".
  const [shown, setShown] = useState(text);
  if (shown !== text) {
    setShown(text);
    if ((text ?? '') !== typed.trim()) setTyped(text ?? '');
  }

  const wanted = typed.trim() === '' ? undefined : typed.trim();
  useEffect(() => {
    if (wanted === text) return undefined;
    const timer = window.setTimeout(() => search.current(wanted), searchDelayMs);
    return () => window.clearTimeout(timer);
  }, [wanted, text]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || !isForPage(event)) return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <TextInput
      ref={input}
      className={className}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        typed === '' ? null : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => setTyped('')} />
        )
      }
      value={typed}
      maxLength={searchCharacters}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (!['Enter', 'ArrowDown', 'Escape'].includes(event.key) || event.nativeEvent.isComposing) return;
        event.preventDefault();
        if (event.key === 'Enter' && wanted !== text) onSearch(wanted);
        if (!goToGrid() && event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
