/** Templates of names, such as `{year}/{date}_{time}{-camera}{ext}`: what may stand in one, and what it gives. */
import type { MediaKind, Precision } from '#contract/words.ts';
import { ExportRefused } from '#export/export-refused.ts';
import { safeFolder, safeStem } from './safe-name.ts';

/** What a template can say about an asset. */
export type Named = {
  kind: MediaKind;
  name: string;
  local: string | null;
  precision: Precision | null;
  camera_make: string | null;
  camera_model: string | null;
  /** The first one. */
  tag: string | null;
};

/** Each word and its value; '' where the asset has none. */
const words = {
  year: ({ local }) => (local ?? '').slice(0, 4),
  month: ({ local }) => (local ?? '').slice(5, 7),
  day: ({ local }) => (local ?? '').slice(8, 10),
  date: dateOf,
  time: ({ local }) => (local ?? '').slice(11, 19).replaceAll(':', ''),
  subsec: ({ local }) => (local ?? '').slice(20, 23).padEnd((local ?? '').length > 20 ? 3 : 0, '0'),
  camera: cameraOf,
  make: ({ camera_make }) => camera_make ?? '',
  model: ({ camera_model }) => camera_model ?? '',
  name: ({ name }) => withoutExtension(name),
  tag: ({ tag }) => tag ?? '',
  kind: ({ kind }) => kind,
} as const satisfies Record<string, (asset: Named) => string>;

type Word = keyof typeof words;
/** `sign` stands before the value, and only with it. */
type Piece = { text: string } | { word: Word; sign: string };

export type Template = { folders: Piece[][]; stem: Piece[] };

/** Deeper trees and longer templates are taken for a slip; with them a path could grow beyond what systems open. */
const mostFolders = 8;

/** Throws `ExportRefused` that says where the template is wrong and what may stand there. */
export function parseTemplate(text: string): Template {
  const parts: Piece[][] = [[]];
  let ended = false;
  for (const { 0: token, index } of text.matchAll(/\{[^{}]*\}|\/|[{}]|[^{}/]+/gu)) {
    if (ended) throw wrong(index, 'nothing may follow {ext}');
    const part = parts.at(-1) ?? [];
    if (token === '/') {
      checkFolder(part, index);
      parts.push([]);
    } else if (token === '{ext}') {
      if (part.length === 0) throw wrong(index, 'a name is missing before {ext}, such as {date}_{time}{ext}');
      ended = true;
    } else if (token.startsWith('{')) part.push(wordAt(token, index));
    else part.push(textAt(token, index));
  }
  if (!ended) throw wrong(text.length, 'it must end with {ext}, which gives each file its right extension');
  const folders = parts.slice(0, -1);
  if (folders.length > mostFolders) throw wrong(0, `it makes more than ${mostFolders} folders in one another`);
  return { folders, stem: parts.at(-1) ?? [] };
}

function wordAt(token: string, index: number): Piece {
  const match = /^\{(?<sign>[-_. ]?)(?<word>[a-z]+)\}$/u.exec(token);
  const { sign = '', word = '' } = match?.groups ?? {};
  if (Object.hasOwn(words, word)) return { word: word as Word, sign };
  if (word === 'ext') throw wrong(index, 'write {ext} without a sign: it brings its own dot');
  if (token === '{') throw wrong(index, 'a { without its }');
  throw wrong(index, `there is no word ${token}. ${wordsThereAre}`);
}

const wordsThereAre = `Words are ${[...Object.keys(words), 'ext'].map((word) => `{${word}}`).join(' ')}`;

function textAt(token: string, index: number): Piece {
  if (token === '}') throw wrong(index, 'a } without its {');
  if (token.includes('\\')) throw wrong(index + token.indexOf('\\'), 'folders are separated by /');
  const [bad] = /[<>:"|?*\p{Cc}]/u.exec(token) ?? [];
  if (bad !== undefined) {
    throw wrong(index + token.indexOf(bad), `${JSON.stringify(bad)} cannot stand in names on every system`);
  }
  return { text: token };
}

function checkFolder(part: readonly Piece[], index: number): void {
  if (part.length === 0) throw wrong(index, 'a folder without a name before /');
  const [only] = part;
  if (part.length === 1 && only !== undefined && 'text' in only && /^[\s.]*$/u.test(only.text)) {
    throw wrong(index, `“${only.text}” is no name of a folder`);
  }
}

function wrong(index: number, what: string): ExportRefused {
  return new ExportRefused('template_wrong', `The template is wrong at character ${index + 1}: ${what}.`);
}

/** Where files without a date go, under their original names. */
const unknownFolder = 'unknown';

/** Folder (`2019/05`, or '' for the top) and name without extension, both safe on every system. */
export function wantedName(template: Template, asset: Named): { folder: string; stem: string } {
  const original = safeStem(withoutExtension(asset.name));
  if (asset.local === null) return { folder: unknownFolder, stem: original };
  const folders = template.folders.map((part) => fill(part, asset)).filter((name) => name !== '');
  const stem = fill(template.stem, asset);
  return { folder: folders.map(safeFolder).join('/'), stem: stem === '' ? original : safeStem(stem) };
}

/** A word without a value takes the signs in front of it along, and at the beginning those behind it. */
function fill(part: readonly Piece[], asset: Named): string {
  let filled = '';
  let before: 'text' | 'value' | 'nothing' = 'value';
  for (const piece of part) {
    if ('text' in piece) {
      filled += filled === '' && before === 'nothing' ? piece.text.replace(/^[-_. ]+/u, '') : piece.text;
      before = 'text';
      continue;
    }
    // Only what the template itself says makes folders.
    const value = words[piece.word](asset).trim().replaceAll(/[/\\]/gu, '_');
    if (value !== '') filled += piece.sign + value;
    else if (before === 'text') filled = filled.replace(/[-_. ]+$/u, '');
    before = value === '' ? 'nothing' : 'value';
  }
  return filled;
}

/** `20190505`; a month or a year alone as they are read back: `2019-05`, `2019`. */
function dateOf({ local }: Named): string {
  const date = (local ?? '').slice(0, 10);
  return date.length === 10 ? date.replaceAll('-', '') : date;
}

/** Most makers write their name into the model as well: "Canon PowerShot G2", "NIKON D70" by "NIKON CORPORATION". */
function cameraOf({ camera_make, camera_model }: Named): string {
  const make = (camera_make ?? '').trim();
  const model = (camera_model ?? '').trim();
  const [firstWord = ''] = make.toLowerCase().split(/\s/u);
  return model.toLowerCase().startsWith(firstWord) ? model || make : `${make} ${model}`.trim();
}

/** `Holiday 3.5` has none. */
function withoutExtension(name: string): string {
  return name.replace(/(?!^)\.(?=\w*[a-z])[a-z0-9]{1,5}$/iu, '');
}
