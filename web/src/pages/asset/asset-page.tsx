import { ActionIcon, Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Asset, ComparedEvidence as Piece } from '#contract/library.ts';
import { api, Refusal } from '../../api.ts';
import { useDecide } from '../../parts/decide/decisions.ts';
import { Icon } from '../../parts/icons.tsx';
import { isForPage } from '../../parts/keys.tsx';
import { Empty, Failure } from '../../parts/states.tsx';
import { useTitleOf } from '../../parts/title.ts';
import { neighboursOf, useLibraryView } from '../library/library-context.ts';
import { Decide } from './decide.tsx';
import { Decisions } from './decisions.tsx';
import { Facts } from './facts.tsx';
import { Picture } from './picture.tsx';
import { WhenTaken } from './when-taken.tsx';
import { choiceOf, Evidence } from './evidence.tsx';
import { Tags } from './tags.tsx';
import styles from './asset-page.module.css';

export function AssetPage() {
  const { assetId } = useParams({ from: '/library/$assetId' });
  const asset = useQuery(api.assets.get.queryOptions({ input: { id: assetId }, staleTime: 30_000 }));
  useTitleOf(asset.data?.locations[0]?.name ?? null);
  const { back, newer, older } = useMoves(asset.data);
  const [zoomedId, setZoomedId] = useState<string | null>(null);
  const zoomed = zoomedId === assetId;
  const zoom = useCallback((on: boolean) => setZoomedId(on ? assetId : null), [assetId]);
  const page = useRef<HTMLElement>(null);
  const decide = useDecide();
  const choose = (id: string, piece: Piece) =>
    decide.mutate({ target: { asset_ids: [id] }, decision: choiceOf(piece, 'this one') });

  useEffect(() => page.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      // A video in focus has its own use for the arrows.
      if (event.target instanceof HTMLVideoElement && event.key !== 'Escape') return;
      const act = { Escape: back, ArrowLeft: newer, ArrowRight: older, z: () => zoom(!zoomed) }[event.key];
      if (act === undefined || act === null) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [back, newer, older, zoom, zoomed]);

  return (
    <article
      ref={page}
      className={styles.page}
      tabIndex={-1}
      aria-label={asset.data?.locations[0]?.name ?? 'Picture'}
    >
      <div className={styles.stage}>
        {asset.data !== undefined && (
          <Picture key={asset.data.id} asset={asset.data} zoomed={zoomed} onZoom={zoom} />
        )}
        <Button
          className={styles.back}
          variant="default"
          leftSection={<Icon name="left" size={16} />}
          onClick={back}
        >
          Library
        </Button>
        {!zoomed && (
          <>
            <Arrow side="left" name="Newer picture" onClick={newer} />
            <Arrow side="right" name="Older picture" onClick={older} />
          </>
        )}
      </div>
      <div className={styles.panel}>
        {asset.isPending && <PanelSkeleton />}
        {asset.isError && asset.data === undefined && (
          <NotLoaded error={asset.error} retry={() => void asset.refetch()} back={back} />
        )}
        {asset.data !== undefined && (
          <>
            <WhenTaken time={asset.data.capture_time} />
            <Decide asset={asset.data} />
            <Evidence
              evidence={asset.data.evidence}
              chosen={asset.data.capture_time}
              keys={false}
              onChoose={(piece) => choose(asset.data.id, piece)}
            />
            <Tags asset={asset.data} />
            <Facts asset={asset.data} />
            <Decisions id={asset.data.id} />
          </>
        )}
      </div>
    </article>
  );
}

/** Where the arrows and Escape lead. Neighbours are those of the grid underneath, with its filter. */
function useMoves(asset: Asset | undefined) {
  const navigate = useNavigate({ from: '/library/$assetId' });
  const view = useLibraryView();
  const neighbours =
    asset === undefined ? null : neighboursOf(view, { id: asset.id, local: asset.capture_time.local });
  const { want } = view;
  const missing = neighbours?.missing ?? [];
  const asked = missing.map((span) => span.first).join();
  useEffect(() => {
    if (asked !== '') want(missing);
    // The spans are made anew on each render; `asked` says whether they are others.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [asked, want]);

  const open = useCallback(
    (assetId: string) =>
      void navigate({
        to: '/library/$assetId',
        params: { assetId },
        search: (search) => search,
        replace: true,
      }),
    [navigate],
  );
  const back = useCallback(
    () => void navigate({ to: '/library', search: (search) => search, resetScroll: false }),
    [navigate],
  );
  const newerId = neighbours?.newer?.id;
  const olderId = neighbours?.older?.id;
  return {
    back,
    newer: newerId === undefined ? null : () => open(newerId),
    older: olderId === undefined ? null : () => open(olderId),
  };
}

function Arrow(props: { side: 'left' | 'right'; name: string; onClick: (() => void) | null }) {
  const { onClick } = props;
  if (onClick === null) return null;
  return (
    <ActionIcon
      className={styles.arrow}
      data-side={props.side}
      variant="default"
      size={44}
      radius="xl"
      aria-label={props.name}
      onClick={onClick}
    >
      <Icon name={props.side} size={22} />
    </ActionIcon>
  );
}

function NotLoaded({ error, retry, back }: { error: unknown; retry: () => void; back: () => void }) {
  if (!(error instanceof Refusal) || error.problem.status !== 404) {
    return <Failure level={2} what="The picture" error={error} retry={retry} />;
  }
  return (
    <Empty
      level={2}
      icon="photo"
      title="There is no such picture"
      action={<Button onClick={back}>Back to the library</Button>}
    >
      The address may be mistyped, or the picture is no longer in the library.
    </Empty>
  );
}

function PanelSkeleton() {
  return (
    <div aria-busy="true" aria-label="The picture is being loaded">
      <Skeleton height={30} width="80%" mb={12} />
      <Skeleton height={18} width="50%" mb={20} />
      <Skeleton height={44} mb={32} />
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={84} mb={10} />
      ))}
    </div>
  );
}
