/** The upload before it becomes an import: how much has arrived, what is on its way, what would not go. */
import { Button } from '@mantine/core';
import { Bar } from '../../parts/bar.tsx';
import { Icon } from '../../parts/icons.tsx';
import panel from '../../parts/job-panel.module.css';
import { sayWithUndo } from '../../parts/say-with-undo.tsx';
import {
  addFiles,
  cancelUploads,
  goOn,
  importArrived,
  pauseUploads,
  retryFaulty,
  type Uploads,
} from '../../uploads/uploads.ts';
import { byteSize, count, countOf, percent, span } from '../../words/numbers.ts';
import styles from './upload-panel.module.css';

const titles: Record<Uploads['phase'], string> = {
  idle: '',
  sending: 'Uploading',
  paused: 'Upload paused',
  importing: 'Everything has arrived; the import is starting',
  stopped: 'The upload needs a decision',
};

export function UploadPanel({ uploads }: { uploads: Uploads }) {
  const { phase } = uploads;
  return (
    <section className={panel.panel} aria-label="Upload">
      <header className={panel.head}>
        <h2 className={panel.name}>{titles[phase]}</h2>
        <div className={panel.actions}>
          {phase === 'sending' && (
            <Button variant="default" leftSection={<Icon name="pause" size={16} />} onClick={pauseUploads}>
              Pause
            </Button>
          )}
          {phase === 'paused' && (
            <Button leftSection={<Icon name="resume" size={16} />} onClick={goOn}>
              Resume
            </Button>
          )}
          {(phase === 'sending' || phase === 'paused') && (
            <Button
              variant="default"
              leftSection={<Icon name="cancel" size={16} />}
              onClick={() => void stop()}
            >
              Stop
            </Button>
          )}
        </div>
      </header>
      <Figures uploads={uploads} />
      <Bar
        part={uploads.bytesArrived}
        total={uploads.bytes}
        label="Upload"
        tone={phase === 'paused' || phase === 'stopped' ? 'warn' : 'running'}
      />
      <ul className={styles.now}>
        {uploads.now.map((file) => (
          <li key={file.name}>
            <span>{file.name}</span> {percent(file.share, 1)}
          </li>
        ))}
      </ul>
      {phase === 'stopped' && <Decision uploads={uploads} />}
    </section>
  );
}

/** No question: what was stopped can be taken up again. */
async function stop(): Promise<void> {
  const files = await cancelUploads();
  sayWithUndo(`The upload of ${countOf(files.length, 'file', 'files')} was stopped.`, () => addFiles(files));
}

function Figures({ uploads }: { uploads: Uploads }) {
  const { bytes, bytesArrived, seconds } = uploads;
  const speed = seconds < 1 ? 0 : bytesArrived / seconds;
  return (
    <p className={panel.figures}>
      <strong>
        {count(uploads.arrived)} of {countOf(uploads.total, 'file', 'files')}
      </strong>
      <span>
        {byteSize(bytesArrived)} of {byteSize(bytes)}
      </span>
      {uploads.phase === 'sending' && speed > 0 && (
        <>
          <span>{byteSize(speed)}/s</span>
          <span>{span((bytes - bytesArrived) / speed)} left</span>
        </>
      )}
    </p>
  );
}

function Decision({ uploads }: { uploads: Uploads }) {
  const { faults, faultCount, arrived, refusal } = uploads;
  if (refusal !== null) {
    return (
      <div className={styles.decision}>
        <p role="alert">{refusal}</p>
        <div className={panel.actions}>
          <Button leftSection={<Icon name="retry" size={16} />} onClick={() => void importArrived()}>
            Try again
          </Button>
          <Button variant="default" onClick={() => void stop()}>
            Leave it for later
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.decision}>
      <p>{countOf(faultCount, 'file', 'files')} could not be uploaded.</p>
      <ul className={styles.faults}>
        {faults.map(({ reason, count: size, names }) => (
          <li key={reason}>
            {reason}
            <span className={styles.names}>
              {names.join(', ')}
              {size > names.length && ` and ${count(size - names.length)} more`}
            </span>
          </li>
        ))}
      </ul>
      <div className={panel.actions}>
        <Button leftSection={<Icon name="retry" size={16} />} onClick={retryFaulty}>
          Try them again
        </Button>
        {arrived > 0 && (
          <Button variant="default" onClick={() => void importArrived()}>
            Import the {count(arrived)} that arrived
          </Button>
        )}
      </div>
    </div>
  );
}
