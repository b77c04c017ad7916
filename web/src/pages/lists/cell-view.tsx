/** What one cell shows: the value, who said it, and what is wrong with it. */
import type { Cell } from '#contract/fields.ts';
import type { SavedVideo } from '#contract/saved-videos.ts';
import { ToneWord } from '../../parts/status-word.tsx';
import { dateWords, instantWords } from '../../words/dates.ts';
import {
  liveStateWords,
  sourceSigns,
  valueWords,
  videoStateSentences,
  videoStateWords,
} from '../../words/list-words.ts';
import { count, videoLength } from '../../words/numbers.ts';
import type { Column } from './columns.ts';
import styles from './table.module.css';

export function CellView({ video, column }: { video: SavedVideo; column: Column }) {
  if (column.field === null) return <BuiltIn video={video} id={column.id} />;
  const cell = video.cells[column.field.id];
  if (cell === undefined) return null;
  const words = valueWords(column.field.type, cell.value);
  const { sign } = sourceSigns[cell.source];
  return (
    <span className={styles.value} data-state={cell.state} title={cellSentence(cell)}>
      <span className={styles.words}>{cell.state === 'failed' && words === '' ? 'failed' : words}</span>
      <span className={styles.sign} aria-hidden="true">
        {sign}
      </span>
      <span className="unseen">{cellSentence(cell)}</span>
    </span>
  );
}

/** Who said it and when; or what is wrong and what to do. */
export function cellSentence({ state, source, model, at, error, value }: Cell): string {
  if (state === 'failed') return error ?? 'The model gave no value that fits.';
  const who = source === 'model' && model !== null ? `By ${model}` : capital(sourceSigns[source].word);
  const said = `${who}, ${instantWords(at)}.`;
  if (state === 'misfit') return `Fits its field no longer: change it or run the field again. ${said}`;
  return value === null ? `Left empty. ${said}` : said;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function BuiltIn({ video, id }: { video: SavedVideo; id: string }) {
  switch (id) {
    case 'title':
      return <Title video={video} />;
    case 'channel':
      return video.channel;
    case 'duration_seconds':
      return video.duration_seconds === null ? null : videoLength(video.duration_seconds);
    case 'start_seconds':
      return video.start_seconds === null ? null : videoLength(video.start_seconds);
    case 'published_at':
    case 'added_at':
    case 'processed_at':
      return <Day instant={video[id]} />;
    case 'live_state':
      return video.live_state === null ? null : liveStateWords[video.live_state];
    case 'youtube_id':
      return video.youtube_id;
    case 'seq':
      return count(video.seq);
    case 'language':
      return video.language;
    case 'state':
      return (
        <span title={video.state_reason ?? videoStateSentences[video.state]}>
          <ToneWord {...videoStateWords[video.state]} />
        </span>
      );
    default:
      return null;
  }
}

function Day({ instant }: { instant: string | null }) {
  if (instant === null) return null;
  return <span title={instantWords(instant)}>{dateWords(instant.slice(0, 10), 'short')}</span>;
}

function Title({ video }: { video: SavedVideo }) {
  return (
    <span className={styles.title} title={video.title ?? video.url}>
      {video.title ?? video.youtube_id}
    </span>
  );
}
