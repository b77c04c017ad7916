/** A list of saved videos as a CSV file, for the benches. */
import { randomFrom } from '../test/random.ts';

/** Titles of seven words, 3,000 channels, nine of ten cells filled. The same on every machine. */
export function drawCsv(count: number): string {
  const words =
    'how to build a fast engine with wood and steel in the garden while learning piano or rust part'.split(' ');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const random = randomFrom(6);
  const pick = <Value>(from: ArrayLike<Value>) => from[Math.floor(random() * from.length)];
  const some = (length: number) => Array.from({ length }, () => pick(words)).join(' ');
  const lines = [
    'url,title,channel,duration_seconds,published_at,state,level,topics,score,summary,processed_at',
  ];
  for (let nth = 0; nth < count; nth += 1) {
    const cells = [
      `https://www.youtube.com/watch?v=${Array.from({ length: 11 }, () => pick(letters)).join('')}`,
      some(7),
      `Channel ${Math.floor(random() * 3000)}`,
      Math.floor(random() * 5000),
      new Date(1.2e12 + Math.floor(random() * 5e11)).toISOString(),
      random() < 0.05 ? 'gone' : 'ready',
      random() < 0.9 ? pick(['Beginner', 'Intermediate', 'Advanced']) : '',
      random() < 0.9 ? `${pick(['wood', 'steel'])}; ${pick(['stone', 'paper'])}` : '',
      random() < 0.9 ? Math.floor(random() * 1000) / 10 : '',
      random() < 0.9 ? `"${some(15)}, ${some(2)}"` : '',
      '2026-01-01T00:00:00.000Z',
    ];
    lines.push(cells.join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
