import { useState } from 'react';
import type { AssetTile } from '#contract/library.ts';
import { thumbnailOf } from '../api.ts';
import { TilePlaceholder } from './tile-placeholder.tsx';

type Props = {
  tile: Pick<AssetTile, 'id' | 'kind' | 'name' | 'has_thumbnail'>;
  /** Empty where the name is said beside it. */
  alt: string;
};

/** The picture of an asset; its placeholder where there is none, or where its file is gone. */
export function Thumbnail({ tile, alt }: Props) {
  const [missing, setMissing] = useState(false);
  if (missing || !tile.has_thumbnail) return <TilePlaceholder kind={tile.kind} name={tile.name} />;
  return (
    <img
      src={thumbnailOf(tile.id)}
      alt={alt}
      decoding="async"
      draggable={false}
      onError={() => setMissing(true)}
    />
  );
}
