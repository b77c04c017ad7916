/** What a value of a field may be: read from what a person, a model or a file gives, and put into its stored forms. */
import { limits, type Field, type Value } from '#contract/fields.ts';
import { isInRange, readMinutes, readNumber } from '#contract/numbers-in-words.ts';
import type { FieldType } from '#contract/words.ts';
import { labelKey } from './headings.ts';
import { fold, numberKey, textKey } from './sort-key.ts';

/** What of a field decides about its values. */
export type FieldShape = Pick<Field, 'type' | 'options'>;

/** `null` is an empty value, which fits every field. */
export type Fitted = { fits: true; value: Value | null } | { fits: false; message: string };

/** Two months. Longer than any video, short of what a confused model counts in seconds. */
const longestMinutes = 60 * 24 * 60;

/** A typed value, as JSON has it. Options are found in any case and come in the spelling and order of the field. */
export function fitValue(field: FieldShape, given: unknown): Fitted {
  if (given === null || given === undefined) return { fits: true, value: null };
  switch (field.type) {
    case 'text':
      return typeof given === 'string' ? fitText(given) : unfit(field, given);
    case 'select': {
      if (typeof given !== 'string') return unfit(field, given);
      if (given.trim() === '') return { fits: true, value: null };
      const option = optionFinder(field)(given);
      return option === undefined ? unfit(field, given) : { fits: true, value: option };
    }
    case 'multi_select':
      return Array.isArray(given) ? fitOptions(field, given) : unfit(field, given);
    case 'number':
      return typeof given === 'number' && isInRange(given) ? { fits: true, value: given } : unfit(field, given);
    case 'duration':
      return typeof given === 'number' && given >= 0 && given <= longestMinutes
        ? { fits: true, value: given }
        : unfit(field, given);
    case 'boolean':
      return typeof given === 'boolean' ? { fits: true, value: given } : unfit(field, given);
  }
}

/**
 * What is longer is no value of the type, and is not looked at: a cell of a file has up to 1,000,000 characters, an
 * answer of a model more. A text says itself how long it may be.
 */
const longestWords: Record<FieldType, number> = {
  text: Infinity,
  // In quotes, every quote doubled, every mark apart from its letter: still far shorter.
  select: 10 * limits.option_characters,
  multi_select: 10 * limits.option_characters * limits.options_per_field,
  number: 100,
  duration: 100,
  boolean: 100,
};

/** A value in words, as a cell of a CSV file or a filter has it. Empty text is no value. */
export function readValue(field: FieldShape, text: string): Fitted {
  const trimmed = text.trim();
  if (trimmed === '') return { fits: true, value: null };
  if (trimmed.length > longestWords[field.type]) return unfit(field, trimmed);
  switch (field.type) {
    case 'text':
      return fitText(text);
    case 'select':
      return fitValue(field, trimmed);
    case 'multi_select':
      return fitValue(field, readOptions(field, trimmed));
    case 'number':
      return fitValue(field, readNumber(trimmed) ?? trimmed);
    case 'duration':
      return fitValue(field, readMinutes(trimmed) ?? trimmed);
    case 'boolean':
      return fitValue(field, readBoolean(trimmed) ?? trimmed);
  }
}

/** The words that `readValue` reads back as the same value. */
export function writeValue(value: Value): string {
  return Array.isArray(value) ? value.map(quoteOption).join('; ') : String(value);
}

/** What else is kept of a value that fits its field, for sorting and finding. */
export function storedForms(field: FieldShape, value: Value | null) {
  if (value === null) return { value_json: null, sort_key: null, search_text: null };
  return { ...wordsOf(value), sort_key: sortKeyOf(field, value) };
}

/** The same of a value that its field cannot hold any more: it sorts behind all that fit. */
export function misfitForms(value: Value) {
  return { ...wordsOf(value), sort_key: `~${textKey(writeValue(value))}` };
}

function wordsOf(value: Value) {
  const isInWords = typeof value === 'string' || Array.isArray(value);
  return {
    value_json: JSON.stringify(value),
    search_text: isInWords ? fold(writeValue(value)) : null,
  };
}

