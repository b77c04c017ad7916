/** Libraries that read a file by name read some names as orders; those get a plain name for as long as it takes. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Calls `use` with a path that every library takes for a path: absolute, of harmless characters only. A file whose
 * own path is not like that (a newline would inject arguments into ExifTool, `[…]` options into libvips) is
 * reached through a link in a private folder that is removed afterwards. The file itself is not touched.
 */
export async function withPlainPath<Result>(
  file: string,
  harmless: RegExp,
  use: (plain: string) => Promise<Result>,
): Promise<Result> {
  const absolute = path.resolve(file);
  if (harmless.test(absolute)) return use(absolute);
  const folder = await mkdtemp(path.join(tmpdir(), 'daybook-link-'));
  try {
    const link = path.join(folder, `file${/\.[A-Za-z0-9]{1,10}$/.exec(file)?.[0] ?? ''}`);
    await symlink(absolute, link);
    return await use(link);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** ExifTool reads one argument per line. */
// eslint-disable-next-line no-control-regex
export const harmlessToExifTool = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/u;

/** libvips reads `name[options]`. */
export const harmlessToLibvips = /^[\p{L}\p{N} /._-]*$/u;
