import { useLayoutEffect, useRef, type RefObject } from 'react';
import { bandAt, type Band, type Section } from './layout.ts';

type Layout = { bands: readonly Band[]; sections: readonly Section[] };

/** The row at the top of the view stays there when bands above it get their real height or new days come in. */
export function useStay(
  scroller: RefObject<HTMLElement | null>,
  bands: readonly Band[],
  sections: readonly Section[],
): void {
  const held = useRef<Layout | null>(null);
  useLayoutEffect(() => {
    const before = held.current;
    held.current = { bands, sections };
    const element = scroller.current;
    if (before === null || element === null || before.bands === bands || element.scrollTop === 0) return;
    const top = topAfter(before, { bands, sections }, element.scrollTop);
    if (top !== null && top !== element.scrollTop) element.scrollTo({ top });
  }, [scroller, bands, sections]);
}

function topAfter(before: Layout, after: Layout, scrollTop: number): number | null {
  const band = before.bands[bandAt(before.bands, scrollTop)];
  const row = band?.rows.find(({ top, height }) => band.top + top + height > scrollTop);
  const spot = row?.spots[0];
  if (band === undefined || row === undefined || spot === undefined) return null;
  const day = before.sections[spot.section]?.day;
  for (const now of after.bands) {
    if (!now.heads.some((head) => after.sections[head.section]?.day === day)) continue;
    const same = now.rows.find(({ spots }) =>
      spots.some(({ section, index }) => index === spot.index && after.sections[section]?.day === day),
    );
    return same === undefined ? now.top : now.top + same.top + (scrollTop - band.top - row.top);
  }
  return null;
}
