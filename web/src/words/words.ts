/** What the closed lists of the contract are called on the page. */
import type {
  Confidence,
  EvidenceSource,
  ItemState,
  JobStatus,
  Rejection,
  ZoneSource,
} from '#contract/words.ts';

export const confidenceWords: Record<Confidence, { word: string; about: string }> = {
  high: { word: 'high', about: 'A trusted source says so and another one agrees' },
  medium: { word: 'medium', about: 'One good source, or two that agree' },
  low: {
    word: 'low',
    about: 'Only a name, a folder or a file time, or good sources that contradict each other',
  },
  none: { word: 'none', about: 'Nothing says when this was taken' },
};

export const sourceWords: Record<EvidenceSource, string> = {
  person: 'Entered by a person',
  'EXIF:DateTimeOriginal': 'Camera clock, when taken',
  'Keys:CreationDate': 'Phone, when recorded',
  'EXIF:CreateDate': 'Camera clock, when digitised',
  'XMP:DateTimeOriginal': 'Photo program, when taken',
  'XMP:DateCreated': 'Photo program, when created',
  'XMP:DateTimeDigitized': 'Photo program, when digitised',
  'UserData:DateTimeOriginal': 'Camera clock, when recorded',
  'QuickTime:CreateDate': 'Video, when created',
  'ItemList:ContentCreateDate': 'Film notes, when created',
  'UserData:ContentCreateDate': 'Film notes, when created',
  'MakerNotes:DateTimeOriginal': 'Camera maker’s own date',
  'IPTC:DateCreated': 'Press caption, when created',
  'IPTC:DigitalCreationDate': 'Press caption, when digitised',
  'Takeout:photoTakenTime': 'Google Photos, when taken',
  'GPS:GPSDateTime': 'Satellite clock',
  'QuickTime:MediaCreateDate': 'Video stream, when created',
  'QuickTime:TrackCreateDate': 'Video track, when created',
  partner: 'Photo or film that belongs to it',
  'EXIF:ModifyDate': 'Last edit',
  'PNG:CreationTime': 'PNG, when created',
  'RIFF:DateTimeOriginal': 'AVI, when recorded',
  'H264:DateTimeOriginal': 'Video stream, when recorded',
  'Matroska:DateTimeOriginal': 'MKV, when recorded',
  'ASF:CreationDate': 'WMV, when created',
  'RIFF:DateCreated': 'AVI, when created',
  'XMP:CreateDate': 'Photo program, when made',
  filename_datetime: 'File name, date and time',
  filename_date: 'File name, date',
  folder_date: 'Folder name',
  neighbours: 'Pictures before and after',
  'File:FileModifyDate': 'File, last change',
};

export const rejectionWords: Record<Rejection, string> = {
  impossible_date: 'Not a date that exists',
  zeros: 'All zeros: the clock was never set',
  before_min_year: 'Too long ago to be true',
  after_tomorrow: 'Lies in the future',
  epoch_default: 'A computer’s zero, not a time',
  camera_default: 'The date this camera starts with when its clock was never set',
  copied_recently: 'The file was copied just before the import; this is the time of copying',
  container_zero: 'The zero of this file format: never set',
  upload_time: 'The moment of the upload to Google, not the one it was taken',
  another_shot: 'Of another shot that only has the same name',
  overruled: 'A person decided otherwise',
};

export const zoneSourceWords: Record<ZoneSource, string> = {
  written: 'written beside the time',
  offset_tag: 'from the camera’s offset tag',
  time_zone_tag: 'from the camera’s time-zone setting',
  creation_date: 'from the phone’s creation date',
  gps_position: 'from the GPS position',
  utc_difference: 'from the difference to a UTC clock',
  device: 'learnt from other pictures of this device',
  home: 'the home time zone, for want of a better one',
  standard: 'by the rules of this format',
};

export type Tone = 'running' | 'good' | 'warn' | 'bad' | 'quiet';

export const statusWords: Record<JobStatus, { word: string; tone: Tone }> = {
  pending: { word: 'waiting to start', tone: 'quiet' },
  running: { word: 'running', tone: 'running' },
  paused: { word: 'paused', tone: 'warn' },
  halted: { word: 'halted', tone: 'bad' },
  cancelled: { word: 'cancelled', tone: 'quiet' },
  completed: { word: 'completed', tone: 'good' },
  completed_with_errors: { word: 'completed with errors', tone: 'warn' },
  failed: { word: 'failed', tone: 'bad' },
};

const stateWords: Record<ItemState, string> = {
  waiting: 'waiting',
  working: 'in work',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
};

/** Where an item of a job of this kind stands. */
export function stateWord(kind: string, state: ItemState): string {
  return state === 'working' ? wordsOf(kind).working : stateWords[state];
}

const errorWords: Record<string, string> = {
  empty_file: 'The file is empty',
  not_media: 'Not a photo or video',
  unreadable: 'The computer refused to read the file',
  not_found: 'The file is gone',
  changed_while_reading: 'The file changed while it was read',
  worker_crashed: 'Reading the file crashed the program that read it, twice',
  copy_differs: 'The copy was not as the original',
  copy_not_verified: 'The copy is not as it was verified',
  folder_in_the_way: 'A folder has the name of the file',
  name_refused_by_target: 'The disk does not take the name',
  no_free_name: 'No name was free',
  source_changed: 'The original was changed since it was imported',
  source_missing: 'The original is not there',
  too_large_for_target: 'Too large for the file system of the target',
};

/** A heading for errors of one cause. Codes not known here are shown as words rather than hidden. */
export function errorHeading(code: string | null): string {
  if (code === null) return 'No cause was given';
  const sentence = code.replaceAll('_', ' ');
  return errorWords[code] ?? sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** What the page says of the jobs of one kind. */
type KindWords = {
  name: string;
  items: readonly [one: string, many: string];
  /** Of an item that is worked on. */
  working: string;
  /** What cancelling leaves as it is, and what becomes of the rest. */
  cancelling: string;
};

const jobKinds: Record<string, KindWords> = {
  import: {
    name: 'Import',
    items: ['file', 'files'],
    working: 'being read',
    cancelling:
      'What is in the library stays there. The rest is not read; importing the same files again goes on with them.',
  },
  redate: {
    name: 'Redate',
    items: ['group of assets', 'groups of assets'],
    working: 'being decided',
    cancelling: 'What was decided stays. The rest is as it was; deciding again goes through all of it.',
  },
  export: {
    name: 'Export',
    items: ['file', 'files'],
    working: 'being copied',
    cancelling:
      'Copies that are written stay, each of them whole and verified. The rest is not written; the next export into this folder goes on with it.',
  },
  undo_export: {
    name: 'Undo of an export',
    items: ['file', 'files'],
    working: 'being taken back',
    cancelling: 'What was taken back stays away. The rest stays where it is; the export can be undone again.',
  },
  remove_sources: {
    name: 'Removal of sources',
    items: ['original', 'originals'],
    working: 'being compared',
    cancelling: 'Sources that were moved stay in their trash folder. The others stay where they are.',
  },
};

function wordsOf(kind: string): KindWords {
  return (
    jobKinds[kind] ?? {
      name: kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' '),
      items: ['item', 'items'],
      working: 'in work',
      cancelling: 'What is done stays. The rest is left as it is.',
    }
  );
}

export function kindWord(kind: string): string {
  return wordsOf(kind).name;
}

/** What the items of a job are, for `countOf`. */
export function itemWords(kind: string): readonly [one: string, many: string] {
  return wordsOf(kind).items;
}

export function cancellingWords(kind: string): string {
  return wordsOf(kind).cancelling;
}