/** Options sort in the order their owner gave them: Beginner, Intermediate, Advanced. */
export function sortKeyOf(field: FieldShape, value: Value): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return numberKey(value);
  // Whole, and no longer than 400 characters: a filter by an option looks for its key in here.
  if (Array.isArray(value)) return value.map((option) => optionKey(field, option)).join(' ');
  return field.type === 'select' ? optionKey(field, value) : textKey(value);
}

function optionKey(field: FieldShape, option: string): string {
  return String(field.options.indexOf(option)).padStart(3, '0');
}

function fitText(given: string): Fitted {
  const text = plainText(given).trim();
  if (text === '') return { fits: true, value: null };
  if (text.length <= limits.text_characters) return { fits: true, value: text };
  return {
    fits: false,
    message: `A text has at most ${limits.text_characters.toLocaleString('en')} characters.`,
  };
}

/** Without what a database refuses, and with one kind of line end, so that a text in a file is the same text. */
export function plainText(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').replaceAll(/\r\n?/g, '\n').toWellFormed();
}

function fitOptions(field: FieldShape, given: readonly unknown[]): Fitted {
  const chosen = new Set<string>();
  const optionOf = optionFinder(field);
  for (const each of given) {
    const option = typeof each === 'string' ? optionOf(each) : undefined;
    if (option === undefined) return unfit(field, each);
    chosen.add(option);
  }
  const value = field.options.filter((option) => chosen.has(option));
  return { fits: true, value: value.length === 0 ? null : value };
}

/** Makes the keys of the options once, however many are looked for. */
function optionFinder({ options }: FieldShape): (text: string) => string | undefined {
  let byKey: Map<string, string> | undefined;
  return (text) => {
    const given = text.trim();
    if (options.includes(given)) return given;
    byKey ??= new Map(options.map((option) => [labelKey(option), option]));
    return byKey.get(labelKey(given));
  };
}

const expected: Record<FieldType, (field: FieldShape) => string> = {
  text: () => 'a text',
  select: (field) => `one of ${inWords(field.options)}`,
  multi_select: (field) => `any of ${inWords(field.options)}`,
  number: () => `a number such as 12.5, not beyond ${Number.MAX_SAFE_INTEGER.toLocaleString('en')}`,
  duration: () => 'minutes such as 12.5, or 1:30:00',
  boolean: () => 'true or false',
};

function unfit(field: FieldShape, given: unknown): Fitted {
  const came = (typeof given === 'string' ? given : (JSON.stringify(given) ?? 'nothing')).slice(0, 100);
  return {
    fits: false,
    message: `Expected ${expected[field.type](field)}, but “${came.toWellFormed()}” came.`,
  };
}

function inWords(options: readonly string[]): string {
  const some = options.slice(0, 8).join(', ');
  return options.length > 8 ? `${some} … (${options.length} options)` : some;
}

function readBoolean(text: string): boolean | undefined {
  if (/^(true|yes|1)$/i.test(text)) return true;
  return /^(false|no|0)$/i.test(text) ? false : undefined;
}

/** An option that holds `;` or a quote stands in quotes, its own doubled. */
function quoteOption(option: string): string {
  return /[;"]/.test(option) ? `"${option.replaceAll('"', '""')}"` : option;
}

function readOptions(field: FieldShape, text: string): string[] {
  const given = splitOptions(text, ';');
  if (given.length !== 1 || optionFinder(field)(given[0] ?? '') !== undefined) return given;
  // As people and other programs write lists.
  return splitOptions(text, ',');
}

function splitOptions(text: string, separator: ';' | ','): string[] {
  const pieces = text.match(
    separator === ';'
      ? /(?:\s*"(?:[^"]|"")*"\s*(?=;|$)|[^;]*)(?:;|$)/g
      : /(?:\s*"(?:[^"]|"")*"\s*(?=,|$)|[^,]*)(?:,|$)/g,
  );
  return (pieces ?? [])
    .map((piece) => (piece.endsWith(separator) ? piece.slice(0, -1) : piece).trim())
    .map((piece) =>
      /^".*"$/s.test(piece) && piece.length > 1 ? piece.slice(1, -1).replaceAll('""', '"') : piece,
    )
    .filter((piece) => piece !== '');
}
