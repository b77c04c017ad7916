/** Numbers, sizes and spans of time, in the reader's locale and in human measure. */
const whole = new Intl.NumberFormat();
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export function count(value: number): string {
  return whole.format(value);
}

/** "1 file", "4,812 files". */
export function countOf(value: number, one: string, many: string): string {
  return `${whole.format(value)} ${value === 1 ? one : many}`;
}

export function percent(part: number, total: number): string {
  // Never "100 %" before the last one is done.
  return `${total === 0 ? 0 : Math.floor((100 * part) / total)} %`;
}

const sizes = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

export function byteSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < sizes.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 && unit > 0 ? oneDigit.format(size) : whole.format(Math.round(size))} ${sizes[unit]}`;
}

const degrees = new Intl.NumberFormat(undefined, { minimumFractionDigits: 5, maximumFractionDigits: 5 });

/** "48.20849° N, 16.37208° E": about a metre. */
export function coordinates(latitude: number, longitude: number): string {
  const northSouth = `${degrees.format(Math.abs(latitude))}° ${latitude < 0 ? 'S' : 'N'}`;
  return `${northSouth}, ${degrees.format(Math.abs(longitude))}° ${longitude < 0 ? 'W' : 'E'}`;
}

/** "2 min 37 s", "3 h 5 min", "4 d 2 h": the two coarsest units that say something. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const first = units.findIndex(([size]) => s >= size);
  const parts: string[] = [];
  let rest = s;
  for (const [size, name] of units.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(`${whole.format(amount)} ${name}`);
    rest -= amount * size;
  }
  return parts.join(' ');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** "0:07", "1:02:45": the length of a video. */
export function videoLength(seconds: number): string {
  const s = Math.round(seconds);
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`;
}

/** "23/s", "0.4/s", "2/min"; null while there is nothing to divide by. */
export function rate(done: number, seconds: number): string | null {
  if (done === 0 || seconds < 1) return null;
  const perSecond = done / seconds;
  if (perSecond < 0.1) return `${oneDigit.format(60 * perSecond)}/min`;
  return `${perSecond < 10 ? oneDigit.format(perSecond) : whole.format(Math.round(perSecond))}/s`;
}
