/** The plan in figures: what will be done, what needs a look first, and whether it fits. */
import { Link } from '@tanstack/react-router';
import type { Export } from '#contract/exports.ts';
import { exportActions, exportDoubts } from '#contract/words.ts';
import { Bar } from '../../parts/bar.tsx';
import { Icon } from '../../parts/icons.tsx';
import { actionWords, doubtWords } from '../../words/export-words.ts';
import { byteSize, count, countOf } from '../../words/numbers.ts';
import { stageOf } from './stage.ts';
import styles from './totals.module.css';

export function Totals({ one }: { one: Export }) {
  const { actions, doubts, collisions } = one.counts;
  const doubtful = exportDoubts.filter((doubt) => doubts[doubt] > 0);
  return (
    <section className={styles.totals} aria-label="The plan in figures">
      <ul className={styles.actions}>
        {exportActions.map((action) => (
          <li key={action}>
            <Link
              to="/export/$exportId"
              params={{ exportId: one.id }}
              search={{ action }}
              className={styles.action}
              data-none={actions[action] === 0 || undefined}
              resetScroll={false}
              replace
            >
              <b>{count(actions[action])}</b> {actionWords[action].word}
              <small>{aboutAction(one, action)}</small>
            </Link>
          </li>
        ))}
      </ul>
      {stageOf(one) === 'planned' && <Space one={one} />}
      {(doubtful.length > 0 || collisions > 0) && (
        <ul className={styles.doubts} aria-label="Worth knowing before it starts">
          {doubtful.map((doubt) => (
            <li key={doubt} className={styles.doubt} data-bad={doubt === 'source_missing' || undefined}>
              <Icon name="warning" size={16} />
              <span>
                <b>
                  {count(doubts[doubt])} {doubtWords[doubt].word}
                </b>{' '}
                <span className={styles.about}>{doubtWords[doubt].about}.</span>
              </span>
            </li>
          ))}
          {collisions > 0 && (
            <li className={styles.doubt}>
              <span className={styles.sign} aria-hidden="true">
                _1
              </span>
              <span>
                <b>{countOf(collisions, 'name with a number', 'names with a number')}</b>{' '}
                <span className={styles.about}>
                  Others would have been called the same: _001, _002 … tell them apart.
                </span>
              </span>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function aboutAction(one: Export, action: (typeof exportActions)[number]): string {
  if (action !== 'gone') return actionWords[action].about;
  return `${actionWords.gone.about}: ${one.set_aside_gone ? 'cleared away' : 'left where it is'}`;
}

/** A disk that is full to the last byte serves nobody: below this much left, it is said. */
const littleLeft = 0.02;

function Space({ one: { total_bytes: needed, free_bytes: free } }: { one: Export }) {
  if (free === null) return <p className={styles.space}>{byteSize(needed)} will be copied.</p>;
  const fits = needed <= free;
  const tight = fits && free - needed < littleLeft * free;
  return (
    <div className={styles.space} data-bad={!fits || undefined}>
      <p role={fits ? undefined : 'alert'}>
        {!fits && <Icon name="warning" size={16} />}
        <span>
          <b>{byteSize(needed)}</b> will be copied, <b>{byteSize(free)}</b> are free there.
          {!fits &&
            ` ${byteSize(needed - free)} are missing: make room there, or plan for another disk, or for a part: one year, one tag.`}
          {tight && ' It fits, with hardly anything left.'}
        </span>
      </p>
      <Bar
        part={Math.min(needed, free)}
        total={Math.max(free, 1)}
        label="Share of the free space that is needed"
        tone={fits ? (tight ? 'warn' : 'running') : 'bad'}
      />
    </div>
  );
}
