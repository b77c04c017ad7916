import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drawAvi, drawPhoto, drawVideo } from '../../test/fixtures/draw.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openMediaTools } from './media-tools.ts';
import { readMetadata } from './metadata.ts';
import { heldInMemoryBytes } from './open-file.ts';
import { decodedHash, jpegProof, pictureProof, pngProof } from './picture-proof.ts';
import { TagsRefused, writeTags, type TagValue } from './write-tags.ts';

const tools = await openMediaTools({ processes: 1, max_megapixels: 268, limit_seconds: 60 });
afterAll(() => tools[Symbol.asyncDispose]());

const working = () => ({ signal: new AbortController().signal, moves: () => {} });
const taken: TagValue[] = [{ tag: 'XMP-exif:DateTimeOriginal', value: '2019:05:05 15:30:00' }];
const drawn = (format: Parameters<typeof drawPhoto>[0]['format']) =>
  drawPhoto({ seed: 5, width: 64, height: 48, format });

/** Writes bytes as `from` into the folder, `to` with the tags beside it. */
async function written(folder: string, bytes: Uint8Array, tags: readonly TagValue[], name = 'picture.jpg') {
  const [from, to] = [path.join(folder, `from ${name}`), path.join(folder, `to ${name}`)];
  await writeFile(from, bytes);
  await rm(to, { force: true });
  await writeTags(from, to, tags, tools, working());
  return { from, to, metadata: await readMetadata(to, 'container', tools, working().signal) };
}

describe('writing tags', () => {
  test('leaves the file that is read as it was', async () => {
    await using folder = await temporaryFolder();
    const photo = await drawn('jpeg');
    const { from, metadata } = await written(folder.path, photo, taken);
    expect(await readFile(from)).toEqual(photo);
    expect(metadata.time_tags).toEqual({ 'XMP:DateTimeOriginal': '2019:05:05 15:30:00' });
  });

  test('takes a value for a value, whatever it looks like', async () => {
    await using folder = await temporaryFolder();
    const values = ['-overwrite_original', '#comment', 'a=b', 'größe, & <b>', '&#38;amp;', 'tab\tand\nline'];
    const tags = values.flatMap((value) => [
      { tag: 'IPTC:Keywords', value },
      { tag: 'XMP-dc:Subject', value },
    ]);
    const { metadata } = await written(folder.path, await drawn('jpeg'), tags);
    expect(metadata.keywords).toEqual([...values.slice(0, -1), 'tab and line']);
  });

  test('works in a folder whose name would be read as orders', async () => {
    await using folder = await temporaryFolder();
    const odd = path.join(folder.path, 'line\nbreak [x] -ext');
    const { mkdir } = await import('node:fs/promises');
    await mkdir(odd);
    const { metadata } = await written(odd, await drawn('jpeg'), taken);
    expect(metadata.time_tags).toHaveProperty(['XMP:DateTimeOriginal']);
  });

  test('keeps the words of an older caption readable when keywords in UTF-8 come to them', async () => {
    await using folder = await temporaryFolder();
    const latin = await written(folder.path, await drawn('jpeg'), []);
    const city: Record<string, string> = { 'IPTC:City': 'Zürich' };
    await tools.exiftool.write(latin.to, city, {
      writeArgs: ['-overwrite_original', '-charset', 'iptc=latin'],
    });
    const { to } = await written(folder.path, await readFile(latin.to), [
      { tag: 'IPTC:Keywords', value: 'größe' },
    ]);
    const read = (await tools.exiftool.readRaw(to, { readArgs: ['-IPTC:City', '-IPTC:Keywords'] })) as object;
    expect(read).toMatchObject({ City: 'Zürich', Keywords: 'größe' });
  });

  test('takes a date out of the small picture inside a JPEG as well', async () => {
    await using folder = await temporaryFolder();
    const with1 = await written(folder.path, await drawn('jpeg'), []);
    const small = path.join(folder.path, 'small.jpg');
    await writeFile(small, await drawPhoto({ seed: 6, width: 16, height: 12, format: 'jpeg' }));
    await tools.exiftool.write(
      with1.to,
      {},
      {
        writeArgs: [
          `-ThumbnailImage<=${small}`,
          '-IFD0:ModifyDate=2001:01:01 00:00:00',
          '-IFD1:ModifyDate=2001:01:01 00:00:00',
          '-overwrite_original',
        ],
      },
    );
    const bytes = await readFile(with1.to);
    const { metadata } = await written(folder.path, bytes, [{ tag: 'EXIF:ModifyDate', value: '' }]);
    expect(metadata.time_tags).toEqual({});
  });

  test('is refused with the reason for a format or a file that cannot hold them', async () => {
    await using folder = await temporaryFolder();
    const avi = written(folder.path, drawAvi({ width: 64, height: 48 }), taken, 'film.avi');
    await expect(avi).rejects.toThrow(TagsRefused);
    const misnamed = written(folder.path, await drawn('png'), taken, 'picture.jpg');
    await expect(misnamed).rejects.toThrow(/PNG/);
  });

  test('into a long film runs in a process of its own, tells that it moves, and ends with the signal', async () => {
    await using folder = await temporaryFolder();
    const frame = new Uint8Array(heldInMemoryBytes + 1);
    const film = drawVideo({
      brand: 'isom',
      created: null,
      seconds: 3,
      width: 64,
      height: 48,
      rotation: 0,
      frame,
    });
    const keys = [{ tag: 'Keys:CreationDate', value: '2019:05:05 15:30:00+02:00' }];
    const { from, to, metadata } = await written(folder.path, film, keys, 'film.mp4');
    expect(metadata.time_tags['Keys:CreationDate']).toBe('2019:05:05 15:30:00+02:00');
    const type = { mime_type: 'video/mp4', size_bytes: film.length };
    const proof = await pictureProof(from, type, tools, working());
    expect(proof).not.toBeNull();
    expect(await pictureProof(to, type, tools, working())).toBe(proof);

    await rm(to);
    const stop = new AbortController();
    const aborted = writeTags(from, to, keys, tools, { signal: stop.signal, moves: () => {} });
    setTimeout(() => stop.abort(new Error('cancelled')), 20);
    await expect(aborted).rejects.toThrow('cancelled');
  });
});

