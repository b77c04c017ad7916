/** Bytes of a file as text: UTF-8, or UTF-16 where a mark at its beginning says so. Without NUL, which no database keeps. */
import { ListRefused } from '#saved-videos/refused.ts';

/**
 * Throws `ListRefused` for bytes that are neither: an old spreadsheet's own encoding cannot be told from others. And for
 * packed files, as today's spreadsheets are, which begin with letters.
 */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let begun: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    if (decoder === undefined) {
      begun = Buffer.concat([begun, chunk]);
      if (begun.byteLength < longestMark) continue;
      decoder = decoderOf(begun);
      yield decode(decoder, begun, true);
    } else yield decode(decoder, chunk, true);
  }
  decoder ??= decoderOf(begun);
  yield decode(decoder, begun.byteLength < longestMark ? begun : new Uint8Array(), false);
}

const longestMark = 4;

function decoderOf(begun: Uint8Array): TextDecoder {
  const mark = [...begun.subarray(0, longestMark)].join(' ');
  if (mark === '80 75 3 4') {
    throw new ListRefused(
      'file_unreadable',
      'This is no CSV file but a spreadsheet (.xlsx, .ods) or another packed file. Open it, save its table as “CSV UTF-8”, and send that. Nothing was added.',
    );
  }
  if (mark.startsWith('255 254')) return new TextDecoder('utf-16le');
  if (mark.startsWith('254 255')) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8', { fatal: true });
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream }).replaceAll('\0', '\u{FFFD}');
  } catch (cause) {
    throw new ListRefused(
      'file_unreadable',
      'The file is not in UTF-8. Save it as “CSV UTF-8”, and send that.',
      { cause },
    );
  }
}
