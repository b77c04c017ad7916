import type { EvidenceSource } from '#contract/words.ts';

/**
 * How a source states its time.
 * `local`: the wall clock where the device stood, its zone unknown or in another tag.
 * `utc`: a wall clock in UTC, or an instant.
 * `as_written`: a wall clock that may carry its zone; without one it reads as local.
 */
export type Reads = 'local' | 'utc' | 'as_written';

export type SourceFacts = {
  /** How much it is trusted: 100 settles everything, 8 and more can make a time `high`, 5 and more `medium`. */
  weight: number;
  reads: Reads;
  /** What a household member calls it; fits "… says 5 May 2020". */
  called: string;
  /** It states when the picture was taken, not when it was changed, saved or copied: only such a clock reveals a zone. */
  of_the_shot: boolean;
};

/**
 * Every source of evidence. Weights are those of the rule book; three sources are ours: RIFF (the clock of the camera
 * that wrote the AVI), H264 (the camcorder's clock with its zone) and Matroska (UTC by its standard, often the time
 * of conversion).
 */
export const sources = {
  person: { weight: 100, reads: 'as_written', called: 'a person', of_the_shot: true },
  'EXIF:DateTimeOriginal': { weight: 10, reads: 'local', called: 'the camera’s clock', of_the_shot: true },
  'Keys:CreationDate': { weight: 9, reads: 'as_written', called: 'the phone’s clock', of_the_shot: true },
  'EXIF:CreateDate': {
    weight: 8,
    reads: 'local',
    called: 'the camera’s note of when the picture was stored',
    of_the_shot: true,
  },
  'XMP:DateTimeOriginal': {
    weight: 8,
    reads: 'as_written',
    called: 'the date taken in the file’s notes',
    of_the_shot: true,
  },
  'XMP:DateCreated': {
    weight: 8,
    reads: 'as_written',
    called: 'the date created in the file’s notes',
    of_the_shot: true,
  },
  'H264:DateTimeOriginal': {
    weight: 8,
    reads: 'as_written',
    called: 'the camcorder’s clock',
    of_the_shot: true,
  },
  // Casio, Samsung and others write the wall clock of the camera into the user data of a video.
  'UserData:DateTimeOriginal': {
    weight: 8,
    reads: 'as_written',
    called: 'the camera’s clock',
    of_the_shot: true,
  },
  'QuickTime:CreateDate': { weight: 7, reads: 'utc', called: 'the date inside the video', of_the_shot: true },
  'IPTC:DateCreated': {
    weight: 7,
    reads: 'as_written',
    called: 'the date in the file’s caption',
    of_the_shot: true,
  },
  'XMP:DateTimeDigitized': {
    weight: 7,
    reads: 'as_written',
    called: 'the date digitised in the file’s notes',
    of_the_shot: true,
  },
  // `©day`: older iPhones write the moment with its zone, editors the day or year of publication.
  'ItemList:ContentCreateDate': {
    weight: 5,
    reads: 'as_written',
    called: 'the date of the film’s notes',
    of_the_shot: true,
  },
  'UserData:ContentCreateDate': {
    weight: 5,
    reads: 'as_written',
    called: 'the date of the film’s notes',
    of_the_shot: true,
  },
  'MakerNotes:DateTimeOriginal': {
    weight: 7,
    reads: 'local',
    called: 'the camera maker’s own date',
    of_the_shot: true,
  },
  'RIFF:DateTimeOriginal': { weight: 7, reads: 'local', called: 'the camera’s clock', of_the_shot: true },
  'Takeout:photoTakenTime': { weight: 7, reads: 'utc', called: 'Google Photos', of_the_shot: true },
  'GPS:GPSDateTime': { weight: 6, reads: 'utc', called: 'the GPS clock', of_the_shot: true },
  'QuickTime:MediaCreateDate': {
    weight: 6,
    reads: 'utc',
    called: 'the date inside the video',
    of_the_shot: true,
  },
  'QuickTime:TrackCreateDate': {
    weight: 6,
    reads: 'utc',
    called: 'the date inside the video',
    of_the_shot: true,
  },
  'Matroska:DateTimeOriginal': {
    weight: 6,
    reads: 'utc',
    called: 'the date inside the video',
    of_the_shot: true,
  },
  'ASF:CreationDate': {
    weight: 6,
    reads: 'utc',
    called: 'the date inside the video',
    of_the_shot: true,
  },
  'IPTC:DigitalCreationDate': {
    weight: 6,
    reads: 'as_written',
    called: 'the date digitised in the file’s caption',
    of_the_shot: true,
  },
  partner: {
    weight: 5,
    reads: 'as_written',
    called: 'the photo or film that belongs to it',
    of_the_shot: true,
  },
  'EXIF:ModifyDate': {
    weight: 5,
    reads: 'local',
    called: 'the date the picture was last changed',
    of_the_shot: false,
  },
  'PNG:CreationTime': {
    weight: 5,
    reads: 'as_written',
    called: 'the date inside the picture',
    of_the_shot: false,
  },
  'XMP:CreateDate': {
    weight: 5,
    reads: 'as_written',
    called: 'the date of the file’s notes',
    of_the_shot: false,
  },
  'RIFF:DateCreated': {
    weight: 5,
    reads: 'as_written',
    called: 'the date inside the video',
    of_the_shot: false,
  },
  filename_datetime: { weight: 3, reads: 'as_written', called: 'the file name', of_the_shot: true },
  filename_date: { weight: 2, reads: 'local', called: 'the file name', of_the_shot: true },
  folder_date: { weight: 2, reads: 'local', called: 'the folder name', of_the_shot: true },
  neighbours: {
    weight: 1,
    reads: 'local',
    called: 'the order of the photos around it',
    of_the_shot: false,
  },
  'File:FileModifyDate': {
    weight: 1,
    reads: 'utc',
    called: 'the time the file was last saved',
    of_the_shot: false,
  },
} as const satisfies Record<EvidenceSource, SourceFacts>;

export function factsOf(source: EvidenceSource): SourceFacts {
  return sources[source];
}
