/** Bytes of a file as text: UTF-8, or UTF-16 where a mark at its beginning says so. Without NUL, which no database keeps. */
import { ListRefused } from '#saved-videos/refused.ts';

/** Throws `ListRefused` for bytes that are neither: an old spreadsheet's own encoding cannot be told from others. */
export async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let begun: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    if (decoder === undefined) {
      begun = Buffer.concat([begun, chunk]);
      if (begun.byteLength < 3) continue;
      decoder = decoderOf(begun);
      yield decode(decoder, begun, true);
    } else yield decode(decoder, chunk, true);
  }
  decoder ??= decoderOf(begun);
  yield decode(decoder, begun.byteLength < 3 ? begun : new Uint8Array(), false);
}

function decoderOf(begun: Uint8Array): TextDecoder {
  const mark = `${begun[0]} ${begun[1]}`;
  if (mark === '255 254') return new TextDecoder('utf-16le');
  if (mark === '254 255') return new TextDecoder('utf-16be');
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
