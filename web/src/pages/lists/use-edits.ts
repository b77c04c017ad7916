/** What a person does to a list takes effect at once, is rolled back with a sentence where refused, and can be undone. */
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Cell, Field, Value } from '#contract/fields.ts';
import type { EditReport, SavedVideo, Target, ValueChange, VideoWindow } from '#contract/saved-videos.ts';
import { api, Refusal, sentenceOf } from '../../api.ts';
import { sayWithAct } from '../../parts/say-with-act.tsx';
import { sayWithUndo } from '../../parts/say-with-undo.tsx';
import { sayRefused } from '../../parts/say-refused.ts';
import { instantWords } from '../../words/dates.ts';
import { countOf } from '../../words/numbers.ts';

export type Edits = {
  /** Edits of single cells that the server has not answered yet. */
  pending: number;
  /** One cell; null empties it. */
  set: (video: SavedVideo, field: Field, value: Value | null) => void;
  /** One field of many videos. */
  setMany: (target: Target, field: Field, change: ValueChange) => Promise<void>;
  remove: (target: Target) => Promise<void>;
  refresh: () => Promise<unknown>;
};

/** One thing that a person did. It counts from when it was done, not from when the server has answered. */
type Deed = {
  /** Null where nothing changed, or it was refused. */
  edit_id: Promise<string | null>;
  undone: (changed: number) => string;
  /** Null where it was not done on this page. */
  again: (() => void) | null;
};

