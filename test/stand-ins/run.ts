/**
 * The stand-ins by hand, to try the page without the internet: `npm run demo:videos`. Prints how Daybook is started so
 * that it asks them, and some links to paste. Ctrl-C stops them.
 */
import { parseArgs } from 'node:util';
import { startModel } from './model.ts';
import { someIds, startYouTube } from './youtube.ts';

const { values } = parseArgs({
  options: {
    'youtube-port': { type: 'string', default: '3660' },
    'model-port': { type: 'string', default: '3661' },
    /** Milliseconds that each answer of the model takes. */
    latency: { type: 'string', default: '400' },
  },
});

const youtube = await startYouTube({ port: Number(values['youtube-port']), latency_ms: 80 });
const model = await startModel({ port: Number(values['model-port']), latency_ms: Number(values.latency) });

const ids = someIds(60);
youtube.tell(ids[3] ?? '', { is: 'gone' });
youtube.tell(ids[7] ?? '', { is: 'private' });
youtube.tell(ids[11] ?? '', { is: 'upcoming' });
youtube.tell(ids[19] ?? '', { allowed: [] });
youtube.playlist('PLstandin', someIds(120, 'playlist'));
// Now and then an answer that fits no field, and one that is none.
model.script.answer = ({ text }) => {
  if (text.includes('part 13')) return { text: 'I would rather talk about something else.' };
  return undefined;
};

const environment = { ...youtube.environment, ...model.environment.google };
const setting = ([name, value]: [string, string]) => `  ${name}=${value} \\`;
process.stdout.write(
  [
    'Stand-ins for YouTube and Gemini are here. Start Daybook so:',
    '',
    ...Object.entries(environment).map(setting),
    '  npm start',
    '',
    'Links to paste (the last is a playlist):',
    '',
    ...ids.map((id) => `https://youtu.be/${id}`),
    'https://www.youtube.com/playlist?list=PLstandin',
    '',
  ].join('\n'),
);

process.once('SIGINT', () => {
  void Promise.all([youtube[Symbol.asyncDispose](), model[Symbol.asyncDispose]()]).then(() => process.exit(0));
});
