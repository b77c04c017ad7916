/** A real browser from an npm package, and the few things a person does in it that Playwright has no word for. */
import path from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type BrowserContextOptions, type Page } from 'playwright-core';
import { temporaryFolder } from '../temporary-folder.ts';
import { unpackedChromium } from './unpacked-chromium.ts';

const cache = path.join(import.meta.dirname, '../../node_modules/.cache/daybook');

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export type OpenPage = {
  page: Page;
  /** Errors that the page threw or wrote to its console. */
  faults: string[];
  [Symbol.asyncDispose](): Promise<void>;
};

/** One page in a browser of its own with a fresh profile; disposing of it closes the browser and removes the profile. */
export async function openPage(options: BrowserContextOptions): Promise<OpenPage> {
  const profile = await temporaryFolder();
  const context = await playwright.launchPersistentContext(profile.path, {
    executablePath: await unpackedChromium(cache),
    headless: true,
    // These two make one process of the whole browser, for machines that allow no more; a crash would take the test.
    args: [
      ...chromium.args.filter((argument) => !/^--(single-process|no-zygote|headless)/.test(argument)),
      ...quiet,
    ],
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Pacific/Auckland',
    ...options,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  // A test has a limit of its own; this one only says at what it stood.
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  // Leaving while files are on their way asks first; a person says yes.
  page.on('dialog', (dialog) => void dialog.accept());
  return {
    page,
    faults,
    async [Symbol.asyncDispose]() {
      await context.close();
      await profile[Symbol.asyncDispose]();
    },
  };
}

/** Drags files or folders from the desktop onto the page: the browser walks them as it does for a person. */
export async function dropOnPage(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 200, data });
  }
  await session.detach();
}

/** Lets the page send no faster than this; null lifts it. */
export async function limitUpload(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}
