/** The columns of one list's table, and how its owner arranged them: order, width, hidden. Kept in this browser. */
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { z } from 'zod';
import type { Field } from '#contract/fields.ts';
import type { FieldType, VideoColumn } from '#contract/words.ts';
import { columnWords } from '../../words/list-words.ts';

export type Column = {
  id: string;
  label: string;
  width: number;
  /** Null for what every list has. */
  field: Field | null;
  compares: Compares;
};

/** How the values of a column are told apart, and so what its filter offers. */
export type Compares = 'words' | 'values' | 'options' | 'number' | 'seconds' | 'day';

const builtIn: readonly { id: VideoColumn; width: number; shown: boolean; compares: Compares }[] = [
  { id: 'title', width: 320, shown: true, compares: 'words' },
  { id: 'channel', width: 160, shown: true, compares: 'values' },
  { id: 'duration_seconds', width: 100, shown: true, compares: 'seconds' },
  { id: 'published_at', width: 130, shown: true, compares: 'day' },
  { id: 'state', width: 110, shown: true, compares: 'options' },
  { id: 'language', width: 110, shown: false, compares: 'values' },
  { id: 'live_state', width: 110, shown: false, compares: 'options' },
  { id: 'start_seconds', width: 100, shown: false, compares: 'seconds' },
  { id: 'added_at', width: 130, shown: false, compares: 'day' },
  { id: 'processed_at', width: 130, shown: false, compares: 'day' },
  { id: 'youtube_id', width: 140, shown: false, compares: 'words' },
  { id: 'seq', width: 80, shown: false, compares: 'number' },
];

const comparesByType: Record<FieldType, Compares> = {
  text: 'words',
  select: 'options',
  multi_select: 'options',
  boolean: 'options',
  number: 'number',
  duration: 'number',
};

/** On a phone beside box and picture, with a bit of the next column to be seen. */
const titleWidthByFinger = 220;
const narrowest = 70;
const widest = 800;

const Arrangement = z.object({
  order: z.array(z.string()).default([]),
  /** Shown or hidden by the owner; without an entry as it comes. */
  shown: z.record(z.string(), z.boolean()).default({}),
  widths: z.record(z.string(), z.number().min(narrowest).max(widest)).default({}),
});
type Arrangement = z.infer<typeof Arrangement>;
const asItComes: Arrangement = { order: [], shown: {}, widths: {} };

export type Columns = {
  /** From left to right; the title stands first always. */
  visible: Column[];
  all: (Column & { shown: boolean })[];
  show: (id: string, shown: boolean) => void;
  move: (id: string, by: -1 | 1) => void;
  resize: (id: string, width: number) => void;
};

export function useColumns(listId: string, fields: readonly Field[]): Columns {
  const [arrangement, setArrangement] = useLocalStorage<Arrangement>({
    key: `daybook-list-${listId}`,
    defaultValue: asItComes,
    getInitialValueInEffect: false,
    deserialize: (text) => read(text),
  });
  const byFinger = useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false });
  return useMemo(() => {
    const all = arranged(fields, arrangement, byFinger);
    const change = (part: Partial<Arrangement>) => setArrangement({ ...arrangement, ...part });
    return {
      all,
      visible: all.filter(({ shown }) => shown),
      show: (id, shown) => change({ shown: { ...arrangement.shown, [id]: shown } }),
      move(id, by) {
        change({ order: moved(all, id, by) });
      },
      resize(id, width) {
        const bounded = Math.round(Math.min(widest, Math.max(narrowest, width)));
        change({ widths: { ...arrangement.widths, [id]: bounded } });
      },
    };
  }, [fields, arrangement, setArrangement, byFinger]);
}

/** What was kept by another version, or by hand, may be anything. */
function read(text: string | undefined): Arrangement {
  try {
    return Arrangement.parse(JSON.parse(text ?? '{}'));
  } catch {
    return asItComes;
  }
}

/** To the other side of the next one that is shown, however many hidden ones stand between; the title stays first. */
export function moved(all: readonly { id: string; shown: boolean }[], id: string, by: -1 | 1): string[] {
  const order = all.map((column) => column.id);
  const from = order.indexOf(id);
  let to = from + by;
  while (all[to]?.shown === false) to += by;
  if (to >= 1 && to < order.length) order.splice(to, 0, ...order.splice(from, 1));
  return order;
}

function arranged(fields: readonly Field[], { order, shown, widths }: Arrangement, byFinger: boolean) {
  const known = [
    ...builtIn.map((column) => ({
      ...column,
      width: byFinger && column.id === 'title' ? titleWidthByFinger : column.width,
      label: columnWords[column.id],
      field: null,
    })),
    ...fields.map((field) => ({
      id: field.id,
      label: field.label,
      width: 150,
      shown: true,
      field,
      compares: comparesByType[field.type],
    })),
  ];
  const place = ({ id }: { id: string }) => {
    const at = order.indexOf(id);
    if (id === 'title') return -1;
    return at === -1 ? order.length : at;
  };
  return known
    .map((column) => ({
      ...column,
      width: widths[column.id] ?? column.width,
      shown: column.id === 'title' || (shown[column.id] ?? column.shown),
    }))
    .toSorted((one, other) => place(one) - place(other));
}
