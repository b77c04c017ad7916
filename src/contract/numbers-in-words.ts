/** Numbers and lengths as people, spreadsheets and models write them: read the same by the page and by the server. */

/** More is no number, and is not looked at: what is looked at takes time. */
const longest = 100;

/** `12.5`, and `12,5` as a German spreadsheet writes it. `1,234` may be either and is neither. */
export function readNumber(given: string): number | undefined {
  const text = given.trim();
  if (text.length > longest) return undefined;
  if (/^[-+]?\d+,\d{1,2}$/.test(text)) return Number(text.replace(',', '.'));
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
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
