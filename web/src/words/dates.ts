/**
 * Wall clocks in words. A wall clock is not an instant: it is taken apart as text and shown as it stands, never read
 * through the browser's own zone. What is not known (the hour of a day-only date) is not shown.
 */
type WallClock = {
  year: number;
  month: number | null;
  day: number | null;
  hour: number | null;
  minute: number | null;
  second: number | null;
};

const shape = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?)?)?$/;

export function readWallClock(local: string): WallClock | null {
  const parts = shape.exec(local);
  if (parts === null) return null;
  const part = (index: number) => (parts[index] === undefined ? null : Number(parts[index]));
  return {
    year: Number(parts[1]),
    month: part(2),
    day: part(3),
    hour: part(4),
    minute: part(5),
    second: part(6),
  };
}

/** The wall clock as milliseconds on a clock without zones, for distances and for `Intl` set to UTC. */
function onOneClock(clock: WallClock): number {
  return Date.UTC(
    clock.year,
    (clock.month ?? 1) - 1,
    clock.day ?? 1,
    clock.hour ?? 0,
    clock.minute ?? 0,
    clock.second ?? 0,
  );
}

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' });
}

const formats = {
  year: format({ year: 'numeric' }),
  month: format({ year: 'numeric', month: 'long' }),
  day: format({ year: 'numeric', month: 'long', day: 'numeric' }),
  weekday: format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }),
  shortDay: format({ year: 'numeric', month: 'short', day: 'numeric' }),
  shortMonth: format({ year: 'numeric', month: 'short' }),
  minute: format({ hour: '2-digit', minute: '2-digit' }),
  second: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
};

/** The date alone: "Tuesday, 5 May 2020", "December 2017", "2017". */
export function dateWords(local: string, weekday: 'with weekday' | 'without weekday' | 'short'): string {
  const clock = readWallClock(local);
  if (clock === null) return local;
  const time = onOneClock(clock);
  if (clock.month === null) return formats.year.format(time);
  if (clock.day === null) return (weekday === 'short' ? formats.shortMonth : formats.month).format(time);
  if (weekday === 'short') return formats.shortDay.format(time);
  return (weekday === 'with weekday' ? formats.weekday : formats.day).format(time);
}

/** The clock alone, or null where only the day or less is known. */
export function clockWords(local: string): string | null {
  const clock = readWallClock(local);
  if (clock === null || clock.hour === null) return null;
  return (clock.second === null ? formats.minute : formats.second).format(onOneClock(clock));
}

/** Date and, where known, clock: "5 May 2020, 10:20:30". */
export function wallClockWords(local: string, date: 'with weekday' | 'without weekday' | 'short'): string {
  const clock = clockWords(local);
  return clock === null ? dateWords(local, date) : `${dateWords(local, date)}, ${clock}`;
}

/** The heading over a day of the library. */
export function dayHeading(day: string | null): string {
  if (day === null) return 'No date';
  const clock = readWallClock(day);
  if (clock === null) return day;
  if (clock.day === null) return `${dateWords(day, 'without weekday')}, day not known`;
  return dateWords(day, 'with weekday');
}

/** An instant of Daybook's own (when a job started), on the reader's clock. */
export function instantWords(instant: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(instant),
  );
}

/** Its clock alone, to the second: for what is near. */
export function clockOf(instant: string): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(Date.parse(instant));
}

// ── Evidence against the chosen time ────────────────────────────────────────────────────────────────────────

const day = 86_400;

/** "the same", "2 h 3 min later", "3 days earlier", "11 years later". */
export function distanceWords(seconds: number): string {
  const size = Math.abs(seconds);
  if (size <= 1) return 'the same';
  const way = seconds > 0 ? 'later' : 'earlier';
  const amount = (value: number, one: string, many: string) =>
    `${Math.round(value)} ${Math.round(value) === 1 ? one : many} ${way}`;
  if (size < 60) return amount(size, 'second', 'seconds');
  if (size < 3600) return amount(size / 60, 'minute', 'minutes');
  if (size < day) {
    const hours = Math.floor(Math.round(size / 60) / 60);
    const minutes = Math.round(size / 60) % 60;
    return minutes === 0 ? amount(hours, 'hour', 'hours') : `${hours} h ${minutes} min ${way}`;
  }
  if (size < 60 * day) return amount(size / day, 'day', 'days');
  if (size < 730 * day) return amount(size / (30.44 * day), 'month', 'months');
  return amount(size / (365.25 * day), 'year', 'years');
}

/** 0 (the same) to 1 (ten years or more) on a scale on which a minute, a day and a year all can be seen. */
export function distanceShare(seconds: number): number {
  return Math.min(1, Math.log10(1 + Math.abs(seconds)) / Math.log10(1 + 10 * 365 * day));
}
