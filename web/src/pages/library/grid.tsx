/** The grid: only the rows on view and one screen around them are in the document, whatever the library's length. */
import { useNavigate, useRouter } from '@tanstack/react-router';
import {
  memo,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import type { Timeline } from '#contract/library.ts';
import { isSelected, type Selection } from '../../parts/decide/use-selection.ts';
import { FailureLine } from '../../parts/states.tsx';
import { dayHeading, dateWords } from '../../words/dates.ts';
import { count } from '../../words/numbers.ts';
import { bandAt, layOut, type Band, type Place, type Section } from './layout.ts';
import type { LibraryView } from './library-context.ts';
import { Scrubber } from './scrubber.tsx';
import { Tile, TileSkeleton } from './tile.tsx';
import { placeOf, useGridKeys } from './use-grid-keys.ts';
import type { GridSelection } from './use-grid-selection.ts';
import { useScroll } from './use-scroll.ts';
import { useStay } from './use-stay.ts';
import type { Tiles } from './use-tiles.ts';
import styles from './grid.module.css';

export type GridProps = {
  view: LibraryView;
  chosen: GridSelection;
  timeline: Timeline | null;
  fault: unknown;
  retry: () => void;
  covered: boolean;
};

/** Spans are asked for when scrolling has rested this long, so that a drag across ten years asks for none of them. */
const restMs = 90;

export function Grid({ view, chosen, timeline, fault, retry, covered }: GridProps) {
  const { sections, spans, tiles, want } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const { top, height, width } = useScroll(scroller);
  const measures = useMemo(() => ({ width, rowHeight: width < 600 ? 112 : 180 }), [width]);
  const bands = useMemo(() => layOut(sections, tiles, measures), [sections, tiles, measures]);
  const total = (bands.at(-1)?.top ?? 0) + (bands.at(-1)?.height ?? 0);

  const firstBand = bandAt(bands, top - height);
  const lastBand = bandAt(bands, top + 2 * height);
  const visible = bands.slice(firstBand, lastBand + 1);
  const firstSection = visible[0]?.heads[0]?.section;
  const lastSection = visible.at(-1)?.heads.at(-1)?.section;
  const wanted = useRef(false);
  useEffect(() => {
    if (firstSection === undefined || lastSection === undefined || covered || width === 0) return undefined;
    const timer = window.setTimeout(
      () => {
        wanted.current = true;
        want(spans.filter((span) => span.last >= firstSection && span.first <= lastSection));
      },
      // The first pictures wait for nothing.
      wanted.current ? restMs : 0,
    );
    return () => window.clearTimeout(timer);
  }, [spans, firstSection, lastSection, want, covered, width]);

  const atTop = sections[bands[bandAt(bands, top)]?.heads[0]?.section ?? -1];
  useStay(scroller, bands, sections);
  useDayInAddress(scroller, bands, sections, atTop, covered);
  const { active, setActive } = useGridKeys({ scroller, bands, covered, chosen });
  const openTile = useOpenTile(setActive, chosen);
  const rest = useRestingFinger(chosen);
  const jump = useCallback(
    (section: number) => {
      const band = bands.find(({ heads }) => heads.some((head) => head.section === section));
      if (band !== undefined) scroller.current?.scrollTo({ top: band.top });
    },
    [bands],
  );
  const focusable = active ?? visible.find((band) => band.top >= top)?.rows[0]?.spots[0] ?? null;

  return (
    <div className={styles.whole}>
      <div
        ref={scroller}
        className={styles.scroller}
        tabIndex={-1}
        data-selecting={chosen.chosen.any || undefined}
        onClick={openTile}
        {...rest}
      >
        <div className={styles.sheet} style={{ height: total }}>
          {width > 0 &&
            visible.map((band) => (
              <BandView
                key={String(sections[band.heads[0]?.section ?? 0]?.day)}
                band={band}
                sections={sections}
                tiles={tiles}
                selection={chosen.chosen.selection}
                from={top - height - band.top}
                to={top + 2 * height - band.top}
                focusable={band.heads.some((head) => head.section === focusable?.section) ? focusable : null}
              />
            ))}
        </div>
      </div>
      <Scrubber sections={sections} timeline={timeline} current={atTop ?? null} onJump={jump} />
      {fault !== null && (
        <div className={styles.fault}>
          <FailureLine error={fault} retry={retry} />
        </div>
      )}
    </div>
  );
}

type BandProps = {
  band: Band;
  sections: readonly Section[];
  tiles: Tiles;
  selection: Selection;
  from: number;
  to: number;
  focusable: { section: number; index: number } | null;
};

const BandView = memo(function BandView(props: BandProps) {
  const { band, sections, tiles, selection, from, to, focusable } = props;
  const alone = band.heads.length === 1;
  return (
    <section className={styles.band} style={{ top: band.top, height: band.height }}>
      <header className={styles.heads}>
        {band.heads.map((head) => (
          <DayHead
            key={head.section}
            section={sections[head.section]}
            left={head.left}
            width={head.width}
            long={alone}
          />
        ))}
      </header>
      {band.rows
        .filter((row) => row.top + row.height > from && row.top < to)
        .map((row) =>
          row.spots.map((spot) => {
            const tile = tiles.get(sections[spot.section]?.day ?? null)?.[spot.index];
            const box = { left: spot.left, top: row.top, width: spot.width, height: row.height };
            return tile === undefined ? (
              <TileSkeleton key={`${spot.section} ${spot.index}`} box={box} />
            ) : (
              <Tile
                key={tile.id}
                tile={tile}
                selected={isSelected(selection, tile.id)}
                box={box}
                place={spot}
                focusable={focusable?.section === spot.section && focusable.index === spot.index}
              />
            );
          }),
        )}
    </section>
  );
});

function DayHead(props: { section: Section | undefined; left: number; width: number; long: boolean }) {
  if (props.section === undefined) return null;
  const { day, count: size } = props.section;
  const whole = dayHeading(day);
  const short = day === null || day.length < 'YYYY-MM-DD'.length ? whole : dateWords(day, 'short');
  return (
    <h2 className={styles.head} style={{ left: props.left, width: props.width }} title={whole}>
      {props.long && props.width > 300 ? whole : short}
      {size > 1 && <span className={styles.count}>{count(size)}</span>}
    </h2>
  );
}

/** The day at the top is kept in the address, and an address that names a day opens there. */
function useDayInAddress(
  scroller: RefObject<HTMLDivElement | null>,
  bands: readonly Band[],
  sections: readonly Section[],
  atTop: Section | undefined,
  covered: boolean,
): void {
  const navigate = useNavigate({ from: '/library' });
  const router = useRouter();
  const opened = useRef(false);
  useLayoutEffect(() => {
    if (opened.current || bands.length === 0) return;
    opened.current = true;
    const at = new URLSearchParams(router.history.location.search).get('at');
    const wanted = sections.findIndex((section) => nameOf(section) === at);
    const band =
      at === null ? undefined : bands.find(({ heads }) => heads.some((head) => head.section === wanted));
    if (band !== undefined) scroller.current?.scrollTo({ top: band.top });
  }, [scroller, bands, sections, router]);

  const name = atTop === undefined ? undefined : nameOf(atTop);
  const isFirst = atTop === sections[0];
  useEffect(() => {
    if (covered || name === undefined) return undefined;
    const timer = window.setTimeout(() => {
      const at = isFirst ? undefined : name;
      if (router.state.location.pathname !== '/library') return;
      void navigate({ search: (search) => ({ ...search, at }), replace: true, resetScroll: false });
    }, 400);
    return () => window.clearTimeout(timer);
  }, [name, isFirst, covered, navigate, router]);
}

function nameOf(section: Section): string {
  return section.day ?? 'none';
}

/**
 * One handler for all tiles: a plain click opens in the page, Ctrl or the mark selects, Shift selects up to here; the
 * middle button is the browser's. While something is selected a finger selects too.
 */
function useOpenTile(setActive: (place: Place) => void, chosen: GridSelection) {
  const navigate = useNavigate({ from: '/library' });
  return (event: MouseEvent) => {
    const target = event.target as Element;
    const link = target.closest<HTMLElement>('[data-asset]');
    const assetId = link?.dataset['asset'];
    if (link === null || assetId === undefined || event.button !== 0) return;
    event.preventDefault();
    const place = { section: Number(link.dataset['section']), index: Number(link.dataset['index']) };
    setActive(place);
    const byFinger =
      (event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch' && chosen.chosen.any;
    if (event.shiftKey) return void chosen.selectTo(place);
    if (event.metaKey || event.ctrlKey || byFinger || target.closest('[data-mark]') !== null) {
      return chosen.toggleAt(place);
    }
    chosen.beginAt(place);
    void navigate({ to: '/library/$assetId', params: { assetId }, search: (search) => search });
  };
}

const restingMs = 450;
const restingPixels = 10;

/** A finger that rests on a tile selects it; the click that follows is not meant. */
function useRestingFinger(chosen: GridSelection) {
  const timer = useRef(0);
  const began = useRef({ x: 0, y: 0 });
  const selected = useRef(false);
  const stop = () => window.clearTimeout(timer.current);
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      selected.current = false;
      stop();
      const place = placeOf((event.target as Element).closest('[data-asset]'));
      if (event.pointerType !== 'touch' || place === null || chosen.chosen.any) return;
      began.current = { x: event.clientX, y: event.clientY };
      timer.current = window.setTimeout(() => {
        selected.current = true;
        chosen.toggleAt(place);
      }, restingMs);
    },
    onPointerMove({ clientX, clientY }: PointerEvent<HTMLElement>) {
      const { x, y } = began.current;
      if (Math.hypot(clientX - x, clientY - y) > restingPixels) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onClickCapture(event: MouseEvent) {
      if (!selected.current) return;
      selected.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
    onContextMenu(event: MouseEvent) {
      if ((event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch') event.preventDefault();
    },
  };
}
