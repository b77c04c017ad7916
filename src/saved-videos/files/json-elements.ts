/**
 * The elements of a JSON file one after another, without holding the file: of an array, or of the array `videos` in
 * an object.
 */
import { ListRefused } from '#saved-videos/refused.ts';
import { textOf } from './text-of.ts';

export type JsonPart =
  | { is: 'element'; line: number; value: unknown }
  /** At the end: the object without its videos; null where the file is an array. */
  | { is: 'rest'; value: Record<string, unknown> | null };

/** Longer than any video with its description; and what stands around the videos. */
const longestPart = 4_000_000;

/** Throws `ListRefused` where the file is no JSON, or holds no such array. */
export async function* jsonParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<JsonPart> {
  const reader = new PartReader();
  for await (const text of textOf(bytes)) yield* reader.read(text);
  yield reader.end();
}

/**
 * Walks through the letters and knows three things: how deep it is, whether it is in a string, and at which depth the
 * elements stand. What is no element is gathered, to be read as a whole at the end.
 */
class PartReader {
  #line = 1;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Depth of the elements, once their array has begun. */
  #elementDepth: number | undefined;
  #hasElementsEnded = false;
  #part = '';
  #hasBegun = false;
  #partLine = 1;
  #rest = '';
  /** Its last letters by themselves: to cut them off the whole again and again took 2.9 s for 40,000 arrays. */
  #before = '';

  *read(text: string): Generator<JsonPart> {
    // Pieces without structure are taken as a whole: one letter at a time is for what may end something.
    for (const [piece] of text.matchAll(/[^\\"{}[\],\n]+|[\\"{}[\],\n]/g)) {
      if (piece === '\n') this.#line += 1;
      if (this.#isInElements()) yield* this.#inElements(piece);
      else this.#outside(piece);
      if (this.#part.length > longestPart || this.#rest.length > longestPart) {
        throw unreadable(`what stands at line ${this.#partLine} is longer than any video`);
      }
    }
  }

  end(): JsonPart {
    if (this.#elementDepth === undefined || !this.#hasElementsEnded) {
      throw unreadable(
        this.#elementDepth === undefined
          ? 'expected an array of videos, or an object with one as “videos”'
          : 'it ends in the middle',
      );
    }
    const rest = parse(this.#rest, 1);
    return { is: 'rest', value: Array.isArray(rest) ? null : (rest as Record<string, unknown>) };
  }

  #isInElements(): boolean {
    return this.#elementDepth !== undefined && !this.#hasElementsEnded;
  }

  *#inElements(piece: string): Generator<JsonPart> {
    const isAtTop = !this.#isInString && this.#depth === this.#elementDepth;
    if (isAtTop && (piece === ',' || piece === ']')) {
      if (this.#hasBegun) {
        yield { is: 'element', line: this.#partLine, value: parse(this.#part, this.#partLine) };
      }
      this.#part = '';
      this.#hasBegun = false;
      if (piece === ']') {
        this.#hasElementsEnded = true;
        this.#outside(piece);
      }
      return;
    }
    if (!this.#hasBegun && /\S/.test(piece)) {
      this.#hasBegun = true;
      this.#partLine = this.#line;
    }
    this.#part += piece;
    this.#follow(piece);
  }

  #outside(piece: string): void {
    const opens = !this.#isInString && piece === '[' && this.#elementDepth === undefined;
    const isVideos =
      opens && (this.#depth === 0 || (this.#depth === 1 && /"videos"\s*:\s*$/.test(this.#before)));
    this.#rest += piece;
    this.#before = (this.#before + piece).slice(-100);
    this.#follow(piece);
    if (isVideos) this.#elementDepth = this.#depth;
  }

  #follow(piece: string): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      // Of a longer piece only the first letter was escaped, and none of the others means anything.
      return;
    }
    if (this.#isInString) {
      if (piece === '\\') this.#isEscaped = true;
      else if (piece === '"') this.#isInString = false;
      return;
    }
    if (piece === '"') this.#isInString = true;
    else if (piece === '{' || piece === '[') this.#depth += 1;
    else if (piece === '}' || piece === ']') this.#depth -= 1;
  }
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(withoutUnstorable(text));
  } catch (cause) {
    throw unreadable(`what stands at line ${line} cannot be read`, cause);
  }
}

/** NUL and halves of pairs may stand in JSON, as escapes, but in no database. */
function withoutUnstorable(text: string): string {
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  // Every backslash with what it escapes, so that an escaped one begins no escape.
  return text.replaceAll(
    /\\(?:u(d[89ab]\w\w\\ud[c-f]\w\w)|u0000|ud[89a-f]\w\w|[^])/gi,
    (escape, pair?: string) => (pair === undefined && escape.length === 6 ? '\\ufffd' : escape),
  );
}

function unreadable(what: string, cause?: unknown): ListRefused {
  return new ListRefused(
    'file_unreadable',
    `The file is not JSON as it is read here: ${what}. Nothing was added.`,
    {
      cause,
    },
  );
}
