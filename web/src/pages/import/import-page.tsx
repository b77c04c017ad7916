import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useCurrentJob } from '../../parts/job-queries.ts';
import { JobPanel } from '../../parts/job-panel.tsx';
import { jobIsShown, useUploads } from '../../uploads/uploads.ts';
import { DropZone } from './drop-zone.tsx';
import { FolderField } from './folder-field.tsx';
import { InterruptedNotice } from './interrupted-notice.tsx';
import { UploadPanel } from './upload-panel.tsx';
import styles from './import-page.module.css';

export function ImportPage() {
  const { job: linked } = useSearch({ from: '/import' });
  const navigate = useNavigate({ from: '/import' });
  const uploads = useUploads();
  const current = useCurrentJob();
  const shown = linked ?? current;

  // The job goes into the address, so that a reload after its end still shows how it ended.
  const newest = uploads.jobId ?? (linked === undefined ? current : null);
  useEffect(() => {
    if (newest === null) return;
    void navigate({ search: { job: newest }, replace: true });
    jobIsShown();
  }, [newest, navigate]);

  const busy = uploads.phase !== 'idle' || shown !== null;
  return (
    <div className={styles.page}>
      <h1 className="unseen">Import</h1>
      <div className={styles.ways} data-busy={busy || undefined}>
        <DropZone compact={busy} />
        <FolderField compact={busy} onStarted={(id) => void navigate({ search: { job: id } })} />
      </div>
      <InterruptedNotice />
      {uploads.phase !== 'idle' && <UploadPanel uploads={uploads} />}
      {shown !== null && <JobPanel key={shown} id={shown} errors="with errors" />}
      {!busy && <WhatHappens />}
    </div>
  );
}

function WhatHappens() {
  return (
    <ul className={styles.promises}>
      <li>
        <b>Each photo and video is read once.</b> Daybook finds out when it was taken and says why it thinks so.
      </li>
      <li>
        <b>Nothing is changed or moved.</b> Originals stay as they are; a folder on this computer is read where
        it stands.
      </li>
      <li>
        <b>The same file twice is no trouble.</b> It is noticed and kept once, so whole messy folders may be
        dropped.
      </li>
    </ul>
  );
}
