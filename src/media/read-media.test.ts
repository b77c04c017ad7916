import { readdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MediaFacts } from '#media/media-facts.ts';
import { openMediaTools, type MediaTools } from '#media/media-tools.ts';
import { heldInMemoryBytes, openFile } from '#media/open-file.ts';
import { readMedia } from '#media/read-media.ts';
import { brokenFiles, png, pngChunk } from '../../test/fixtures/broken.ts';
import { drawPhoto, drawPixels, drawVideo } from '../../test/fixtures/draw.ts';
import { manyPhotos, stampedFile, stampedPhoto } from '../../test/fixtures/stamp.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';

const { signal } = new AbortController();
let tools: MediaTools;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  tools = await openMediaTools({ processes: 2, max_megapixels: 268, limit_seconds: 20 });
  folder = await temporaryFolder();
});
afterAll(async () => {
  await tools[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function read(file: string, from: MediaTools = tools): Promise<MediaFacts> {
  return readMedia(await openFile(file, signal), from, signal);
}

function splitAt(bytes: Buffer, at: number): [Buffer, Buffer] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function codes(facts: MediaFacts): string[] {
  return facts.warnings.map((warning) => warning.code);
}

describe('a photo', () => {
  test('says its times, its camera and its place as they stand in it', async () => {
    const file = await stampedPhoto(folder.path, 'camera.jpg', {
      width: 640,
      height: 480,
      tags: {
        'EXIF:DateTimeOriginal': '2020:05:05 10:20:30',
        'EXIF:SubSecTimeOriginal': '25',
        'EXIF:OffsetTimeOriginal': '+02:00',
        'EXIF:CreateDate': '2020:05:05 10:20:31',
        'EXIF:ModifyDate': '2021:01:01 00:00:00',
        'EXIF:GPSDateStamp': '2020:05:05',
        'EXIF:GPSTimeStamp': '08:20:30',
        'EXIF:GPSLatitude': '33.5',
        'EXIF:GPSLatitudeRef': 'S',
        'EXIF:GPSLongitude': '70.25',
        'EXIF:GPSLongitudeRef': 'W',
        'XMP:DateTimeOriginal': '2020:05:05 10:20:30+02:00',
        'XMP-photoshop:DateCreated': '2020:05',
        'IPTC:DateCreated': '2020:05:05',
        'IPTC:TimeCreated': '10:20:30+02:00',
        'EXIF:Make': 'Drawn  ',
        'EXIF:Model': '1.10',
        'EXIF:SerialNumber': '0042',
        'EXIF:LensModel': '----',
      },
    });
    const facts = await read(file);
    expect(facts.time_tags).toEqual({
      'EXIF:DateTimeOriginal': '2020:05:05 10:20:30',
      'EXIF:SubSecTimeOriginal': '25',
      'EXIF:OffsetTimeOriginal': '+02:00',
      'EXIF:CreateDate': '2020:05:05 10:20:31',
      'EXIF:ModifyDate': '2021:01:01 00:00:00',
      'GPS:GPSDateStamp': '2020:05:05',
      'GPS:GPSTimeStamp': '08:20:30',
      'XMP:DateTimeOriginal': '2020:05:05 10:20:30+02:00',
      'XMP:DateCreated': '2020:05',
      'IPTC:DateCreated': '2020:05:05',
      'IPTC:TimeCreated': '10:20:30+02:00',
    });
    expect(facts.camera).toEqual({ make: 'Drawn', model: '1.10', serial: '0042', lens: null });
    expect(facts.gps).toEqual({ latitude: -33.5, longitude: -70.25 });
    expect(facts).toMatchObject({
      mime_type: 'image/jpeg',
      extension: 'jpg',
      kind: 'photo',
      width: 640,
      height: 480,
    });
    expect(facts.thumbnail).toMatchObject({ width: 480, height: 360 });
    expect(facts.warnings).toEqual([]);
  });

  test.each(['jpg', 'png', 'gif', 'webp', 'tif', 'avif'])('of type %s is decoded', async (extension) => {
    const file = await stampedPhoto(folder.path, `format.${extension}`, { seed: 8, width: 480, height: 360 });
    const facts = await read(file);
    expect(facts).toMatchObject({ extension, width: 480, height: 360, warnings: [] });
    expect(facts.thumbnail).toMatchObject({ width: 480, height: 360 });
    expect((await sharp(facts.thumbnail!.bytes).metadata()).format).toBe('webp');
    // Lossless formats give exactly the hash of the drawing; the others are a few bits away.
    const lossless = extension === 'png' || extension === 'tif';
    expect(distance(facts.dhash!, '8c0e1627e7d7d1d3')).toBeLessThanOrEqual(lossless ? 0 : 4);
  });

  test('of type bmp is decoded by our own reader, larger ones reduced', async () => {
    const [width, height] = [600, 450];
    const rgb = drawPixels(12, width, height);
    const rows = Buffer.alloc(width * height * 4);
    for (let i = 0; i < width * height; i++) {
      const to = (height - 1 - Math.floor(i / width)) * width + (i % width);
      rows.set([rgb[i * 3 + 2]!, rgb[i * 3 + 1]!, rgb[i * 3]!], to * 4);
    }
    const header = Buffer.alloc(54);
    header.write('BM', 'latin1');
    for (const [at, value] of [
      [10, 54],
      [14, 40],
      [18, width],
      [22, height],
    ] as const)
      header.writeUInt32LE(value, at);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(32, 28);
    const file = await stampedFile(folder.path, 'format.bmp', Buffer.concat([header, rows]));
    const same = await stampedPhoto(folder.path, 'bmp-as.png', { seed: 12, width, height });
    const facts = await read(file);
    expect(facts).toMatchObject({ mime_type: 'image/bmp', width, height, warnings: [] });
    expect(facts.thumbnail).toMatchObject({ width: 480, height: 360 });
    expect(facts.dhash).toBe((await read(same)).dhash);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'of orientation %i is shown upright, and hashed as stored',
    async (orientation) => {
      // Left half red, right half green, a blue bar along the top: upright.
      const upright = sharp({
        create: { width: 96, height: 64, channels: 3, background: '#00ff00' },
      }).composite([
        { input: { create: { width: 48, height: 64, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
        { input: { create: { width: 96, height: 16, channels: 3, background: '#0000ff' } }, left: 0, top: 0 },
      ]);
      const stored = await storedAs(await upright.png().toBuffer(), orientation);
      const file = path.join(folder.path, `orientation-${orientation}.jpg`);
      await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 95 }).toFile(file);
      const facts = await read(file);
      expect(facts).toMatchObject({ width: 96, height: 64, warnings: [] });
      const { data, info } = await sharp(facts.thumbnail!.bytes).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([96, 64]);
      const colour = (x: number, y: number) => {
        const at = (y * info.width + x) * info.channels;
        return 'rgb'[[data[at]!, data[at + 1]!, data[at + 2]!].findIndex((value) => value > 128)];
      };
      expect([colour(48, 5), colour(10, 40), colour(86, 40)]).toEqual(['b', 'r', 'g']);
      const plain = path.join(folder.path, `plain-${orientation}.jpg`);
      await sharp(stored).jpeg({ quality: 95 }).toFile(plain);
      expect(facts.dhash).toBe((await read(plain)).dhash);
    },
  );

  test('with a wide colour profile is shown in sRGB', async () => {
    const colour = { r: 230, g: 20, b: 20 };
    const png = await sharp({ create: { width: 40, height: 30, channels: 3, background: colour } })
      .png()
      .toBuffer();
    const wide = await sharp(png).withIccProfile('p3').png().toBuffer();
    const facts = await read(await stampedFile(folder.path, 'wide.png', wide));
    // Written in Display P3 the same red has smaller numbers; what is shown must have those of sRGB again.
    expect((await meanColour(await sharp(wide, { ignoreIcc: true }).png().toBuffer()))[0]).toBeLessThan(220);
    expect((await meanColour(facts.thumbnail!.bytes))[0]).toBeGreaterThan(225);
  });

  test('with a wide colour profile is hashed as if it had none', async () => {
    const png = await drawPhoto({ seed: 8, width: 480, height: 360, format: 'png' });
    const wide = await sharp(png).withIccProfile('p3').png().toBuffer();
    const stored = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
    const plain = await sharp(stored, { raw: { width: 480, height: 360, channels: 3 } })
      .png()
      .toBuffer();
    const [a, b] = [
      await stampedFile(folder.path, 'w.png', wide),
      await stampedFile(folder.path, 'p.png', plain),
    ];
    expect((await read(a)).dhash).toBe((await read(b)).dhash);
  });

  test('named for another type is an asset with a warning', async () => {
    const facts = await read(await stampedPhoto(folder.path, 'really-a.png', { format: 'jpeg' }));
    expect(facts).toMatchObject({ mime_type: 'image/jpeg', extension: 'jpg' });
    expect(codes(facts)).toEqual(['wrong_extension']);
  });

  test('above 64 MB is decoded from disk, whatever its name', async () => {
    const bytes = await drawPhoto({ seed: 8, width: 480, height: 360, format: 'png' });
    const file = await stampedFile(folder.path, 'large [page=3,n=-1].png', bytes);
    await truncate(file, heldInMemoryBytes + 1);
    const facts = await read(file);
    expect(facts).toMatchObject({ width: 480, dhash: '8c0e1627e7d7d1d3' });
    await rm(file);
  });

  test('is heard when its XMP begins with a UTF-8 mark, in the text of a PNG and in a JPEG', async () => {
    const xmp = Buffer.from(
      '\u{feff}<?xml version="1.0" encoding="utf-8"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ' +
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' +
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>2019-09-02</xmp:CreateDate>' +
        '<xmp:CreatorTool>Smörkex</xmp:CreatorTool></rdf:Description></rdf:RDF></x:xmpmeta>',
    );
    const profile = `\nxmp\n${String(xmp.length).padStart(8)}\n${xmp.toString('hex')}\n`;
    const text = Buffer.concat([Buffer.from('Raw profile type xmp\0\0', 'latin1'), deflateSync(profile)]);
    const [start, ...rest] = splitAt(await drawPhoto({ seed: 3, width: 64, height: 48, format: 'jpeg' }), 2);
    const segment = Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1'), xmp]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(segment.length + 2);
    const app1 = Buffer.concat([Buffer.from([0xff, 0xe1]), length, segment]);
    for (const [name, bytes] of [
      ['marked.png', png(16, 16, pngChunk('zTXt', text))],
      ['marked.jpg', Buffer.concat([start, app1, ...rest])],
    ] as const) {
      const file = path.join(folder.path, name);
      await writeFile(file, bytes);
      expect((await read(file)).time_tags).toMatchObject({ 'XMP:CreateDate': '2019:09:02' });
    }
  });

  test('keeps what is readable of a camera name that is not UTF-8, and every word of one that is', async () => {
    const tags = { 'EXIF:Make': 'Fabrik von Muller', 'EXIF:Model': 'Größe 2' };
    const file = await stampedPhoto(folder.path, 'latin.jpg', { tags });
    const bytes = (await readFile(file)).toString('latin1').replace('von Muller', 'von M\xfcller');
    await writeFile(file, bytes, 'latin1');
    expect((await read(file)).camera).toMatchObject({ make: 'Fabrik von M\u{FFFD}ller', model: 'Größe 2' });
  });

  test('keeps time tags that are no dates, cut to 200 characters', async () => {
    const comment = pngChunk('tEXt', Buffer.from(`Creation Time\0${'the summer of '.repeat(100)}`, 'latin1'));
    const { time_tags } = await read(await stampedFile(folder.path, 'odd.png', png(9, 8, comment)));
    expect(time_tags['PNG:CreationTime']).toMatch(/^the summer of /);
    expect(time_tags['PNG:CreationTime']).toHaveLength(200);
  });
});

describe('a video', () => {
  test.each([
    ['clip.mov', 'qt  ', 'video/quicktime'],
    ['clip.mp4', 'isom', 'video/mp4'],
  ] as const)('%s says its times, duration and size, turned', async (name, brand, mime_type) => {
    const bytes = drawVideo({
      brand,
      created: '2020-05-05T08:20:30Z',
      seconds: 12.5,
      width: 320,
      height: 240,
      rotation: 90,
    });
    const tags = brand === 'qt  ' ? { 'Keys:CreationDate': '2020:05:05 10:20:30+02:00' } : undefined;
    const facts = await read(await stampedFile(folder.path, name, bytes, { tags }));
    expect(facts).toMatchObject({ mime_type, kind: 'video', width: 240, height: 320, duration_seconds: 12.5 });
    expect(facts.time_tags).toEqual({
      'QuickTime:CreateDate': '2020:05:05 08:20:30',
      'QuickTime:TrackCreateDate': '2020:05:05 08:20:30',
      'QuickTime:MediaCreateDate': '2020:05:05 08:20:30',
      ...(tags === undefined ? {} : { 'Keys:CreationDate': '2020:05:05 10:20:30+02:00' }),
    });
    expect(facts).toMatchObject({ dhash: null, thumbnail: null });
    expect(codes(facts)).toEqual(['no_thumbnail_yet']);
  });
});

describe('a broken file', () => {
  let files: Awaited<ReturnType<typeof brokenFiles>>;
  beforeAll(async () => {
    files = await brokenFiles(path.join(folder.path, 'broken'));
  });

  test('ends as an error or as an asset with a warning, never as a crash', async () => {
    await expect(read(files.empty)).rejects.toMatchObject({ code: 'empty_file' });
    await expect(read(files.text)).rejects.toMatchObject({
      code: 'not_media',
      message: expect.stringMatching(/text\/plain/),
    });
    await expect(read(files.zeros)).rejects.toMatchObject({ code: 'not_media' });

    const truncated = await read(files.truncated);
    expect(codes(truncated)).toContain('damaged_pixels');
    expect(truncated).toMatchObject({ dhash: null, width: 320, height: 240 });
    expect(truncated.thumbnail).not.toBeNull();

    const hugePng = await read(files.hugePng);
    expect(codes(hugePng)).toEqual(['too_many_pixels']);
    expect(hugePng).toMatchObject({ width: 65_000, height: 65_000, thumbnail: null, dhash: null });
    expect(codes(await read(files.gifBomb))).toContain('too_many_pixels');
    expect(codes(await read(files.widePng))).toEqual(['too_many_pixels']);
  });

  test('whose text unpacks a thousandfold costs ExifTool that text, not the process', async () => {
    await using one = await openMediaTools({ processes: 1, max_megapixels: 268, limit_seconds: 20 });
    await read(await stampedPhoto(folder.path, 'before.jpg'), one);
    const before = one.exiftool.pids;
    expect(before).toHaveLength(1);
    const facts = await read(files.textBomb, one);
    expect(facts.thumbnail).not.toBeNull();
    expect(codes(facts)).toEqual(['metadata_damaged']);
    expect(one.exiftool.pids).toEqual(before);
  });

  test('with more pixels than allowed is refused before it is decoded', async () => {
    await using small = await openMediaTools({ processes: 1, max_megapixels: 1, limit_seconds: 20 });
    const file = await stampedPhoto(folder.path, 'two-megapixels.jpg', {
      width: 2000,
      height: 1000,
      tags: { 'EXIF:DateTimeOriginal': '2020:05:05 10:20:30' },
    });
    const facts = await read(file, small);
    expect(facts).toMatchObject({ width: 2000, height: 1000, thumbnail: null, dhash: null });
    expect(facts.time_tags['EXIF:DateTimeOriginal']).toBe('2020:05:05 10:20:30');
    expect(codes(facts)).toEqual(['too_many_pixels']);
  });

  test('that is an SVG drawing or a PDF is not media', async () => {
    const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    await expect(read(await stampedFile(folder.path, 'drawing.jpg', Buffer.from(svg)))).rejects.toMatchObject({
      code: 'not_media',
    });
    await expect(
      read(await stampedFile(folder.path, 'page.jpg', Buffer.from('%PDF-1.4\n%%EOF'))),
    ).rejects.toMatchObject({ code: 'not_media' });
  });
});

describe('the name of a file', () => {
  const hostile = [
    '-overwrite_original.jpg',
    '@arguments.jpg',
    'line\nbreak.jpg',
    '\n-execute\n-tagsFromFile\nx.jpg',
    'carriage\rreturn.jpg',
    ' leading and trailing .jpg ',
    '#comment.jpg',
    '#[CSTR]\\x41.jpg',
    'pipe |',
    '> redirect.jpg',
    '$(touch pwned) `touch pwned`.jpg',
    'quote \' and " and \\.jpg',
    '%d%f_%e.jpg',
    '*?[a].jpg',
    'photo.jpg.gz',
    'ünïcödé 日本 🙂.jpg',
    '\u0007bell\u001B[31m.jpg',
    '\u2028separator.jpg',
  ];

  test.each(hostile)('%j is only a name', async (name) => {
    await using own = await temporaryFolder();
    await stampedPhoto(own.path, 'plain.jpg', { tags: { 'EXIF:DateTimeOriginal': '2020:05:05 10:20:30' } });
    await rename(path.join(own.path, 'plain.jpg'), path.join(own.path, name));
    const facts = await read(path.join(own.path, name));
    expect(facts.time_tags['EXIF:DateTimeOriginal']).toBe('2020:05:05 10:20:30');
    expect(facts.thumbnail).not.toBeNull();
    expect(await readdir(own.path)).toEqual([name]);
  });

  test('may be one that the owner knows and the disk does not', async () => {
    const opened = await openFile(await stampedPhoto(folder.path, 'upload-1234', { format: 'jpeg' }), signal);
    const facts = await readMedia({ ...opened, name: 'IMG_1.jpg' }, tools, signal);
    expect(facts.warnings).toEqual([]);
  });
});

describe('reading', () => {
  test('notices a file that was replaced since it was opened', async () => {
    const file = await stampedPhoto(folder.path, 'replaced.jpg', { modified: '2020-01-01T00:00:00Z' });
    const opened = await openFile(file, signal);
    await utimes(file, 1, 1);
    await expect(readMedia(opened, tools, signal)).rejects.toMatchObject({ code: 'changed_while_reading' });
    await rm(file);
    await expect(readMedia(opened, tools, signal)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('stops when it is told to', async () => {
    const opened = await openFile(await stampedPhoto(folder.path, 'stopped.jpg'), signal);
    await expect(readMedia(opened, tools, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('goes on when an ExifTool process is killed', async () => {
    await using own = await openMediaTools({ processes: 1, max_megapixels: 268, limit_seconds: 20 });
    const file = await stampedPhoto(folder.path, 'killed.jpg', {
      tags: { 'EXIF:DateTimeOriginal': '2020:05:05 10:20:30' },
    });
    await read(file, own);
    const reading = read(file, own);
    for (const pid of own.exiftool.pids) process.kill(pid, 'SIGKILL');
    expect((await reading).time_tags['EXIF:DateTimeOriginal']).toBe('2020:05:05 10:20:30');
  });

  test('gives ExifTool up after its time, and keeps the picture', async () => {
    await using own = await openMediaTools({ processes: 1, max_megapixels: 268, limit_seconds: 1 });
    const file = await stampedPhoto(folder.path, 'hung.jpg');
    await read(file, own);
    for (const pid of own.exiftool.pids) process.kill(pid, 'SIGSTOP');
    const facts = await read(file, own);
    expect(codes(facts)).toEqual(['metadata_unreadable']);
    expect(facts.thumbnail).not.toBeNull();
    expect((await read(file, own)).warnings).toEqual([]);
  });

  test('leaves no process behind', async () => {
    const own = await openMediaTools({ processes: 2, max_megapixels: 268, limit_seconds: 20 });
    const file = await stampedPhoto(folder.path, 'last.jpg');
    await Promise.all([read(file, own), read(file, own), read(file, own)]);
    const pids = own.exiftool.pids;
    expect(pids.length).toBeGreaterThan(0);
    await own[Symbol.asyncDispose]();
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('follows a link, the importer decides which ones it meets', async () => {
    const file = await stampedPhoto(folder.path, 'linked.jpg');
    const link = path.join(folder.path, 'link.jpg');
    await symlink(file, link);
    expect((await read(link)).warnings).toEqual([]);
  });

  test('of many at once gives each file its own facts', async () => {
    const files = await manyPhotos(path.join(folder.path, 'many'), 24);
    const facts = await Promise.all(files.map((file) => read(file)));
    const minutes = facts.map((one) => Number(one.time_tags['EXIF:DateTimeOriginal']!.slice(-5, -3)));
    expect(minutes).toEqual(files.map((_, number) => number));
  });

  test('says what is missing when ExifTool does not start', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const opening = openMediaTools({ processes: 1, max_megapixels: 268, limit_seconds: 20 });
    await expect(opening).rejects.toThrow(/Perl/);
    vi.unstubAllEnvs();
  });
});

/** The picture as a camera held in that orientation stores it: the inverse of how it is to be shown. */
async function storedAs(upright: Buffer, orientation: number): Promise<Buffer> {
  // Reflections are their own inverse; sharp reflects before it turns, so a turn is made first, on its own.
  const turns = [0, 0, 0, 180, 180, 90, 270, 270, 90][orientation]!;
  const turned = await sharp(upright).rotate(turns).png().toBuffer();
  const mirrored = [2, 4, 5, 7].includes(orientation);
  return mirrored ? sharp(turned).flop().png().toBuffer() : turned;
}

async function meanColour(picture: Uint8Array): Promise<number[]> {
  const { channels } = await sharp(picture).stats();
  return channels.slice(0, 3).map(({ mean }) => mean);
}

function distance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
