import { Tooltip } from '@mantine/core';
import type { CaptureTime } from '#contract/capture-time.ts';
import { ConfidenceMark } from '../../parts/confidence.tsx';
import { clockWords, dateWords } from '../../words/dates.ts';
import { zoneSourceWords } from '../../words/words.ts';
import styles from './when-taken.module.css';

/** The chosen time in words, how sure it is, and why. A day-only date shows no time, and says that it has none. */
export function WhenTaken({ time }: { time: CaptureTime }) {
  const clock = time.local === null ? null : clockWords(time.local);
  return (
    <section aria-label="When it was taken" className={styles.when}>
      <h2 className={styles.time}>
        {time.local === null ? (
          'It is not known when this was taken'
        ) : (
          <Tooltip
            label={zoneWords(time)}
            multiline
            maw={320}
            events={{ hover: true, focus: true, touch: true }}
          >
            {/* The zone is on the focus too, so the time must take it. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <time dateTime={time.local} tabIndex={0} className={styles.clock}>
              <span>{dateWords(time.local, 'with weekday')}</span>
              {clock !== null && <span>{clock}</span>}
            </time>
          </Tooltip>
        )}
      </h2>
      <p className={styles.line}>
        <ConfidenceMark confidence={time.confidence} on="page with noun" />
        {time.local !== null && <span className={styles.zone}>{zoneLine(time, clock !== null)}</span>}
      </p>
      <p className={styles.because}>{time.because}</p>
    </section>
  );
}

function zoneWords({ zone, zone_source, at }: CaptureTime): string {
  if (zone === null) return 'The time zone is not known; this is what the clock said.';
  const source = zone_source === null ? '' : `, ${zoneSourceWords[zone_source]}`;
  return `${zone}${source}${at === null ? '' : `. In UTC: ${at.replace('T', ' ')}`}`;
}

function zoneLine(time: CaptureTime, hasClock: boolean): string {
  if (!hasClock) {
    if (time.precision === 'year') return 'only the year is known';
    return time.precision === 'month' ? 'only the month is known' : 'only the day is known';
  }
  return time.zone ?? 'time zone not known';
}
