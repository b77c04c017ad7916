/** The one toast of the last decision: what was done, what was left as it is and why, and the way back. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Decision, DecisionReport } from '#contract/decisions.ts';
import { countOf } from '../../words/numbers.ts';
import { leftAloneWords } from '../../words/review-words.ts';
import styles from './say-decided.module.css';

const id = 'decided';

export function sayDecided(report: DecisionReport, undo: (() => void) | null): void {
  const left = report.left_alone
    .filter(({ because }) => because !== 'already_so' || report.changed === 0)
    .map(
      ({ because, count }) =>
        `${countOf(count, 'picture', 'pictures')} left alone: ${leftAloneWords[because]}.`,
    );
  notifications.hide(id);
  notifications.show({
    id,
    title: titleOf(report),
    message: (
      <div className={styles.toast}>
        {left.map((line) => (
          <span key={line}>{line}</span>
        ))}
        {undo !== null && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            Undo
          </Button>
        )}
      </div>
    ),
  });
}

function titleOf({ decision, changed, matched }: DecisionReport): string {
  if (decision === null) return matched === 0 ? 'There was nothing to decide' : 'Nothing had to change';
  return `${decision.sentence}: ${countOf(changed, 'picture', 'pictures')}`;
}

export function sayUndone(decision: Decision, what: 'Undone' | 'Done again'): void {
  notifications.hide(id);
  notifications.show({
    id,
    title: what,
    message: `${decision.sentence}: ${countOf(decision.assets, 'picture', 'pictures')}`,
  });
}

export function sayRefused(title: string, message: string): void {
  notifications.hide(id);
  notifications.show({ id, color: 'red', title, message });
}
