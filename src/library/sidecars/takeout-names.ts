/**
 * Which JSON of a Google Takeout speaks of a photo. Google names it after the title of the photo, cuts the name at 46
 * characters (51 with `.json`), and puts the counter of a second photo of that name in another place than in the name
 * of the photo. None of this is documented; every rule has the real names it was seen in above it.
 */
import { editedWords } from '#capture-time/names/stem.ts';

const supplemental = '.supplemental-metadata';

/**
 * PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGINA.jpg → PXL_20230809_203449253.LONG_EXPOSURE-02.ORIGIN.json
 * 05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jpg → 05yqt21kruxwwlhhgrwrdyb6chhwszi9bqmzu16w0 2.jp.json
 * 😀😃😄😁😆😅😂🤣🥲☺️😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg → the same without 😛
 *
 * Counted in UTF-16 units. The name of the photo itself is cut at 47, without its extension.
 */
const cutAt = [51, 47, 46, 45] as const;
const shortestCut = 45;

/**
 * The names of JSON files that may speak of this photo or video, the most likely first. The first that exists in its
 * folder is the right one. Names are compared without regard to case.
 */
export function* takeoutJsonNames(media: string): Generator<string> {
  // IMG_0042.jpg → IMG_0042.jpg.json, IMG_0042.jpg.supplemental-metadata.json
  yield* jsonNames(media, '');
  // DSC_0238(1).JPG → DSC_0238.JPG(1).json; also IMG_0042.jpg.supplemental-metadata(1).json
  const { title, counter } = withoutCounter(media);
  if (counter !== '') yield* jsonNames(title, counter);
  // PXL_20220405_090123740.PORTRAIT-modifié.jpg → PXL_20220405_090123740.PORTRAIT.jpg.json
  const original = withoutEdited(title);
  if (original !== null) {
    yield* jsonNames(original, counter);
    // IMG_1-edited(2).jpg is the second edit of IMG_1.jpg, or an edit of IMG_1(2).jpg, which was asked for first.
    if (counter !== '') yield* jsonNames(original, '');
  }
  // IMG_3479.MP4 (of a Live Photo) → IMG_3479.HEIC.json; PXL_20231118_035751175.MP → PXL_20231118_035751175.MP.jpg.json
  for (const still of stillsOf(title)) yield* jsonNames(still, counter);
  // original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P(1).jpg → original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json
  if (counter !== '' && title.length > shortestCut) yield* jsonNames(title, '');
}

function* jsonNames(title: string, counter: string): Generator<string> {
  for (const stem of stems(title)) yield `${stem}${counter}.json`;
}

/** Without `.json`: the title; with the new ending, whole or cut; the title cut. */
function* stems(title: string): Generator<string> {
  yield title;
  // IMG_20240101_120000.jpg.supplemental-metadata.json, ….jpg.supplemental-meta.json, ….jpg.s.json, ….jpg..json
  const whole = `${title}${supplemental}`;
  for (let end = whole.length; end > title.length; end -= 1) yield whole.slice(0, end);
  for (const end of cutAt) if (title.length > end) yield title.slice(0, end);
}

/** `DSC_0238(1).JPG` is the second DSC_0238.JPG of its folder. */
function withoutCounter(media: string): { title: string; counter: string } {
  const match = /^(?<stem>.+)(?<counter>\(\d{1,5}\))(?<extension>\.[^.]{1,5})?$/u.exec(media);
  const { stem = media, counter = '', extension = '' } = match?.groups ?? {};
  return match === null ? { title: media, counter: '' } : { title: `${stem}${extension}`, counter };
}

/** The edited copy has no JSON of its own. Its name may be cut within the word: `…-edi.jpg`. */
function withoutEdited(title: string): string | null {
  const [stem, extension] = splitName(title);
  const dash = stem.lastIndexOf('-');
  if (dash <= 0) return null;
  const word = stem
    .slice(dash + 1)
    .normalize('NFC')
    .toLowerCase();
  const isCut = stem.length >= shortestCut;
  const edited = editedWords.some((known) => known === word || (isCut && known.startsWith(word)));
  return edited ? `${stem.slice(0, dash)}${extension}` : null;
}

const stillExtensions = ['.heic', '.jpg', '.jpeg', '.heif', '.png', '.dng'];

/** The photos that a video may be the moving part of. */
function stillsOf(title: string): string[] {
  const [stem, extension] = splitName(title);
  if (!/^\.(?:mp4|mov|mp|mv|m4v)$/i.test(extension)) return [];
  const whole = /^\.mp$/i.test(extension) ? stillExtensions.map((still) => `${title}${still}`) : [];
  return [...stillExtensions.map((still) => `${stem}${still}`), ...whole];
}

function splitName(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
}

/**
 * What Takeout writes about an album or the account: metadata.json, métadonnées.json, Metadaten.json,
 * metadata(1).json; print-subscriptions.json, shared_album_comments.json, user-generated-memory-titles.json.
 */
const albumNames =
  /^(?:metadata|métadonnées|metadaten|metadatos|metadati|metadados|metadades|metadane|metagegevens|metadata-\d{1,4}|метаданные|метадані|メタデータ|元数据|中繼資料|메타데이터|print-subscriptions|shared_album_comments|user-generated-memory-titles)(?:\(\d{1,4}\))?\.json$/iu;

export function isAlbumJson(name: string): boolean {
  return albumNames.test(name.normalize('NFC'));
}
