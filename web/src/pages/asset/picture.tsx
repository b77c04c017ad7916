/**
 * The picture as large as it goes: the original where a browser can show it, else the thumbnail, else a place that
 * says why there is none. The thumbnail stands there first, so nothing jumps when the original comes.
 */
import { useState } from 'react';
import type { Asset } from '#contract/library.ts';
import { originalOf, thumbnailOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import styles from './picture.module.css';

const shownByBrowsers = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
]);

type Props = { asset: Asset; zoomed: boolean; onZoom: (zoomed: boolean) => void };

export function Picture({ asset, zoomed, onZoom }: Props) {
  const [failed, setFailed] = useState(false);
  const [ready, setReady] = useState(false);
  const name = asset.locations[0]?.name ?? 'picture';
  if (asset.kind === 'video' && !failed) {
    return (
      // Family videos have no subtitles to offer.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <video
        className={styles.video}
        src={originalOf(asset.id)}
        poster={asset.has_thumbnail ? thumbnailOf(asset.id) : undefined}
        controls
        preload="metadata"
        aria-label={name}
        onError={() => setFailed(true)}
        // A film whose pictures the browser cannot read still plays its sound, over black.
        onLoadedMetadata={(event) => setFailed(event.currentTarget.videoWidth === 0)}
      />
    );
  }
  // What the server would not decode, the browser should not either.
  const tooLarge = asset.warnings.some((warning) => warning.code === 'too_many_pixels');
  const showsOriginal = shownByBrowsers.has(asset.mime_type) && !failed && !tooLarge;
  if (!showsOriginal && !asset.has_thumbnail) return <NoPicture asset={asset} />;
  const limits = sizeLimits(asset);
  return (
    <div className={styles.frame} data-zoomed={zoomed || undefined}>
      {asset.has_thumbnail && !ready && (
        <img className={styles.fit} style={limits} src={thumbnailOf(asset.id)} alt={name} />
      )}
      {showsOriginal && (
        <button
          type="button"
          className={styles.original}
          data-ready={ready || undefined}
          aria-label={zoomed ? 'Fit the picture to the window' : 'Show the picture in full size'}
          aria-pressed={zoomed}
          onClick={() => onZoom(!zoomed)}
        >
          <img
            src={originalOf(asset.id)}
            style={zoomed ? undefined : limits}
            alt={name}
            onLoad={() => setReady(true)}
            onError={() => setFailed(true)}
          />
        </button>
      )}
      {!showsOriginal && (
        <p className={styles.note}>
          Small preview: {failed ? 'the original cannot be shown' : `browsers do not show ${asset.mime_type}`}
        </p>
      )}
    </div>
  );
}

function NoPicture({ asset }: { asset: Asset }) {
  return (
    <div className={styles.none}>
      <Icon name={asset.kind} size={48} />
      <p className={styles.noneTitle}>No picture to show</p>
      <p>{whyNot(asset)}</p>
      <a href={originalOf(asset.id)} download>
        Save the original
      </a>
    </div>
  );
}

/** A small picture is shown at twice its size at most: larger it is only a blur. */
function sizeLimits({ width, height }: Asset) {
  return width === null || height === null ? undefined : { maxWidth: 2 * width, maxHeight: 2 * height };
}

const picturesFault = new Set(['damaged_pixels', 'too_many_pixels', 'no_thumbnail_yet']);

function whyNot(asset: Asset): string {
  if (asset.kind === 'video') {
    return 'This browser cannot play films of this kind. The film is in the library with its date; save it to watch it.';
  }
  const warning = asset.warnings.find(({ code }) => picturesFault.has(code));
  if (warning !== undefined) return warning.message;
  return `Browsers do not show ${asset.mime_type}. It is in the library all the same; save it to look at it in another program.`;
}
