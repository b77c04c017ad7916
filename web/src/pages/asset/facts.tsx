/** What else is known: warnings, where the file was met, the camera, the file itself. */
import { CopyButton, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Asset, Location } from '#contract/library.ts';
import { originalOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { instantWords } from '../../words/dates.ts';
import { byteSize, coordinates, count, videoLength } from '../../words/numbers.ts';
import styles from './facts.module.css';

export function Facts({ asset }: { asset: Asset }) {
  const camera = [asset.camera_make, asset.camera_model].filter((part) => part !== null).join(' ');
  return (
    <>
      {asset.warnings.length > 0 && (
        <section aria-label="Warnings">
          {asset.warnings.map((warning) => (
            <p key={warning.code + warning.message} className={styles.warning}>
              <Icon name="warning" size={18} />
              {warning.message}
            </p>
          ))}
        </section>
      )}
      <section aria-label="Where it was met">
        <h2 className={styles.title}>
          {asset.locations.length === 1
            ? 'Met once'
            : `Met ${count(asset.locations.length)} times, the same bytes`}
        </h2>
        <ul className={styles.locations}>
          {asset.locations.map((location) => (
            <LocationRow key={location.id} location={location} />
          ))}
        </ul>
      </section>
      <section aria-label="File">
        <h2 className={styles.title}>File</h2>
        <dl className={styles.facts}>
          {camera !== '' && <Fact name="Camera">{camera}</Fact>}
          {asset.lens !== null && <Fact name="Lens">{asset.lens}</Fact>}
          {asset.camera_serial !== null && <Fact name="Camera number">{asset.camera_serial}</Fact>}
          {asset.gps_latitude !== null && asset.gps_longitude !== null && (
            <Fact name="Place">{coordinates(asset.gps_latitude, asset.gps_longitude)}</Fact>
          )}
          {asset.width !== null && asset.height !== null && (
            <Fact name="Size">
              {asset.width} × {asset.height} pixels
            </Fact>
          )}
          {asset.duration_seconds !== null && <Fact name="Length">{videoLength(asset.duration_seconds)}</Fact>}
          <Fact name="File">
            {byteSize(asset.size_bytes)}, {asset.mime_type}
          </Fact>
          <Fact name="In the library since">{instantWords(asset.added_at)}</Fact>
          <Fact name="SHA-256">
            <code className={styles.hash}>{asset.sha256}</code>
          </Fact>
          {asset.dhash !== null && (
            <Fact name="Look of the picture">
              <code className={styles.hash}>{asset.dhash}</code>
            </Fact>
          )}
        </dl>
        <div className={styles.buttons}>
          <Button
            variant="default"
            size="sm"
            renderRoot={(root) => (
              <a href={originalOf(asset.id)} download={asset.locations[0]?.name} {...root} />
            )}
          >
            Save the original
          </Button>
          <CopyButton value={asset.sha256}>
            {({ copied, copy }) => (
              <Button variant="default" size="sm" onClick={copy}>
                {copied ? 'Copied' : 'Copy the SHA-256'}
              </Button>
            )}
          </CopyButton>
        </div>
      </section>
    </>
  );
}

function LocationRow({ location }: { location: Location }) {
  const folder =
    location.path === null
      ? `uploaded${location.folder === '' ? '' : ` from ${location.folder}`}`
      : location.folder;
  return (
    <li>
      <b>{location.name}</b>
      <span className={styles.folder}>{folder}</span>
      {location.modified_at !== null && (
        <span className={styles.folder}>last changed {instantWords(location.modified_at)}</span>
      )}
    </li>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
