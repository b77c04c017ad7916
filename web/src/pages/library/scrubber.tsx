/**
 * The whole library as a strip: one line a month, newest at the top, as long as the month has pictures, so that gaps
 * and peaks can be seen. Drag or press to jump.
 */
import { memo, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Timeline } from '#contract/library.ts';
import { dateWords } from '../../words/dates.ts';
import { count, countOf } from '../../words/numbers.ts';
import type { Section } from './layout.ts';
import { monthsOf, odditiesOf, yearLabels, type Month } from './months.ts';
import { Oddities } from './oddities.tsx';
import styles from './scrubber.module.css';

type Props = {
  sections: readonly Section[];
  timeline: Timeline | null;
  current: Section | null;
  onJump: (section: number) => void;
};

export function Scrubber({ sections, timeline, current, onJump }: Props) {
  const months = useMemo(() => monthsOf(sections), [sections]);
  const strip = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const oddities = useMemo(() => odditiesOf(timeline, months, sections), [timeline, months, sections]);
  const at = useMemo(() => placeOf(months, current), [months, current]);
  if (months.length < 2) return null;
  const here = months[at];
  const shown = pointed === null ? undefined : months[pointed];

  const monthUnder = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    if (box === undefined || box.height === 0) return 0;
    const share = (event.clientY - box.top) / box.height;
    return Math.max(0, Math.min(months.length - 1, Math.floor(share * months.length)));
  };
  const point = (event: PointerEvent) => {
    const index = monthUnder(event);
    setPointed(index);
    const target = months[index];
    if (event.buttons === 1 && target !== undefined) onJump(target.section);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    let next = Math.max(0, Math.min(months.length - 1, at + step));
    // Months without pictures are passed over, or the key would seem to do nothing.
    while (months[next]?.count === 0 && months[next + Math.sign(step)] !== undefined) next += Math.sign(step);
    const target = months[next];
    if (target !== undefined) onJump(target.section);
  };

  return (
    <div className={styles.side}>
      {oddities.length > 0 && <Oddities oddities={oddities} onJump={onJump} />}
      {/* A library of a few months gets a short strip rather than a few far-off lines. */}
      <div className={styles.place} style={{ maxHeight: 20 * months.length }}>
        <div
          ref={strip}
          className={styles.strip}
          role="slider"
          tabIndex={0}
          aria-label="Jump to a month"
          aria-orientation="vertical"
          aria-valuemin={0}
          aria-valuemax={months.length - 1}
          aria-valuenow={at}
          aria-valuetext={here === undefined ? undefined : monthWords(here)}
          onKeyDown={onKey}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            point(event);
          }}
          onPointerMove={point}
          onPointerLeave={() => setPointed(null)}
        >
          <Months months={months} />
          <span className={styles.here} style={{ top: `${(100 * at) / months.length}%` }} />
          {shown !== undefined && pointed !== null && (
            <span className={styles.label} style={{ top: `${(100 * (pointed + 0.5)) / months.length}%` }}>
              {monthWords(shown)} <small>{shown.count === 0 ? 'nothing' : count(shown.count)}</small>
            </span>
          )}
        </div>
        {oddities.map((oddity) => (
          <button
            key={oddity.sentence}
            type="button"
            className={styles[oddity.kind]}
            // The list above says the same to the keyboard and to screen readers.
            tabIndex={-1}
            aria-hidden="true"
            data-dense=""
            title={oddity.sentence}
            style={{
              top: `${(100 * oddity.from) / months.length}%`,
              height: `${(100 * (oddity.to - oddity.from)) / months.length}%`,
            }}
            onClick={() => onJump(oddity.section)}
          />
        ))}
      </div>
    </div>
  );
}

/** Up to some hundred lines that change only with the library. */
const Months = memo(function Months({ months }: { months: readonly Month[] }) {
  const most = Math.max(...months.map((month) => month.count));
  const share = (index: number) => `${(100 * index) / months.length}%`;
  return (
    <>
      {months.map(
        ({ month, count: size }, index) =>
          size > 0 && (
            <span
              key={month}
              className={styles.bar}
              // The square root keeps a month of one picture visible beside a holiday of a thousand.
              style={{ top: share(index), height: share(1), width: `${8 + 44 * Math.sqrt(size / most)}%` }}
            />
          ),
      )}
      {yearLabels(months).map(({ year, index }) => (
        <span key={year} className={styles.year} style={{ top: share(index) }}>
          {year}
        </span>
      ))}
    </>
  );
});

function placeOf(months: readonly Month[], current: Section | null): number {
  const month = current === null || current.day === null ? '' : `${current.day}-01`.slice(0, 'YYYY-MM'.length);
  return Math.max(
    0,
    months.findIndex((candidate) => candidate.month === month),
  );
}

function monthWords({ month, count: size }: Month): string {
  return month === ''
    ? `No date, ${countOf(size, 'picture', 'pictures')}`
    : dateWords(month, 'without weekday');
}
