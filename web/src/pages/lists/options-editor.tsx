/** The options of a field: each renamed, moved or taken out for itself, so that its values know what became of it. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { limits } from '#contract/fields.ts';
import styles from './dialogs.module.css';

export type OptionsDraft = {
  /** Those that the field has: under which name, and under which now. */
  there: readonly { was: string; now: string }[];
  /** Further ones as they are typed, one in each line. */
  more: string;
};

export function draftOf(options: readonly string[]): OptionsDraft {
  return { there: options.map((was) => ({ was, now: was })), more: '' };
}

/** As the field is to have them, each once. */
export function optionsOf({ there, more }: OptionsDraft): string[] {
  const all = [...there.map(({ now }) => now), ...more.split('\n')].map((option) => option.trim());
  return [...new Set(all.filter((option) => option !== ''))];
}

export function renamedIn({ there }: OptionsDraft): { from: string; to: string }[] {
  return there
    .map(({ was, now }) => ({ from: was, to: now.trim() }))
    .filter(({ from, to }) => to !== '' && from !== to);
}

type Props = { draft: OptionsDraft; onChange: (draft: OptionsDraft) => void };

export function OptionsEditor({ draft, onChange }: Props) {
  const { there, more } = draft;
  const put = (changed: OptionsDraft['there']) => onChange({ ...draft, there: changed });
  const move = (nth: number, to: number) => {
    const moved = [...there];
    moved.splice(to, 0, ...moved.splice(nth, 1));
    put(moved);
  };
  return (
    <>
      {there.length > 0 && (
        <fieldset className={styles.options}>
          <legend>Options</legend>
          <p className={styles.quiet}>
            Values follow an option that is renamed. Those of one that is taken out are kept and marked.
          </p>
          {there.map(({ was, now }, nth) => (
            <div key={was} className={styles.option}>
              <TextInput
                size="xs"
                aria-label={`Option ${was}`}
                maxLength={limits.option_characters}
                value={now}
                onChange={(event) =>
                  put(there.map((each) => (each.was === was ? { was, now: event.currentTarget.value } : each)))
                }
              />
              <Button
                size="compact-sm"
                variant="default"
                disabled={nth === 0}
                aria-label={`Move ${was} up`}
                onClick={() => move(nth, nth - 1)}
              >
                ↑
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={nth === there.length - 1}
                aria-label={`Move ${was} down`}
                onClick={() => move(nth, nth + 1)}
              >
                ↓
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Take ${was} out`}
                onClick={() => put(there.filter((each) => each.was !== was))}
              >
                ✕
              </Button>
            </div>
          ))}
        </fieldset>
      )}
      <Textarea
        label={there.length > 0 ? 'More options, one in each line' : 'Options, one in each line'}
        rows={there.length > 0 ? 2 : 5}
        value={more}
        onChange={(event) => onChange({ ...draft, more: event.currentTarget.value })}
      />
    </>
  );
}
