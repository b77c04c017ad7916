/** What ExifTool is asked for. It answers in the same words: `Group:Tag`. */

/** How ExifTool looks at a file: `picture` for formats whose pixels, and so their size, are read by the decoder. */
export type Look = 'jpeg' | 'picture' | 'container';

/** Tags that say a time, or the zone or fraction of one. `Group:Tag` as asked and as returned. */
export const timeTags = [
  'EXIF:DateTimeOriginal',
  'EXIF:SubSecTimeOriginal',
  'EXIF:OffsetTimeOriginal',
  'EXIF:CreateDate',
  'EXIF:SubSecTimeDigitized',
  'EXIF:OffsetTimeDigitized',
  'EXIF:ModifyDate',
  'EXIF:SubSecTime',
  'EXIF:OffsetTime',
  'EXIF:TimeZoneOffset',
  'GPS:GPSDateStamp',
  'GPS:GPSTimeStamp',
  'XMP:GPSDateTime',
  'QuickTime:CreateDate',
  'QuickTime:MediaCreateDate',
  'QuickTime:TrackCreateDate',
  'Keys:CreationDate',
  'ItemList:ContentCreateDate',
  'UserData:ContentCreateDate',
  'UserData:DateTimeOriginal',
  'XMP:DateTimeOriginal',
  'XMP:DateTimeDigitized',
  'XMP:DateCreated',
  'XMP:CreateDate',
  'IPTC:DateCreated',
  'IPTC:TimeCreated',
  'IPTC:DigitalCreationDate',
  'IPTC:DigitalCreationTime',
  'PNG:CreationTime',
  'RIFF:DateTimeOriginal',
  'RIFF:DateCreated',
  'H264:DateTimeOriginal',
  'Matroska:DateTimeOriginal',
  'ASF:CreationDate',
  'MakerNotes:DateTimeOriginal',
  'MakerNotes:TimeZone',
  'MakerNotes:DaylightSavings',
  // The halves of a Live Photo carry the same one.
  'MakerNotes:ContentIdentifier',
  'Keys:ContentIdentifier',
] as const;

const otherTags = [
  'Make',
  'Model',
  'SerialNumber',
  'InternalSerialNumber',
  'LensModel',
  'XMP-aux:Lens',
  'IPTC:Keywords',
  'XMP-dc:Subject',
  'ImageWidth',
  'ImageHeight',
  'MIMEType',
  'FileType',
  'FileTypeExtension',
  'Warning',
  'Error',
];

/** A number sign asks for the number instead of the words ("Rotate 90 CW"). */
const pictureTags = [
  'GPS:GPSLatitude#',
  'GPS:GPSLatitudeRef#',
  'GPS:GPSLongitude#',
  'GPS:GPSLongitudeRef#',
  'XMP:GPSLatitude#',
  'XMP:GPSLongitude#',
  'EXIF:Orientation#',
];
const containerTags = [
  'Composite:GPSLatitude#',
  'Composite:GPSLongitude#',
  'Composite:ImageSize#',
  'Composite:Rotation#',
  'QuickTime:Rotation#',
  'EXIF:Orientation#',
  'Duration#',
];

/** Groups of films and other containers: a JPEG read up to its pixels has none, and not asking saves 0.3 ms. */
const neverInJpeg: ReadonlySet<string> = new Set(
  'QuickTime Keys ItemList UserData PNG RIFF H264 Matroska ASF'.split(' '),
);

export const tagsAsked: Record<Look, readonly string[]> = {
  jpeg: [...timeTags.filter((tag) => !neverInJpeg.has(tag.split(':')[0]!)), ...otherTags, ...pictureTags],
  picture: [...timeTags, ...otherTags, ...pictureTags],
  container: [...timeTags, ...otherTags, ...containerTags],
};
