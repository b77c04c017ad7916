import type { MediaKind } from '#contract/words.ts';
import { Icon } from './icons.tsx';
import styles from './tile-placeholder.module.css';

/** Stands where a picture cannot be shown yet: what it is, and its name. */
export function TilePlaceholder({ kind, name }: { kind: MediaKind; name: string }) {
  const extension = /\.([^.]{1,5})$/.exec(name)?.[1]?.toUpperCase();
  return (
    <span className={styles.placeholder}>
      <Icon name={kind} size={24} />
      {extension !== undefined && <b className={styles.extension}>{extension}</b>}
      <span className={styles.name}>{name}</span>
    </span>
  );
}
