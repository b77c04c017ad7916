import { useState } from 'react';
import type { SavedVideo } from '#contract/saved-videos.ts';
import { videoThumbnailOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import styles from './table.module.css';

/** The picture that this server keeps; a sign where there is none. */
export function Thumbnail({ listId, video }: { listId: string; video: SavedVideo }) {
  const [missing, setMissing] = useState(false);
  if (missing || video.thumbnail_url === null) {
    return (
      <span className={styles.noPicture}>
        <Icon name="video" size={18} />
      </span>
    );
  }
  return (
    <img
      className={styles.picture}
      src={videoThumbnailOf(listId, video.seq)}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setMissing(true)}
    />
  );
}
