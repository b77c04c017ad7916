/**
 * A spreadsheet runs a cell that begins like a formula. Such cells go out behind an apostrophe, which every
 * spreadsheet takes for "this is text", and come back without it. Text that begins with apostrophes before such a
 * letter gets one more, so that nothing is lost either way.
 */

/** `=`, `+`, `-`, `@` and their wide forms, and what a spreadsheet strips before it looks. */
const runs = /^'*[=+\-@＝＋－＠\t\r\n]/;
const neutralised = /^'+[=+\-@＝＋－＠\t\r\n]/;

export function neutralise(text: string): string {
  return runs.test(text) ? `'${text}` : text;
}

export function restore(cell: string): string {
  return neutralised.test(cell) ? cell.slice(1) : cell;
}
