/** One video: its picture, what YouTube says, its state with what to do, and every value with who said it. */
import { Button, Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { List } from '#contract/lists.ts';
import type { ProcessWish } from '#contract/processing.ts';
import type { SavedVideoDetail } from '#contract/saved-videos.ts';
import { api, isGone, videoThumbnailOf } from '../../api.ts';
import { Icon } from '../../parts/icons.tsx';
import { Failure } from '../../parts/states.tsx';
import { ToneWord } from '../../parts/status-word.tsx';
import { instantWords } from '../../words/dates.ts';
import { valueWords, videoStateSentences, videoStateWords } from '../../words/list-words.ts';
import { videoLength } from '../../words/numbers.ts';
import { cellSentence } from './cell-view.tsx';
import styles from './dialogs.module.css';

type Props = {
  list: List;
  seq: number | undefined;
  onProcess: (wish: ProcessWish, title: string) => void;
  onClose: () => void;
};

export function VideoPanel({ list, seq, onProcess, onClose }: Props) {
  return (
    <Modal
      opened={seq !== undefined}
      onClose={onClose}
      title="Saved video"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {seq !== undefined && <Details list={list} seq={seq} onProcess={onProcess} />}
    </Modal>
  );
}

type DetailsProps = Pick<Props, 'list' | 'onProcess'>;

function Details({ seq, ...props }: DetailsProps & { seq: number }) {
  const found = useQuery(api.videos.get.queryOptions({ input: { id: props.list.id, seq } }));
  if (isGone(found.error) || (found.isError && found.data === undefined)) {
    return <Failure level={2} what="The video" error={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data === undefined) return <Skeleton height={320} aria-label="The video is being loaded" />;
  return <Video {...props} video={found.data} />;
}

function Video({ list, video, onProcess }: DetailsProps & { video: SavedVideoDetail }) {
  return (
    <div className={styles.form}>
      {video.thumbnail_url !== null && (
        <img className={styles.picture} src={videoThumbnailOf(list.id, video.seq)} alt="" />
      )}
      <h2 className={styles.label}>{video.title ?? video.youtube_id}</h2>
      <p>
        <ToneWord {...videoStateWords[video.state]} />{' '}
        <span className={styles.quiet}>{video.state_reason ?? videoStateSentences[video.state]}</span>
      </p>
      <dl className={styles.facts}>
        {video.channel !== null && (
          <>
            <dt>Channel</dt>
            <dd>{video.channel}</dd>
          </>
        )}
        {video.duration_seconds !== null && (
          <>
            <dt>Length</dt>
            <dd>{videoLength(video.duration_seconds)}</dd>
          </>
        )}
        {video.published_at !== null && (
          <>
            <dt>Published</dt>
            <dd>{instantWords(video.published_at)}</dd>
          </>
        )}
        {list.fields.map((field) => {
          const cell = video.cells[field.id];
          return (
            <div key={field.id} style={{ display: 'contents' }}>
              <dt>{field.label}</dt>
              <dd>
                {cell === undefined ? '–' : valueWords(field.type, cell.value) || '–'}
                {cell !== undefined && (
                  <span className={cell.state === 'failed' ? styles.bad : styles.quiet}>
                    {' '}
                    {cellSentence(cell)}
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      {video.description !== null && video.description !== '' && (
        // What scrolls by itself must take the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <p className={styles.description} tabIndex={0} role="region" aria-label="Description">
          {video.description}
        </p>
      )}
      <div className={styles.buttons}>
        <Button
          renderRoot={(root) => <a {...root} href={video.url} target="_blank" rel="noopener noreferrer" />}
          leftSection={<Icon name="open" size={16} />}
        >
          Watch at YouTube
        </Button>
        <Button
          variant="default"
          leftSection={<Icon name="retry" size={16} />}
          onClick={() => onProcess({ what: 'videos', seqs: [video.seq] }, 'Process this video again')}
        >
          Process again
        </Button>
      </div>
    </div>
  );
}
