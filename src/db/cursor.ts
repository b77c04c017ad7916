import { z } from 'zod';

/** A cursor the product did not give out, or of another list. */
export class CursorRefused extends Error {
  constructor() {
    super('This cursor is not one that the list gave. Start again without a cursor.');
  }
}

const Position = z.tuple([z.string(), z.string()]);

/** Where a page ended: what the list is sorted by, and what breaks ties. */
export type Position = z.infer<typeof Position>;

export function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Throws `CursorRefused`. */
export function readCursor(cursor: string): Position {
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new CursorRefused();
  }
}
