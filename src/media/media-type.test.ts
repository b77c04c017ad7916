import { describe, expect, test } from 'vitest';
import { mediaTypeOf, wrongExtension } from '#media/media-type.ts';

describe('the type of a file', () => {
  test.each([
    ['image/jpeg', 'photo', 'jpg', 'sharp'],
    ['image/bmp', 'photo', 'bmp', 'bmp'],
    ['image/heic', 'photo', 'heic', 'later'],
    ['image/x-canon-cr2', 'photo', 'cr2', 'later'],
    ['video/quicktime', 'video', 'mov', 'later'],
    ['video/x-unheard-of', 'video', 'cr2', 'later'],
  ])('%s is a %s called .%s', (mime, kind, extension, decoder) => {
    expect(mediaTypeOf(mime, 'CR2')).toMatchObject({ kind, extension, decoder });
  });

  test.each(['image/svg+xml', 'application/pdf', 'audio/mp4', 'text/plain', 'application/zip'])(
    '%s is neither photo nor video',
    (mime) => {
      expect(mediaTypeOf(mime, '')).toBeNull();
    },
  );

  test('has one spelling', () => {
    expect(mediaTypeOf('video/vnd.avi', 'avi')).toBe(mediaTypeOf('video/x-msvideo', 'avi'));
    expect(mediaTypeOf('video/matroska', 'mkv')).toBe(mediaTypeOf('video/x-matroska', 'mkv'));
  });
});

describe('the name of a file', () => {
  const jpeg = mediaTypeOf('image/jpeg', 'jpg')!;
  const quicktime = mediaTypeOf('video/quicktime', 'mov')!;

  test.each(['a.jpg', 'a.JPEG', 'a.jfif', 'a.b.c.jpg', '.hidden.jpg', 'line\nbreak.jpg'])(
    '%j fits a JPEG',
    (name) => {
      expect(wrongExtension(name, jpeg)).toBeNull();
    },
  );

  test('of an MP4 and a MOV may stand for one another', () => {
    expect(wrongExtension('clip.MP4', quicktime)).toBeNull();
  });

  test.each([
    ['a.png', /ends in \.png.*JPG.*will end in \.jpg/],
    ['a', /no extension/],
    ['.jpg', /no extension/],
    ['holiday 3. day at sea', /no extension/],
  ])('%j does not fit a JPEG, and a sentence says so', (name, sentence) => {
    expect(wrongExtension(name, jpeg)).toMatch(sentence);
  });
});
