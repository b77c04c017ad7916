/** Arrows, Home and End move from tile to tile, across rows and days; Enter is the tile's own, it is a link. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { isForPage } from '../../parts/keys.tsx';
import type { GridSelection } from './use-grid-selection.ts';
import { headHeight, moved, type Band, type Move, type Place } from './layout.ts';

const moves: Record<string, Move> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

type Wanted = {
  scroller: RefObject<HTMLElement | null>;
  bands: readonly Band[];
  covered: boolean;
  chosen: GridSelection;
};

export function useGridKeys({ scroller, bands, covered, chosen }: Wanted) {
  const [active, setActive] = useState<Place | null>(null);
  /** The tile moved to may not be in the document yet; it is focused as soon as it is. */
  const toFocus = useRef<Place | null>(null);

  useEffect(() => {
    if (covered) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const move = moves[event.key];
      const element = scroller.current;
      const place = placeOf(document.activeElement) ?? active;
      if (element === null) return;
      if (selects(event, place, chosen)) return event.preventDefault();
      if (move === undefined || !isForPage(event)) return;
      const target = event.target as Element;
      if (target !== document.body && !element.contains(target)) return;
      const next = place === null ? firstOnView(bands, element.scrollTop) : moved(bands, place, move);
      event.preventDefault();
      if (next === null) return;
      if (event.shiftKey) {
        if (place !== null && !chosen.chosen.any) chosen.beginAt(place);
        void chosen.selectTo(next);
      }
      setActive({ section: next.section, index: next.index });
      toFocus.current = next;
      scrollTo(element, bands, next);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [scroller, bands, active, covered, chosen]);

  // Every render, on purpose: the tile appears in one of those that follow the scrolling, and while bands get their
  // real heights it may leave the document again and take the focus with it. It is held until the person does
  // something else.
  useEffect(() => {
    const place = toFocus.current;
    const element = scroller.current;
    if (place === null || element === null || covered) return;
    const tile = elementAt(element, place);
    const held = document.activeElement;
    if (tile !== null && tile === held) return;
    if (held !== null && held !== document.body && !element.contains(held)) {
      // The focus was moved elsewhere without a key or a pointer, as screen readers do.
      toFocus.current = null;
      return;
    }
    scrollTo(element, bands, place);
    tile?.focus({ preventScroll: true });
  });
  useEffect(() => {
    const letGo = (event: Event) => {
      if (!(event instanceof KeyboardEvent && event.key in moves)) toFocus.current = null;
    };
    const deeds = ['keydown', 'pointerdown', 'wheel', 'touchmove'] as const;
    for (const deed of deeds) window.addEventListener(deed, letGo, { capture: true, passive: true });
    return () => {
      for (const deed of deeds) window.removeEventListener(deed, letGo, { capture: true });
    };
  }, []);

  // Coming back from a picture, the focus returns to its tile.
  const wasCovered = useRef(covered);
  useEffect(() => {
    if (wasCovered.current && !covered && active !== null) toFocus.current = active;
    wasCovered.current = covered;
    const tile = toFocus.current === null ? null : elementAt(scroller.current, toFocus.current);
    tile?.focus({ preventScroll: true });
  }, [covered, active, scroller]);

  return { active, setActive };
}

/** `x` selects the tile in focus, Ctrl+A all, Escape none. True when the key was one of these. */
function selects(event: KeyboardEvent, place: Place | null, { chosen, toggleAt }: GridSelection): boolean {
  if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
    if ((event.target as Element).closest('input, textarea, [role="dialog"]') !== null) return false;
    chosen.selectAll();
    return true;
  }
  if (!isForPage(event)) return false;
  if (event.key === 'x' && place !== null) toggleAt(place);
  else if (event.key === 'Escape' && chosen.any) chosen.clear();
  else return false;
  return true;
}

function elementAt(scroller: HTMLElement | null, place: Place): HTMLElement | null {
  const found = scroller?.querySelector<HTMLElement>(
    `[data-section="${place.section}"][data-index="${place.index}"]`,
  );
  return found ?? null;
}

/** Which tile an element is. */
export function placeOf(element: Element | null): Place | null {
  if (!(element instanceof HTMLElement)) return null;
  const { section, index } = element.dataset;
  return section === undefined || index === undefined
    ? null
    : { section: Number(section), index: Number(index) };
}

function firstOnView(bands: readonly Band[], top: number): Place | null {
  return bands.find((band) => band.top >= top - 1)?.rows[0]?.spots[0] ?? null;
}

function scrollTo(scroller: HTMLElement, bands: readonly Band[], place: Place): void {
  const margin = 12;
  for (const band of bands) {
    if (!band.heads.some((head) => head.section === place.section)) continue;
    const row = band.rows.find(({ spots }) =>
      spots.some((spot) => spot.section === place.section && spot.index === place.index),
    );
    if (row === undefined) return;
    const top = band.top + row.top - headHeight - margin;
    const bottom = band.top + row.top + row.height + margin;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = bottom - scroller.clientHeight;
    return;
  }
}
