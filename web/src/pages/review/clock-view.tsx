/** A camera whose clock was wrong: what mending it would do, before and after on its pictures. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ClockCorrection } from '#contract/review.ts';
import { api, sentenceOf, thumbnailOf } from '../../api.ts';
import { useDecided } from '../../parts/decide/decisions.ts';
import { sayRefused } from '../../parts/decide/say-decided.tsx';
import { Icon } from '../../parts/icons.tsx';
import { isForPage } from '../../parts/keys.tsx';
import { wallClockWords } from '../../words/dates.ts';
import { count, countOf } from '../../words/numbers.ts';
import styles from './clock-view.module.css';

export function ClockView({ correction, onBack }: { correction: ClockCorrection; onBack: () => void }) {
  const { mutate, isPending } = useCorrectClock(correction);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.repeat || isPending || !isForPage(event)) return;
      if ((event.target as Element).closest('button:not([data-moves]), a') !== null) return;
      event.preventDefault();
      mutate();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [mutate, isPending]);

  return (
    <section className={styles.view} aria-label="The current one">
      <Button
        className={styles.back}
        variant="default"
        size="sm"
        leftSection={<Icon name="left" size={16} />}
        onClick={onBack}
      >
        Queue
      </Button>
      <header className={styles.head}>
        <div>
          <h2 className={styles.sentence}>{correction.sentence}</h2>
          <p className={styles.about}>
            {periodOf(correction)} {countOf(correction.witnesses, 'picture shows', 'pictures show')} the
            difference.
          </p>
        </div>
        <Button loading={isPending} onClick={() => mutate()}>
          Set right for {correction.assets === 1 ? 'it' : `all ${count(correction.assets)}`}
        </Button>
      </header>
      <ul className={styles.samples}>
        {correction.samples.map(({ before_zone, after_zone, ...sample }) => (
          <li key={sample.asset_id} className={styles.sample}>
            <img
              src={thumbnailOf(sample.asset_id)}
              alt=""
              onError={(event) => event.currentTarget.setAttribute('data-broken', '')}
            />
            <p className={styles.name}>{sample.name}</p>
            <p className={styles.before}>
              <span className="unseen">before: </span>
              <s>{clockWords(sample.before, before_zone === after_zone ? null : before_zone)}</s>
            </p>
            <p className={styles.after}>
              <span className="unseen">after: </span>
              {clockWords(sample.after, before_zone === after_zone ? null : after_zone)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** With the zone where that is what changes. */
function clockWords(local: string | null, zone: string | null): string {
  if (local === null) return 'no date';
  const clock = wallClockWords(local, 'short');
  return zone === null ? clock : `${clock} (${zone})`;
}

/** Open ends reach as far as years do: then it is all that the camera took before or after. */
function periodOf({ from, to }: ClockCorrection): string {
  const [begin, end] = [from, to].map((local) => wallClockWords(local, 'without weekday'));
  const [always, forever] = [from <= '0001-01-01', to >= '9999'];
  if (always && forever) return 'All that this camera took.';
  if (always) return `All that this camera took until ${end} by its own clock.`;
  if (forever) return `All that this camera took from ${begin} by its own clock.`;
  return `${begin} – ${end} by its own clock.`;
}

type Corrections = Awaited<ReturnType<typeof api.review.clockCorrections.call>>;

function useCorrectClock({ camera, from, to, shift_seconds, zone }: ClockCorrection) {
  const client = useQueryClient();
  const queryKey = api.review.clockCorrections.queryKey({ input: {} });
  const decided = useDecided();
  return useMutation({
    mutationFn: () => api.review.correctClock.call({ camera, from, to, shift_seconds, zone }),
    onMutate() {
      const before = client.getQueryData<Corrections>(queryKey);
      client.setQueryData<Corrections>(
        queryKey,
        (known) =>
          known && {
            items: known.items.filter(
              (one) => one.from !== from || JSON.stringify(one.camera) !== JSON.stringify(camera),
            ),
          },
      );
      return () => void client.setQueryData(queryKey, before);
    },
    onError(error, _, restore) {
      restore?.();
      sayRefused('The clock could not be set right', sentenceOf(error));
    },
    onSuccess: (report, _, restore) => decided(report, false, restore),
  });
}
