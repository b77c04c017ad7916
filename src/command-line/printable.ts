/**
 * Text of files (names, tags) made safe for a terminal: control characters would move the cursor or clear the screen,
 * and marks of direction would show a name other than it is.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

// Controls of ASCII and Latin-1, marks of direction, line and paragraph separators, and lone halves of pairs.
const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\p{Cs}]/gu;
