/** The one toast of the last decision: what was done, what was left as it is and why, and the way back. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import type { Decision, DecisionReport } from '#contract/decisions.ts';
import { api } from '../../api.ts';
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

const saidAfterMs = 700;

/** What takes longer than a moment is said to be under way, with how many pictures are left. */
export async function whileSaying<Value>(what: string, doing: Promise<Value>): Promise<Value> {
  const timer = window.setTimeout(() => {
    notifications.hide(id);
    notifications.show({
      id,
      loading: true,
      title: `${what} …`,
      message: <StillToDecide />,
      autoClose: false,
      withCloseButton: false,
    });
  }, saidAfterMs);
  try {
    return await doing;
  } finally {
    window.clearTimeout(timer);
    notifications.hide(id);
  }
}

function StillToDecide() {
  const waiting = useQuery(api.decisions.waiting.queryOptions({ input: {}, refetchInterval: 1000 }));
  const left = waiting.data?.assets ?? 0;
  return left === 0 ? 'You can go on meanwhile.' : `${countOf(left, 'picture', 'pictures')} left.`;
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
