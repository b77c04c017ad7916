/**
 * What a cell of a file cannot say as it is goes out behind an apostrophe, which every spreadsheet takes for "this is
 * text", and comes back without it: text that begins like a formula, which a spreadsheet would run, and text that is the
 * same as our own sign. Text that begins with apostrophes before either gets one more, so that nothing is lost.
 */

/** Stands where a person left a cell empty on purpose: an empty cell says that nobody gave a value. */
export const leftEmpty = '(left empty)';

/** `=`, `+`, `-`, `@` and their wide forms, and what a spreadsheet strips before it looks. */
const runs = /^'*(?:[=+\-@＝＋－＠\t\r\n]|\(left empty\)$)/;

export function neutralise(text: string): string {
  return runs.test(text) ? `'${text}` : text;
}

export function restore(cell: string): string {
  return cell.startsWith("'") && runs.test(cell) ? cell.slice(1) : cell;
}
