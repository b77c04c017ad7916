/** The template of the names, with the names it gives while it is typed. */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, sentenceOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import type { whichOf } from './what-goes-out.ts';
import styles from './names-field.module.css';

const words = [
  ['{year} {month} {day}', '2019 05 05'],
  ['{date}', '20190505, or what of it is known'],
  ['{time}', '153000; nothing where only the day is known'],
  ['{subsec}', '123, thousandths of the second'],
  ['{camera} {make} {model}', 'Canon PowerShot G2'],
  ['{name}', 'the original name without its extension'],
  ['{tag}', 'the first tag'],
  ['{kind}', 'photo or video'],
  ['{ext}', '.jpg, the right one for what the file is; always at the end'],
] as const;

const namesShown = 6;

type Which = ReturnType<typeof whichOf>;

/** Of a hundred thousand selected ones six need not be told with every letter that is typed. */
function someOf({ filter, asset_ids }: Which): Which {
  if (asset_ids !== undefined) return { asset_ids: asset_ids.slice(0, namesShown) };
  return filter === undefined ? {} : { filter };
}

type Props = {
  template: string;
  which: Which;
  /** There is nothing to take names of. */
  idle: boolean;
  /** What was refused when a plan was asked for. */
  fault: string | null;
  onChange: (template: string) => void;
};

export function NamesField({ template, which, idle, fault, onChange }: Props) {
  const [settled] = useDebouncedValue(template.trim(), 200);
  const preview = useQuery(
    api.exports.preview.queryOptions({
      input: idle || settled === '' ? skipToken : { template: settled, ...someOf(which), limit: namesShown },
      placeholderData: keepPreviousData,
      retry: false,
    }),
  );
  const previewId = useId();
  // Those of the last template that made sense stay, paled, while one that does not is mended.
  const [names, setNames] = useState(preview.data?.names ?? []);
  if (preview.data !== undefined && preview.data.names !== names) setNames(preview.data.names);
  const wrong = fault ?? (preview.isError ? sentenceOf(preview.error) : undefined);
  return (
    <div className={styles.field}>
      <TextInput
        aria-label="Template of the names"
        aria-describedby={previewId}
        size="md"
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: styles.template }}
        value={template}
        maxLength={500}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={wrong}
      />
      <ul
        id={previewId}
        className={styles.preview}
        aria-label="Names it gives"
        aria-busy={preview.isFetching}
        data-old={wrong === undefined ? undefined : ''}
      >
        {names.map(({ name, target }) => (
          <li key={`${name} ${target}`}>
            <span className={styles.from}>{name}</span>
            <span className={styles.arrow}>
              <Icon name="right" size={14} />
              <span className="unseen">becomes</span>
            </span>
            <span className={styles.to}>{target}</span>
          </li>
        ))}
      </ul>
      <details className={styles.words}>
        <summary>What a template can say</summary>
        <dl>
          {words.map(([word, meaning]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p>
          A sign inside the braces, such as <code>{'{-camera}'}</code>, stands only where there is a value.{' '}
          <code>/</code> makes folders. Files without a date go to the folder “unknown” under their original
          names. Equal names get _001, _002 …
        </p>
      </details>
    </div>
  );
}