const film = (frame: Uint8Array) =>
  drawVideo({ brand: 'qt  ', created: null, seconds: 3, width: 64, height: 48, rotation: 0, frame });

describe('the proof that a picture is untouched', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'of a %s is the same with other notes, and another for another picture',
    async (format) => {
      await using folder = await temporaryFolder();
      const name = `picture.${format}`;
      const { from, to } = await written(folder.path, await drawn(format), taken, name);
      const type = { mime_type: `image/${format}`, size_bytes: 1 };
      const proof = await pictureProof(from, type, tools, working());
      expect(proof).toMatch(/^[0-9a-f]{64}/);
      expect(await pictureProof(to, type, tools, working())).toBe(proof);
      await writeFile(from, await drawPhoto({ seed: 6, width: 64, height: 48, format }));
      expect(await pictureProof(from, type, tools, working())).not.toBe(proof);
    },
  );

  test('of a film is that of its streams', async () => {
    await using folder = await temporaryFolder();
    const keys = [{ tag: 'Keys:CreationDate', value: '2019:05:05 15:30:00+02:00' }];
    const { from, to } = await written(folder.path, film(Buffer.from('one')), keys, 'film.mov');
    const type = { mime_type: 'video/quicktime', size_bytes: 1 };
    const proof = await pictureProof(from, type, tools, working());
    expect(await pictureProof(to, type, tools, working())).toBe(proof);
    await writeFile(from, film(Buffer.from('two')));
    expect(await pictureProof(from, type, tools, working())).not.toBe(proof);
  });

  test('notices a changed bit in the picture, in what stands behind it, and in its colours', async () => {
    const photo = await drawn('jpeg');
    const behind = Buffer.concat([photo, Buffer.from('a film')]);
    const proof = jpegProof(behind);
    for (const at of [behind.length - 1, photo.length - 20, photo.indexOf(Buffer.from([0xff, 0xdb])) + 10]) {
      const changed = Buffer.from(behind);
      changed[at] = changed[at]! ^ 1;
      expect(jpegProof(changed), String(at)).not.toBe(proof);
    }
    const picture = await drawn('png');
    const other = Buffer.from(picture);
    other[other.indexOf('IDAT') + 12] = other[other.indexOf('IDAT') + 12]! ^ 1;
    expect(pngProof(other)).not.toBe(pngProof(picture));
  });

  test('is none for what does not hold together', async () => {
    const photo = await drawn('jpeg');
    expect(jpegProof(photo.subarray(0, 100))).toBeNull();
    expect(jpegProof(Buffer.from('no picture'))).toBeNull();
    expect(pngProof((await drawn('png')).subarray(0, 60))).toBeNull();
    expect(await decodedHash(Buffer.from('no picture'), 10)).toBeNull();
  });
});
