/** What a person does to a list takes effect at once, is rolled back with a sentence where refused, and can be undone. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Field, Value } from '#contract/fields.ts';
import type { EditReport, SavedVideo, Target, ValueChange, VideoWindow } from '#contract/saved-videos.ts';
import { api } from '../../api.ts';
import { sayWithUndo } from '../../parts/say-with-undo.tsx';
import { countOf } from '../../words/numbers.ts';
import { sayRefused } from '../../parts/say-refused.ts';

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

export function useEdits(id: string): Edits {
  const client = useQueryClient();
  const done = useRef<string[]>([]);
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

  const undo = useCallback(
    async (edit_id: string) => {
      done.current = done.current.filter((each) => each !== edit_id);
      try {
        await api.videos.undo.call({ id, edit_id });
      } catch (error) {
        sayRefused('It could not be taken back', error);
      }
      await refresh();
    },
    [id, refresh],
  );

  // On this page Ctrl+Z means its own edits: heard first, and not passed on to the decisions of the library.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea') !== null;
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || typing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const last = done.current.at(-1);
      if (!event.shiftKey && last !== undefined) void undo(last);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [undo]);

  const windows = api.videos.list.key({ input: { id } });
  const showVideo = (seq: number, change: (video: SavedVideo) => SavedVideo) =>
    client.setQueriesData<VideoWindow>({ queryKey: windows }, (before) =>
      before === undefined
        ? before
        : { ...before, items: before.items.map((each) => (each.seq === seq ? change(each) : each)) },
    );

  const tell = ({ edit_id, changed }: EditReport, what: string) => {
    if (edit_id === null) return;
    done.current.push(edit_id);
    sayWithUndo(`${what} ${countOf(changed, 'video', 'videos')}`, () => void undo(edit_id));
  };

  return {
    pending,
    refresh,

    set(video, field, value) {
      const before = video.cells[field.id];
      const hoped = {
        value,
        state: 'ok' as const,
        source: 'person' as const,
        model: null,
        prompt_version: null,
        at: new Date().toISOString(),
        error: null,
      };
      const change: ValueChange = value === null ? { do: 'empty' } : { do: 'set', value };
      void keep();

      async function keep() {
        count(video.seq, 1);
        // What was asked for before would show what stood before.
        await client.cancelQueries({ queryKey: windows });
        showVideo(video.seq, (each) => ({ ...each, cells: { ...each.cells, [field.id]: hoped } }));
        try {
          const { edit_id, video: after } = await api.videos.edit.call({
            id,
            seq: video.seq,
            changes: { [field.id]: change },
          });
          if (edit_id !== null) done.current.push(edit_id);
          // One that was made since is not in this answer yet.
          if (count(video.seq, -1) === 0) showVideo(video.seq, () => after);
        } catch (error) {
          count(video.seq, -1);
          showVideo(video.seq, (each) => {
            const { [field.id]: _, ...others } = each.cells;
            return { ...each, cells: before === undefined ? others : { ...others, [field.id]: before } };
          });
          sayRefused(`${field.label} was not changed`, error);
        }
      }
    },

    async setMany(target, field, change) {
      try {
        tell(
          await api.videos.editMany.call({ id, target, field_id: field.id, change }),
          `${field.label} changed in`,
        );
      } catch (error) {
        sayRefused(`${field.label} was not changed`, error);
      }
      await refresh();
    },

    async remove(target) {
      try {
        tell(await api.videos.remove.call({ id, target }), 'Taken out of the list:');
      } catch (error) {
        sayRefused('Nothing was taken out', error);
      }
      await refresh();
    },
  };
}
