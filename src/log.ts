import pino, { type Logger } from 'pino';

/** One line of JSON per event, on stderr so that stdout belongs to the command's own answer. */
export function openLog(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
