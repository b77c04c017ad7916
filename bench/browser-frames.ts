/** What a person meets in a real browser: how long it takes, and how smoothly it scrolls. */
import type { Page } from 'playwright-core';
import { quantile } from './photos.ts';

type Scrolled = { frames: number[]; work: number };

/**
 * Milliseconds between frames while a wheel turns for five seconds, three rows a turn; and the milliseconds of work a
 * frame made for the page's thread, which other work on the machine does not change.
 */
async function framesWhileScrolling(on: Page): Promise<Scrolled> {
  const session = await on.context().newCDPSession(on);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  await on.mouse.move(700, 600);
  await on.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const next = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    Object.assign(window, { frames });
  });
  const before = await worked();
  const end = performance.now() + 5000;
  while (performance.now() < end) await on.mouse.wheel(0, 168);
  const frames = await on.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(1));
  const work = ((await worked()) - before) / frames.length;
  await session.detach();
  return { frames, work };
}

/**
 * How smoothly the open page scrolls and how large it is, as lines; beside it the floor, a page of great height that
 * holds nothing in the same browser, which is left open.
 */
export async function framesBesideFloor(page: Page, name: string): Promise<string[]> {
  const scrolled = await framesWhileScrolling(page);
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  await page.goto('about:blank');
  await page.setContent(`<body style="margin:0"><div style="height:1000000px"></div>`);
  return [
    framesInWords(name, scrolled),
    `nodes    ${elements} elements in the whole page`,
    framesInWords('floor', await framesWhileScrolling(page)),
  ];
}

function framesInWords(name: string, { frames, work }: Scrolled): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(frames, share).toFixed(1));
  const late = frames.filter((milliseconds) => milliseconds > 25).length;
  return `${name.padEnd(9)}p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms between ${frames.length} frames, ${late} of them over 25 ms; ${work.toFixed(1)} ms of work a frame`;
}

/** How long until what was asked for is seen, as a line. */
export async function untilSeen(name: string, run: () => Promise<unknown>): Promise<string> {
  const start = performance.now();
  await run();
  return `${name.padEnd(17)}${(performance.now() - start).toFixed(0).padStart(6)} ms until it is seen`;
}
