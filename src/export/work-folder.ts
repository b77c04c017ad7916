/**
 * The folder `.daybook` in a target. That its README stands there tells that the disk does: an export begins by making
 * it, and nothing is written where it is missing. The folder alone would not tell: ExifTool makes the folders of what
 * it writes, so that a disk that was pulled while it worked left an empty `.daybook/incoming` in its place.
 *
 * `incoming/` work in progress; `replaced/<export>/…` copies that an export set aside, under the path they had;
 * `exports/<export>/` reports.
 */
import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '#library/storage.ts';

export const workFolder = '.daybook';

const readme = 'README.txt';
/** Below the target: while it stands there, so does its disk. */
export const signOfTarget = `${workFolder}/${readme}`;
const readmeText = `This folder belongs to Daybook, which writes this archive. It holds copies that a later
export replaced (replaced), reports of every export (exports), and work in progress (incoming).
Daybook takes it that the disk is connected while this file stands here, so leave it.
`;

/** Makes the target with its work folder. Making it again changes nothing. */
export async function makeWorkFolder(target: string): Promise<void> {
  await mkdir(incomingOf(target), { recursive: true });
  await using file = await open(path.join(target, signOfTarget), 'w');
  await file.writeFile(readmeText);
  await file.sync();
  await syncFolder(path.join(target, workFolder));
  await syncFolder(target);
}

/** Whether the target is there as an export left it, and not only the empty place where its disk belongs. */
export async function standsThere(target: string): Promise<boolean> {
  return lstat(path.join(target, signOfTarget)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** The last look before something gets its name: what went before took a while. */
export async function mustStandThere(target: string): Promise<void> {
  if (!(await standsThere(target))) throw new Error(`The folder ${target} is gone.`);
}

function incomingOf(target: string): string {
  return path.join(target, workFolder, 'incoming');
}

/** A name that nobody else has, for an unfinished file of this export. */
export function unfinishedPath(target: string, exportId: string, extension: string): string {
  const ending = /^[a-z0-9]{1,10}$/.test(extension) ? `.${extension}` : '';
  return path.join(incomingOf(target), `${exportId}-${randomUUID()}${ending}`);
}

/** What dead runs of an export left. To be called when nothing of it is in hand. */
export async function sweep(target: string, exportId: string): Promise<void> {
  const folder = incomingOf(target);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${exportId}-`)) await rm(path.join(folder, name), { force: true });
  }
}

/** What other exports left: while a job writes into a target, none of another may. */
export async function sweepOthers(target: string, exportId: string): Promise<void> {
  const folder = incomingOf(target);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${exportId}-`)) await rm(path.join(folder, name), { force: true });
  }
}

/** Where an export keeps what it set aside; below the target, with `/`. */
export function keptPath(exportId: string, below: string): string {
  return `${workFolder}/replaced/${exportId}/${below}`;
}

export function reportFolder(target: string, exportId: string): string {
  return path.join(target, workFolder, 'exports', exportId);
}
