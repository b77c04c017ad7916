import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';

/** The page as it is served, and everything it is built from. */
export const builtPage = path.join(import.meta.dirname, '../../web/dist');
const root = path.join(import.meta.dirname, '../..');
const sources = [
  'web/index.html',
  'web/src/**',
  'web/public/**',
  'src/contract/**',
  'vite.config.ts',
  'package-lock.json',
];

/** Builds the page if it is not built, or if one of its sources is newer; some seconds, once. */
export async function buildPageIfStale(say: (sentence: string) => void): Promise<void> {
  const index = path.join(builtPage, 'index.html');
  if (existsSync(index) && !hasNewerSource(statSync(index).mtimeMs)) return;
  say('Building the page (once, some seconds) …');
  let vite;
  try {
    vite = await import('vite');
  } catch (cause) {
    throw new Error(
      'The page is not built and its builder is not installed. Run "npm ci" without --omit=dev.',
      { cause },
    );
  }
  await vite.build({
    root: path.join(root, 'web'),
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'error',
  });
}

function hasNewerSource(builtAtMs: number): boolean {
  return globSync(sources, { cwd: root }).some(
    (source) => statSync(path.join(root, source)).mtimeMs > builtAtMs,
  );
}
