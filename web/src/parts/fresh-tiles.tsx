/** The last dozen that were read, newest first, so that one sees that the right folder is being read. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api.ts';
import { Thumbnail } from './thumbnail.tsx';
import styles from './fresh-tiles.module.css';

const dozen = 12;

export function FreshTiles({ jobId, moving, done }: { jobId: string; moving: boolean; done: number }) {
  const tiles = useQuery(
    api.assets.list.queryOptions({
      input: { job_id: jobId, limit: dozen, order: 'added' },
      refetchInterval: moving ? 1500 : false,
      placeholderData: keepPreviousData,
    }),
  );
  const items = tiles.data?.items ?? [];
  if (items.length === 0 && done === 0 && !moving) return null;
  return (
    <ul className={styles.tiles} aria-label="Pictures of this job">
      {items.map((tile) => (
        <li key={tile.id}>
          <Link
            to="/library/$assetId"
            params={{ assetId: tile.id }}
            search={{ job_id: jobId }}
            title={tile.name}
          >
            <Thumbnail tile={tile} alt={tile.name} />
          </Link>
        </li>
      ))}
      {Array.from({ length: moving ? dozen - items.length : 0 }, (_, index) => (
        <li key={index} className={styles.waiting} aria-hidden="true" />
      ))}
    </ul>
  );
}
