import { describe, expect, test } from 'vitest';
import { jobKinds, loadedWhenNeeded, type AnyJobKind, type Claimed, type ItemContext } from './kinds.ts';

const item = { label: 'a' } as Claimed;
const context = {} as ItemContext<unknown>;
const kind: AnyJobKind = { name: 'late', process: () => ({ outcome: 'done', result: 'found' }) };

describe('a kind that is loaded when it is needed', () => {
  test('is known by its name before, and loaded once', async () => {
    let loads = 0;
    const late = loadedWhenNeeded({ name: 'late', atOnce: 4 }, async () => {
      loads += 1;
      return kind;
    });
    expect(late).toMatchObject({ name: 'late', atOnce: 4 });
    expect(loads).toBe(0);
    const outcomes = await Promise.all([late.process(item, context), late.process(item, context)]);
    expect(outcomes).toEqual([
      { outcome: 'done', result: 'found' },
      { outcome: 'done', result: 'found' },
    ]);
    expect(loads).toBe(1);
    // What it does not do is not done.
    expect(await late.summarise?.({} as never, {} as never)).toBeNull();
  });

  test('that cannot be loaded ends the item, and is tried again for the next', async () => {
    let broken = true;
    const late = loadedWhenNeeded({ name: 'late' }, async () => {
      if (broken) throw new Error('not there yet');
      return kind;
    });
    await expect(late.process(item, context)).rejects.toThrow('not there yet');
    broken = false;
    expect(await late.process(item, context)).toMatchObject({ outcome: 'done' });
  });
});

test('two kinds of one name are refused', () => {
  expect(() => jobKinds(kind, kind)).toThrow('late');
});
