import { sayWithAct } from './say-with-act.tsx';

/** Says what was done, with the way back beside it, instead of asking before. */
export function sayWithUndo(sentence: string, undo: () => void): void {
  sayWithAct({ title: sentence }, 'Undo', undo);
}
