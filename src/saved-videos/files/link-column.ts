/** Which column of a table holds the links, by its heading and by what stands in it. */
import { readHeadings, type HeadingMeans } from '#saved-videos/fields/headings.ts';
import { readLinks } from '#saved-videos/videos/read-link.ts';

/** By so many rows it is judged, the first of the file. */
export const rowsJudged = 20;

type LinkColumn = {
  at: number;
  /** Whether the first row is data: a file of links alone. */
  is_without_headings: boolean;
};

/**
 * The column that a heading names, or where nothing in it is like a link, the one with most addresses. Undefined: no
 * column is either.
 */
export function linkColumnOf(rows: readonly (readonly string[])[]): LinkColumn | undefined {
  const [first = [], ...others] = rows;
  const named = readHeadings(first, new Map()).findIndex(meansUrl);
  if (others.some((cells) => isLikeLink(cells[named] ?? ''))) return { at: named, is_without_headings: false };

  // An id alone is a word of eleven letters, as “Description” is: it counts only where it can be nothing else.
  const mayBeLink = (cell: string) => first.length === 1 || cell.includes('/');
  const counts = first.map((_, at) => {
    const cells = rows.map((row) => row[at] ?? '');
    return cells.filter((cell) => mayBeLink(cell) && holdsLink(cell)).length;
  });
  const most = Math.max(0, ...counts);
  if (most === 0) return named === -1 ? undefined : { at: named, is_without_headings: false };
  const at = counts.indexOf(most);
  const top = first[at] ?? '';
  return { at, is_without_headings: named === -1 && mayBeLink(top) && isLikeLink(top) };
}

export function meansUrl(meaning: HeadingMeans): boolean {
  return meaning !== undefined && 'column' in meaning && meaning.column === 'url';
}

function holdsLink(cell: string): boolean {
  return readLinks(cell).some((link) => link.is !== 'unreadable');
}

/** Also what is an address of another site, or of no video. */
function isLikeLink(cell: string): boolean {
  return readLinks(cell).some((link) => link.is !== 'unreadable' || link.reason !== 'not_a_link');
}
