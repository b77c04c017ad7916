/** The current one: as large as it goes, with its time, its evidence side by side, and a date in free form. */
import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState, type RefObject } from 'react';
import type { DecisionToMake } from '#contract/decisions.ts';
import type { Asset } from '#contract/library.ts';
import { api } from '../../api.ts';
import { DateEntry } from '../../parts/decide/date-entry.tsx';
import { Icon } from '../../parts/icons.tsx';
import { FailureLine } from '../../parts/states.tsx';
import { choiceOf, choosable, Evidence, inOrder } from '../asset/evidence.tsx';
import { Picture } from '../asset/picture.tsx';
import { WhenTaken } from '../asset/when-taken.tsx';
import type { GroupAsset } from './group-asset.ts';
import styles from './current.module.css';

type Props = {
  tile: GroupAsset;
  /** Read ahead, so that the next one stands there at once. */
  next: string | null;
  size: number;
  groupSize: number;
  dateInput: RefObject<HTMLInputElement | null>;
  onDecide: (decision: DecisionToMake) => void;
  onDecideAll: ((decision: DecisionToMake) => void) | null;
  /** Told what the digits choose. */
  onChoices: (choose: (digit: number, forAll: boolean) => void) => void;
};

export function Current({ tile, next, dateInput, onDecide, onDecideAll, onChoices, size, groupSize }: Props) {
  const client = useQueryClient();
  const asset = useQuery(api.assets.get.queryOptions({ input: { id: tile.id }, staleTime: 30_000 }));
  const [zoomedId, setZoomedId] = useState<string | null>(null);
  const zoomed = zoomedId === tile.id;
  useEffect(() => {
    if (next === null) return;
    void client.prefetchQuery(api.assets.get.queryOptions({ input: { id: next }, staleTime: 30_000 }));
  }, [client, next]);

  const { data } = asset;
  useEffect(() => {
    const pieces = data === undefined ? [] : choosable(inOrder(data.evidence, data.capture_time));
    onChoices((digit, forAll) => {
      const piece = pieces[digit - 1];
      if (piece === undefined) return;
      if (!forAll) onDecide(choiceOf(piece, 'this one'));
      else onDecideAll?.(choiceOf(piece, 'all'));
    });
  }, [data, onChoices, onDecide, onDecideAll]);

  return (
    <div className={styles.current}>
      <div className={styles.stage}>
        {data !== undefined && (
          <Picture
            key={data.id}
            asset={data}
            zoomed={zoomed}
            onZoom={(on) => setZoomedId(on ? data.id : null)}
          />
        )}
      </div>
      <div className={styles.panel}>
        {asset.isPending && <TimeSkeleton />}
        {asset.isError && data === undefined && (
          <FailureLine error={asset.error} retry={() => void asset.refetch()} />
        )}
        {data !== undefined && <WhenTaken time={data.capture_time} />}
        {/* A date can be typed before the rest is loaded. */}
        <DateEntry
          key={tile.id}
          size={size}
          forAll={onDecideAll === null || size === groupSize ? null : { size: groupSize, onSet: onDecideAll }}
          onSet={(decision) => {
            dateInput.current?.blur();
            onDecide(decision);
          }}
          inputRef={dateInput}
        />
        {asset.isPending && <EvidenceSkeleton />}
        {data !== undefined && (
          <>
            <Evidence
              evidence={data.evidence}
              chosen={data.capture_time}
              keys
              onChoose={(piece) => onDecide(choiceOf(piece, size === 1 ? 'this one' : 'all'))}
            />
            <Whereabouts asset={data} />
          </>
        )}
      </div>
    </div>
  );
}

/** Name and folder often say more than the metadata. */
function Whereabouts({ asset }: { asset: Asset }) {
  return (
    <section aria-label="Where it was met" className={styles.where}>
      {asset.locations.map((location) => (
        <p key={location.id}>
          <b>{location.name}</b>
          <span className={styles.folder}>
            <Icon name="folder" size={14} /> {location.folder === '' ? 'uploaded' : location.folder}
          </span>
        </p>
      ))}
      <Link to="/library/$assetId" params={{ assetId: asset.id }} search={{}}>
        All that is known of it
      </Link>
    </section>
  );
}

function TimeSkeleton() {
  return (
    <div aria-busy="true" aria-label="The picture is being loaded">
      <Skeleton height={30} width="80%" mb={12} />
      <Skeleton height={18} width="50%" mb={20} />
      <Skeleton height={60} />
    </div>
  );
}

function EvidenceSkeleton() {
  return (
    <div aria-hidden="true">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={84} mb={10} />
      ))}
    </div>
  );
}
