/** Numbers and lengths as people, spreadsheets and models write them: read the same by the page and by the server. */

/** More is no number, and is not looked at: what is looked at takes time. */
const longest = 100;

/** Beyond, a number stands for its neighbours as well: 9007199254740993 would come back as …992. */
export function isInRange(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

/**
 * `12.5`, and `12,5` as a German spreadsheet writes it. `1,234` may be either and is neither. What would become another
 * number is none: too large a one, and one so small that it would be 0.
 */
export function readNumber(given: string): number | undefined {
  const text = given.trim().replace(/^([-+]?\d+),(\d{1,2})$/, '$1.$2');
  if (text.length > longest || !/^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?$/i.test(text)) return undefined;
  const number = Number(text);
  const isLost = number === 0 && /^[^e]*[1-9]/i.test(text);
  return isInRange(number) && !isLost ? number : undefined;
}

/** Minutes; `mm:ss`, `h:mm:ss`, or ISO 8601 as YouTube writes it: `PT1H2M3S`. */
export function readMinutes(given: string): number | undefined {
  const text = given.trim();
  if (text.length > longest) return undefined;
  const clock = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{2})$/.exec(text);
  const iso = /^PT(?=\d)(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?$/i.exec(text);
  const parts = clock ?? iso;
  if (parts === null) return readNumber(text.replace(/min(utes?)?\.?$/i, ''));
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number];
  return hours * 60 + minutes + seconds / 60;
}
