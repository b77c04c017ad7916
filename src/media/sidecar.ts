/**
 * Sidecars: files that speak about the photo or video beside them and are no asset of their own. `.thm` (a small
 * JPEG beside a video), `.lrv` and `.lrf` (a small video beside a large one) are pictures by content, but of
 * something that is imported in full anyway.
 */
const sidecarExtensions = [
  'xmp', // Adobe, darktable, digiKam
  'json', // Google Takeout: IMG_1.jpg.json, IMG_1.jpg.supplemental-metadata.json, metadata.json
  'aae', // edits made on an iPhone
  'thm', // thumbnail with the camera's tags, beside AVI, CRW and MP4
  'lrv', // GoPro and Insta360 proxies
  'lrf', // DJI proxies
  'srt', // DJI flight log, subtitles
  'pp3', // RawTherapee
  'dop', // DxO
  'cos', // Capture One
  'nksc', // Nikon
  'on1',
  'vrd', // Canon
] as const;

const sidecarName = new RegExp(`\\.(${sidecarExtensions.join('|')})$`, 'i');

/** Whether a file of this name only describes another file. The name decides, the file is not opened. */
export function isSidecar(name: string): boolean {
  return sidecarName.test(name);
}
