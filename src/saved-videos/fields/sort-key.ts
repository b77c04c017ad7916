/**
 * What texts and numbers are found and sorted by, the same on both engines. Keys are compared byte by byte, as text
 * in UTF-8.
 */

/**
 * Without case, accents and the other ways to write the same letter: "Über" is found by "uber", "𝗕𝗼𝗹𝗱" by "bold". Marks
 * of other scripts stay: バ and パ, पिता and पता are different words.
 *
 * What is stored was folded by this: changed, it needs a migration such as `013-field-changes.ts`.
 */
export function fold(text: string): string {
  return withoutHeaps(text)
    .normalize('NFKD')
    .replaceAll(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u0300-\u036F]+/gu, '$1')
    .toLowerCase()
    .normalize('NFC');
}

/** No letter has thirty marks, and 80,000 of them in a row took 2.2 s to be put in order. */
export function withoutHeaps(text: string): string {
  return text.replaceAll(/(\p{M}{30})\p{M}+/gu, '$1');
}

/** Longer than any length, count or year; numbers above it sort among themselves by their digits. */
const digits = 12;
const longestKey = 200;

/** In natural order: "Part 2" before "Part 10". */
export function textKey(text: string): string {
  return fold(text)
    .trim()
    .replaceAll(/\d+/g, (number) => number.replace(/^0+(?=\d)/, '').padStart(digits, '0'))
    .slice(0, longestKey)
    .toWellFormed();
}

/**
 * The 64 bits of the number in hexadecimal: the sign turned for numbers from zero on, all of them for those below.
 * Sorted as text they stand in the order of the numbers.
 */
export function numberKey(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value); // -0 is 0
  const bits = view.getBigUint64(0);
  const isBelowZero = bits >> 63n === 1n;
  const turned = isBelowZero ? ~bits & 0xffff_ffff_ffff_ffffn : bits | (1n << 63n);
  return turned.toString(16).padStart(16, '0');
}

/** Part of a folded text, as the pattern of `like … escape '\'`. */
export function likePattern(text: string): string {
  return `%${fold(text).replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
}
