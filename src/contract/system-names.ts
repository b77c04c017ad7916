/** What cameras, NAS and desktops leave beside photos. Hidden names are skipped before this list is asked. */
const systemNames: ReadonlySet<string> = new Set([
  '@eadir', // Synology thumbnails
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'picasa.ini',
  'zbthumbnail.info',
  'icon\r',
]);

/** Hidden (`.DS_Store`, `._IMG_1.jpg`, `.thumbnails`) or left by a system: never a photo of the owner's. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}
