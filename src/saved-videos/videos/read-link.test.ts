/** Which video a pasted text means: every form of address, and what is none. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, readLinks, type Link } from './read-link.ts';

const id = 'dQw4w9WgXcQ';
const video = (start_seconds: number | null = null): Link[] => [{ is: 'video', youtube_id: id, start_seconds }];
const reasons = (text: string) =>
  readLinks(text).map((link) => (link.is === 'unreadable' ? link.reason : link.is));

test.each([
  `https://www.youtube.com/watch?v=${id}`,
  `http://youtube.com/watch?v=${id}`,
  `https://www.youtube.com/watch?feature=share&app=desktop&v=${id}&list=PLabc&index=4`,
  `https://www.youtube.com/watch/${id}`,
  `https://youtu.be/${id}`,
  `https://youtu.be/${id}?si=AbCdEf_trackingtoken`,
  `https://www.youtube.com/shorts/${id}?feature=share`,
  `https://www.youtube.com/live/${id}?si=x`,
  `https://www.youtube.com/embed/${id}?autoplay=1`,
  `https://www.youtube.com/v/${id}`,
  `https://www.youtube.com/e/${id}`,
  `https://m.youtube.com/watch?v=${id}`,
  `https://music.youtube.com/watch?v=${id}&list=RDAMVM${id}`,
  `https://www.youtube-nocookie.com/embed/${id}`,
  `https://www.youtubekids.com/watch?v=${id}`,
  `https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D${id}%26feature%3Dshare`,
  `youtube.com/watch?v=${id}`,
  `www.youtube.com/watch?v=${id}`,
  `//youtu.be/${id}`,
  `HTTPS://WWW.YOUTUBE.COM/watch?v=${id}`,
  `https://www.youtube.com./watch?v=${id}`,
  `https://www.youtube.com/watch?v=${id}&amp;feature=share`,
  id,
  `  ${id}  `,
])('%s is the video', (text) => {
  expect(readLinks(text)).toEqual(video());
});

test.each([
  [`https://youtu.be/${id}?t=90`, 90],
  [`https://youtu.be/${id}?t=90s&si=tracking`, 90],
  [`https://youtu.be/${id}?t=1h2m3s`, 3723],
  [`https://www.youtube.com/watch?v=${id}&t=2m`, 120],
  [`https://www.youtube.com/watch?t=42&v=${id}`, 42],
  [`https://www.youtube.com/embed/${id}?start=75`, 75],
  [`https://www.youtube.com/watch?v=${id}&time_continue=12`, 12],
  [`https://www.youtube.com/watch?v=${id}#t=1m30s`, 90],
  [`https://www.youtube.com/watch?v=${id}&amp;t=30s`, 30],
  [`https://youtu.be/${id}?t=0`, null],
  [`https://youtu.be/${id}?t=soon`, null],
  [`https://youtu.be/${id}?t=-5`, null],
  [`https://youtu.be/${id}?t=99999999999999999999`, null],
])('the start of %s is %s', (text, start) => {
  expect(readLinks(text)).toEqual(video(start));
});

test.each([
  `1. https://youtu.be/${id} – the best one`,
  `[A title](https://youtu.be/${id})`,
  `<https://youtu.be/${id}>`,
  `"https://youtu.be/${id}",`,
  `See https://youtu.be/${id}.`,
  `(youtu.be/${id})`,
  `Found on https://example.org/blog : https://youtu.be/${id}`,
])('words around a link do not matter: %s', (text) => {
  expect(readLinks(text)).toEqual(video());
});

const idsIn = (text: string) =>
  readLinks(text).map((link) => (link.is === 'video' ? link.youtube_id : link.is));

test('a line may hold several links, or several ids', () => {
  const other = 'aaaaaaaaaaa';
  expect(idsIn(`https://youtu.be/${id} https://youtu.be/${other}`)).toEqual([id, other]);
  expect(idsIn(`https://youtu.be/${id},https://youtu.be/${other}`)).toEqual([id, other]);
  expect(idsIn(`https://youtu.be/${id};//youtu.be/${other}`)).toEqual([id, other]);
  expect(idsIn(`${id}, ${other}`)).toEqual([id, other]);
});

test.each([
  ['https://www.youtube.com/playlist?list=PLabc_-123', 'PLabc_-123'],
  ['https://www.youtube.com/watch?list=PLabc', 'PLabc'],
  ['https://music.youtube.com/playlist?list=OLAK5uy_x', 'OLAK5uy_x'],
  ['https://www.youtube.com/embed/videoseries?list=PLabc', 'PLabc'],
])('%s is a playlist', (text, playlist_id) => {
  expect(readLinks(text)).toEqual([{ is: 'playlist', playlist_id }]);
});

test.each([
  ['hello', 'not_a_link'],
  ['a word of11chars but others', 'not_a_link'],
  ['https://vimeo.com/12345', 'not_youtube'],
  [`https://example.org/?u=https://www.youtube.com/watch?v=${id}`, 'not_youtube'],
  [`https://www.youtube.com.evil.example/watch?v=${id}`, 'not_youtube'],
  [`https://youtube.com@evil.example/watch?v=${id}`, 'not_youtube'],
  [`https://evil-youtube.com/watch?v=${id}`, 'not_youtube'],
  [`https://user:secret@notyoutu.be/${id}`, 'not_youtube'],
  [`http://127.0.0.1/watch?v=${id}`, 'not_youtube'],
  [`https://www.youtube.com\\@evil.example/watch?v=${id}`, 'no_video'],
  [`ftp://www.youtube.com/watch?v=${id}`, 'not_a_link'],
  [`file:///etc/passwd?v=${id}`, 'not_a_link'],
  ['https://www.youtube.com/', 'no_video'],
  ['https://www.youtube.com/@somebody', 'no_video'],
  ['https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv', 'no_video'],
  ['https://www.youtube.com/results?search_query=wood', 'no_video'],
  ['https://www.youtube.com/embed/live_stream?channel=UCx', 'no_video'],
  ['https://www.youtube.com/playlist', 'no_video'],
  ['https://www.youtube.com/watch?v=short', 'bad_id'],
  [`https://www.youtube.com/watch?v=${id}x`, 'bad_id'],
  ['https://youtu.be/%00%00', 'bad_id'],
  [`https://youtu.be/${'x'.repeat(1900)}`, 'bad_id'],
  [`https://youtu.be/${id}?${'x'.repeat(3000)}`, 'too_long'],
])('%s is refused: %s', (text, reason) => {
  expect(reasons(text)).toEqual([reason]);
});

test('an empty line holds nothing, and is no fault', () => {
  expect(readLinks('')).toEqual([]);
  expect(readLinks(' \t ')).toEqual([]);
});

const anyId = fc.stringMatching(/^[\w-]{11}$/).filter((each) => !['videoseries', 'live_stream'].includes(each));
const tracking = fc.constantFrom(
  'si=abc_DEF-1',
  'feature=share',
  'pp=ygUE',
  'ab_channel=X%20Y',
  'list=PL1',
  'index=3',
);

test('any id in any form, among any tracking, is read as that id and start', () => {
  const form = fc.constantFrom<(v: string) => [string, string[]]>(
    (v) => ['https://www.youtube.com/watch', [`v=${v}`]],
    (v) => [`https://youtu.be/${v}`, []],
    (v) => [`https://m.youtube.com/shorts/${v}`, []],
    (v) => [`https://www.youtube-nocookie.com/embed/${v}`, []],
    (v) => [`youtube.com/live/${v}`, []],
  );
  fc.assert(
    fc.property(
      anyId,
      form,
      fc.uniqueArray(tracking, { maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 86_400 })),
      fc.nat(),
      (youtube_id, write, extra, start, at) => {
        const [address, own] = write(youtube_id);
        const query: string[] = [...extra];
        for (const part of [...own, ...(start === null ? [] : [`t=${start}s`])]) {
          query.splice(at % (query.length + 1), 0, part);
        }
        const text = query.length === 0 ? address : `${address}?${query.join('&')}`;
        expect(readLinks(text)).toEqual([{ is: 'video', youtube_id, start_seconds: start }]);
      },
    ),
    { seed: 6 },
  );
});

test('the address that is shown is read as what it was made of', () => {
  fc.assert(
    fc.property(anyId, fc.option(fc.integer({ min: 1, max: 600_000 })), (youtube_id, start_seconds) => {
      expect(readLinks(addressOf(youtube_id, start_seconds))).toEqual([
        { is: 'video', youtube_id, start_seconds },
      ]);
    }),
    { seed: 7 },
  );
});

test('no text breaks the reader, and an id is eleven letters whatever came', () => {
  const shred = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          'https:',
          '//',
          'youtu.be',
          'www.youtube.com',
          '/',
          '?',
          'v=',
          '&',
          id,
          '#t=',
          '%',
          '@',
          '\\',
          ' ',
        ),
        {
          maxLength: 40,
        },
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(shred, (text) => {
      for (const link of readLinks(text)) {
        if (link.is === 'video') expect(link.youtube_id).toMatch(/^[\w-]{11}$/);
        else if (link.is === 'playlist') expect(link.playlist_id).toMatch(/^[\w-]{2,100}$/);
        else expect(link.message.isWellFormed()).toBe(true);
      }
    }),
    { seed: 8, numRuns: 2000 },
  );
});

test('a long line of brackets, dots or letters comes to an end', () => {
  for (const part of ['(', '.', 'a.', 'youtu.', '//', '"', 'youtube.com/', 'http://a,']) {
    expect(readLinks(part.repeat(2000).slice(0, 2000))).not.toEqual([]);
  }
});
