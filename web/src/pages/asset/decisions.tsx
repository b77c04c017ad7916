import { useQuery } from '@tanstack/react-query';
import { api } from '../../api.ts';
import { DecisionList } from '../../parts/decide/decision-list.tsx';
import facts from './facts.module.css';

/** What was decided about this picture so far; nothing where nothing was. */
export function Decisions({ id }: { id: string }) {
  const decisions = useQuery(api.decisions.ofAsset.queryOptions({ input: { id, limit: 50 } }));
  if (decisions.data === undefined || decisions.data.items.length === 0) return null;
  return (
    <section aria-label="Decided so far">
      <h2 className={facts.title}>Decided so far</h2>
      <DecisionList decisions={decisions.data.items} />
    </section>
  );
}
