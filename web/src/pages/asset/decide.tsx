/** What a person can decide about one picture, and what would settle all that are like it. */
import { Button } from '@mantine/core';
import type { DecisionToMake } from '#contract/decisions.ts';
import type { Asset } from '#contract/library.ts';
import { useDecide } from '../../parts/decide/decisions.ts';
import { DateOnly, Opened } from '../../parts/decide/selection-bar.tsx';
import { ShiftEntry } from '../../parts/decide/shift-entry.tsx';
import { ZoneEntry } from '../../parts/decide/zone-entry.tsx';
import { Icon } from '../../parts/icons.tsx';
import { useGroup } from '../../parts/review-queue.ts';
import { count } from '../../words/numbers.ts';
import styles from './decide.module.css';

export function Decide({ asset }: { asset: Asset }) {
  const decide = useDecide();
  const make = (decision: DecisionToMake) => decide.mutate({ target: { asset_ids: [asset.id] }, decision });
  if (asset.review === 'discarded') {
    return (
      <section aria-label="Decide" className={styles.decide}>
        <p className={styles.state}>Discarded: hidden and left out of exports. The file is as it was.</p>
        <Button size="xs" onClick={() => make({ kind: 'restore' })}>
          Restore
        </Button>
      </section>
    );
  }
  return (
    <section aria-label="Decide" className={styles.decide}>
      {asset.review === 'accepted' && (
        <p className={styles.state}>
          <Icon name="done" size={16} /> Reviewed
        </p>
      )}
      <div className={styles.buttons}>
        {asset.review === 'open' && asset.capture_time.local !== null && (
          <Button size="xs" onClick={() => make({ kind: 'accept' })}>
            Accept
          </Button>
        )}
        <Opened name="Set date" entry={DateOnly} size={1} onSet={make} below />
        {asset.capture_time.local !== null && (
          <>
            <Opened name="Shift" entry={ShiftEntry} size={1} onSet={make} below />
            <Opened name="Time zone" entry={ZoneEntry} size={1} onSet={make} below />
          </>
        )}
        <Button size="xs" variant="default" onClick={() => make({ kind: 'discard' })}>
          Discard
        </Button>
      </div>
      {asset.doubt !== null && <LikeIt doubt={asset.doubt} />}
    </section>
  );
}

/** Where one answer would settle a whole group. */
function LikeIt({ doubt }: { doubt: string }) {
  const group = useGroup(doubt);
  const decide = useDecide();
  if (group === null || group.proposal === null || group.count < 2) return null;
  const { decision, sentence } = group.proposal;
  return (
    <div className={styles.like}>
      <p>
        <b>{group.sentence}</b>
        <span className={styles.proposal}>{sentence}</span>
      </p>
      <Button
        size="xs"
        variant="default"
        onClick={() => decide.mutate({ target: { filter: { doubt } }, decision })}
      >
        Apply to all {count(group.count)}
      </Button>
    </div>
  );
}