export function useEdits(id: string): Edits {
  const client = useQueryClient();
  const done = useRef<Deed[]>([]);
  const takenBack = useRef<Deed[]>([]);
  const undoing = useRef(Promise.resolve());
  const underWay = useRef(new Map<number, number>());
  const [pending, setPending] = useState(0);
  /** Counts the edits of a video that are on their way, and returns how many there are now. */
  const count = (seq: number, by: 1 | -1) => {
    const now = (underWay.current.get(seq) ?? 0) + by;
    underWay.current.set(seq, now);
    setPending((before) => before + by);
    return now;
  };
  const refresh = useCallback(
    () =>
      Promise.all([
        client.invalidateQueries({ queryKey: api.videos.key() }),
        client.invalidateQueries({ queryKey: api.lists.key() }),
      ]),
    [client],
  );

  const begin = async (deed: Deed) => {
    done.current.push(deed);
    takenBack.current = [];
    if ((await deed.edit_id) === null) done.current = done.current.filter((each) => each !== deed);
  };

  const undo = useCallback(
    function takeBack(deed: Deed) {
      const before = undoing.current;
      done.current = done.current.filter((each) => each !== deed);
      undoing.current = inTurn();

      /** One after the other: of two edits of one cell the later one goes first. */
      async function inTurn() {
        await before;
        const edit_id = await deed.edit_id;
        if (edit_id === null) return;
        try {
          const { changed } = await api.videos.undo.call({ id, edit_id });
          if (deed.again !== null) takenBack.current.push(deed);
          notifications.show({ message: deed.undone(changed) });
        } catch (error) {
          offerAgain('It could not be taken back', error, () => takeBack(deed));
        }
        void refresh();
      }
    },
    [id, refresh],
  );

  const redo = useCallback(async () => {
    await undoing.current;
    const deed = takenBack.current.pop();
    if (deed === undefined || deed.again === null)
      return sayNothing('Nothing was taken back that could be done again.');
    const others = takenBack.current;
    deed.again();
    takenBack.current = others;
  }, []);

  /** Nobody here remembers what was done before this page was opened, or elsewhere: it is named, and not just undone. */
  const offerEarlier = useCallback(async () => {
    const [edit] = (await api.videos.edits.call({ id, limit: 1 })).items;
    if (edit === undefined) return sayNothing('Nothing is left to take back.');
    const videos = countOf(edit.changed, 'video was', 'videos were');
    const title = `Done before: ${videos} ${edit.kind === 'deletion' ? 'taken out' : 'changed'}, ${instantWords(edit.at)}`;
    const undone = (changed: number) => `Taken back in ${countOf(changed, 'video', 'videos')}.`;
    sayWithUndo(title, () => undo({ edit_id: Promise.resolve(edit.id), undone, again: null }));
  }, [id, undo]);

  // On this page Ctrl+Z means its own edits: heard first, and not passed on to the decisions of the library.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return;
      event.stopImmediatePropagation();
      if (isTyping(event)) return;
      event.preventDefault();
      const last = done.current.at(-1);
      if (event.shiftKey) void redo();
      else if (last === undefined)
        void offerEarlier().catch((error) => sayRefused('Nothing was taken back', error));
      else undo(last);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [undo, redo, offerEarlier]);

  const windows = api.videos.list.key({ input: { id } });
  const showVideo = (seq: number, change: (video: SavedVideo) => SavedVideo) =>
    client.setQueriesData<VideoWindow>({ queryKey: windows }, (before) =>
      before === undefined
        ? before
        : { ...before, items: before.items.map((each) => (each.seq === seq ? change(each) : each)) },
    );

  const setOne = async (video: SavedVideo, field: Field, value: Value | null) => {
    const before = video.cells[field.id];
    const hoped = givenByAPerson(value);
    const change: ValueChange = value === null ? { do: 'empty' } : { do: 'set', value };
    const again = () => void setOne(video, field, value);
    count(video.seq, 1);
    const answer = api.videos.edit.call({ id, seq: video.seq, changes: { [field.id]: change } });
    void begin({
      edit_id: editIdOf(answer),
      undone: () => `${field.label} of “${video.title ?? video.youtube_id}” is again what it was.`,
      again,
    });
    try {
      // What was asked for before would show what stood before.
      await client.cancelQueries({ queryKey: windows });
      showVideo(video.seq, (each) => ({ ...each, cells: { ...each.cells, [field.id]: hoped } }));
      const { video: after } = await answer;
      // One that was made since is not in this answer yet.
      if (count(video.seq, -1) === 0) showVideo(video.seq, () => after);
    } catch (error) {
      count(video.seq, -1);
      showVideo(video.seq, (each) => {
        const { [field.id]: _, ...others } = each.cells;
        return { ...each, cells: before === undefined ? others : { ...others, [field.id]: before } };
      });
      offerAgain(`${field.label} was not changed`, error, again);
      // What is shown may be old: a video that is not there any more, a field that is another by now.
      if (error instanceof Refusal) void refresh();
    }
  };

  type Said = { done: string; undone: string; refused: string };
  const changeMany = async (call: () => Promise<EditReport>, said: Said) => {
    const again = () => void changeMany(call, said);
    const answer = call();
    const deed = {
      edit_id: editIdOf(answer),
      undone: (changed: number) => `${said.undone} ${countOf(changed, 'video', 'videos')}.`,
      again,
    };
    void begin(deed);
    try {
      const { edit_id, changed } = await answer;
      if (edit_id !== null)
        sayWithUndo(`${said.done} ${countOf(changed, 'video', 'videos')}`, () => undo(deed));
    } catch (error) {
      offerAgain(said.refused, error, again);
    }
    await refresh();
  };

  return {
    pending,
    refresh,
    set: (video, field, value) => void setOne(video, field, value),
    setMany: (target, field, change) =>
      changeMany(() => api.videos.editMany.call({ id, target, field_id: field.id, change }), {
        done: `${field.label} changed in`,
        undone: `${field.label} is again what it was in`,
        refused: `${field.label} was not changed`,
      }),
    remove: (target) =>
      changeMany(() => api.videos.remove.call({ id, target }), {
        done: 'Taken out of the list:',
        undone: 'Back in the list:',
        refused: 'Nothing was taken out',
      }),
  };
}

function givenByAPerson(value: Value | null): Cell {
  return {
    value,
    state: 'ok',
    source: 'person',
    model: null,
    prompt_version: null,
    at: new Date().toISOString(),
    error: null,
  };
}

function editIdOf(answer: Promise<{ edit_id: string | null }>): Promise<string | null> {
  return answer.then(
    ({ edit_id }) => edit_id,
    () => null,
  );
}

/** In a field, a cell that is open and a dialog the keys are not those of the table. */
function isTyping({ target }: KeyboardEvent): boolean {
  const fields = 'textarea, input:not([type="checkbox"]), [data-editing], [role="dialog"]';
  return target instanceof HTMLElement && target.closest(fields) !== null;
}

/** What was typed is not lost: it stays in the notice until it is tried again or put away. */
function offerAgain(title: string, error: unknown, again: () => void): void {
  sayWithAct({ color: 'red', title, message: sentenceOf(error), autoClose: false }, 'Try again', again);
}

function sayNothing(message: string): void {
  notifications.show({ message });
}
