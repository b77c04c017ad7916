/** The tags of one picture, where each came from, and a field for more. */
import { Autocomplete, CloseButton } from '@mantine/core';
import { useState } from 'react';
import type { Asset } from '#contract/library.ts';
import { useDecide } from '../../parts/decide/decisions.ts';
import { tagsIn, useTagCompletion } from '../../parts/decide/tag-entry.tsx';
import { tagSourceWords } from '../../words/review-words.ts';
import facts from './facts.module.css';
import styles from './tags.module.css';

export function Tags({ asset }: { asset: Asset }) {
  const decide = useDecide();
  const [typed, setTyped] = useState('');
  const known = useTagCompletion(typed).data?.items ?? [];
  const change = (add: string[], remove: string[]) =>
    decide.mutate({ target: { asset_ids: [asset.id] }, decision: { kind: 'tag', add, remove } });
  const add = (text: string) => {
    const tags = tagsIn(text);
    setTyped('');
    if (tags.length > 0) change(tags, []);
  };
  const has = new Set(asset.tags.map(({ tag }) => tag));
  return (
    <section aria-label="Tags">
      <h2 className={facts.title}>Tags</h2>
      <div className={styles.tags}>
        {asset.tags.map(({ tag, source }) => (
          <span key={tag} className={styles.tag} title={tagSourceWords[source]}>
            {tag}
            <CloseButton
              size="xs"
              data-dense=""
              aria-label={`Remove the tag ${tag}`}
              onClick={() => change([], [tag])}
            />
          </span>
        ))}
        <Autocomplete
          className={styles.field}
          size="xs"
          aria-label="Add a tag"
          placeholder="Add a tag"
          data={known.map(({ tag }) => tag).filter((tag) => !has.has(tag))}
          filter={({ options }) => options}
          openOnFocus={false}
          maxLength={100}
          value={typed}
          onChange={setTyped}
          onOptionSubmit={add}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.defaultPrevented) return;
            add(event.currentTarget.value);
          }}
        />
      </div>
    </section>
  );
}
