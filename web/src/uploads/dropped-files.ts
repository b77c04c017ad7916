/** The files of a drop or a picker, folders walked through, each with its folder inside the drop. */
import { isSystemName } from '#contract/system-names.ts';

export type FoundFile = { file: File; folder: string };
export type Found = { files: FoundFile[]; systemFiles: number };

/**
 * Must be called inside the drop event: the browser forgets the entries as soon as the handler returns.
 * `onFound` hears how many files were found so far.
 */
export async function filesOfDrop(drop: DataTransfer, onFound: (count: number) => void): Promise<Found> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of drop.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    else if (file !== null) loose.push(file);
  }
  const found: Found = { files: [], systemFiles: 0 };
  for (const file of loose) keep(file, '', found);
  for (const entry of entries) await walk(entry, '', found, onFound);
  onFound(found.files.length);
  return found;
}

/** From `<input type="file">`; with a folder picked, `webkitRelativePath` holds the way from that folder down. */
export function filesOfPicker(picked: FileList): Found {
  const found: Found = { files: [], systemFiles: 0 };
  for (const file of picked) {
    const folders = file.webkitRelativePath.split('/').slice(0, -1);
    if (folders.some(isSystemName)) found.systemFiles += 1;
    else keep(file, folders.join('/'), found);
  }
  return found;
}

function keep(file: File, folder: string, found: Found): void {
  if (isSystemName(file.name)) found.systemFiles += 1;
  else found.files.push({ file, folder });
}

async function walk(
  entry: FileSystemEntry,
  folder: string,
  found: Found,
  onFound: (count: number) => void,
): Promise<void> {
  if (isSystemName(entry.name)) {
    found.systemFiles += 1;
    return;
  }
  if (isFile(entry)) {
    keep(await fileOf(entry), folder, found);
    if (found.files.length % 100 === 0) onFound(found.files.length);
  } else if (isFolder(entry)) {
    const inside = folder === '' ? entry.name : `${folder}/${entry.name}`;
    for (const child of await childrenOf(entry)) await walk(child, inside, found, onFound);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** Browsers hand out a folder in portions (Chromium: 100 entries) until an empty one says it is over. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return children;
    children.push(...portion);
  }
}
