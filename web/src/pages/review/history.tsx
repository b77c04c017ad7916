/** Everything that was decided, newest first, each to be taken back or to stand again. */
import { Button, Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api.ts';
import { DecisionList } from '../../parts/decide/decision-list.tsx';
import { FailureLine } from '../../parts/states.tsx';
import styles from './queue.module.css';

export function History() {
  const [opened, setOpened] = useState(false);
  const decisions = useQuery(api.decisions.list.queryOptions({ input: { limit: 50 }, enabled: opened }));
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      withArrow
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button variant="subtle" size="compact-sm" onClick={() => setOpened((before) => !before)}>
          Decided
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="What was decided">
        <div className={styles.history}>
          {decisions.isError && <FailureLine error={decisions.error} retry={() => void decisions.refetch()} />}
          {decisions.data?.items.length === 0 && <p>Nothing was decided yet.</p>}
          {decisions.data !== undefined && <DecisionList decisions={decisions.data.items} />}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
