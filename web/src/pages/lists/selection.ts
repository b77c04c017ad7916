/** Which rows are selected: some by number, or all that the view finds but some. */
import { useState } from 'react';
import type { Target, VideoView } from '#contract/saved-videos.ts';

export type Selection = {
  count: (total: number) => number;
  has: (seq: number) => boolean;
  toggle: (seq: number) => void;
  add: (seqs: readonly number[]) => void;
  all: () => void;
  clear: () => void;
  target: (view: VideoView) => Target;
};

type Chosen = { all: boolean; but: ReadonlySet<number> };
const nobody: Chosen = { all: false, but: new Set() };

/** What is found otherwise is another choice: the selection ends with its search and its filters. */
export function useSelection({ text, filters }: Pick<VideoView, 'text' | 'filters'>): Selection {
  const [{ all, but }, setChosen] = useState(nobody);
  const found = JSON.stringify([text, filters]);
  const [of, setOf] = useState(found);
  if (of !== found) {
    setOf(found);
    setChosen(nobody);
  }
  return {
    count: (total) => (all ? total - but.size : but.size),
    has: (seq) => but.has(seq) !== all,
    toggle(seq) {
      const after = new Set(but);
      if (!after.delete(seq)) after.add(seq);
      setChosen({ all, but: after });
    },
    add(seqs) {
      const after = new Set(but);
      for (const seq of seqs) {
        if (all) after.delete(seq);
        else after.add(seq);
      }
      setChosen({ all, but: after });
    },
    all: () => setChosen({ all: true, but: new Set() }),
    clear: () => setChosen(nobody),
    target({ text, filters }) {
      if (!all) return { seqs: [...but], except: [] };
      return { condition: text === undefined ? { filters } : { text, filters }, except: [...but] };
    },
  };
}
