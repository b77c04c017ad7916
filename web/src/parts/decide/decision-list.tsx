import { Button } from '@mantine/core';
import type { Decision } from '#contract/decisions.ts';
import { instantWords } from '../../words/dates.ts';
import { countOf } from '../../words/numbers.ts';
import { useUndo } from './decisions.ts';
import styles from './decision-list.module.css';

/** What was decided, when, for how many; with the way back. */
export function DecisionList({ decisions }: { decisions: readonly Decision[] }) {
  const undo = useUndo();
  return (
    <ol className={styles.list}>
      {decisions.map((decision) => (
        <li key={decision.id} className={styles.item} data-undone={decision.undone_at !== null || undefined}>
          <span>
            <span className={styles.sentence}>{decision.sentence}</span>
            <span className={styles.when}>
              {countOf(decision.assets, 'picture', 'pictures')}, {instantWords(decision.at)}
              {decision.undone_at !== null && ', undone'}
            </span>
          </span>
          <Button
            size="compact-sm"
            variant="default"
            disabled={undo.isPending}
            onClick={() =>
              undo.mutate(decision.undone_at === null ? { undo: decision.id } : { redo: decision.id })
            }
          >
            {decision.undone_at === null ? 'Undo' : 'Redo'}
          </Button>
        </li>
      ))}
    </ol>
  );
}
