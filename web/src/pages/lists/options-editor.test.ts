import { expect, test } from 'vitest';
import { draftOf, optionsOf, renamedIn } from './options-editor.tsx';

test('an option that is renamed while others come and go is renamed, and nothing else is', () => {
  const draft = draftOf(['Beginner', 'Advanced', 'Master']);
  const changed = {
    there: [
      { was: 'Advanced', now: 'Advanced' },
      { was: 'Beginner', now: ' Novice ' },
    ],
    more: 'Piano\n\nNovice\n Guitar ',
  };
  expect(optionsOf(draft)).toEqual(['Beginner', 'Advanced', 'Master']);
  expect(renamedIn(draft)).toEqual([]);
  expect(optionsOf(changed)).toEqual(['Advanced', 'Novice', 'Piano', 'Guitar']);
  expect(renamedIn(changed)).toEqual([{ from: 'Beginner', to: 'Novice' }]);
});

test('an option whose name is emptied is taken out', () => {
  const draft = { there: [{ was: 'A', now: ' ' }], more: 'B' };
  expect(optionsOf(draft)).toEqual(['B']);
  expect(renamedIn(draft)).toEqual([]);
});
