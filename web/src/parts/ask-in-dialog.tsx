/** A step with consequences asks first, with room to say exactly what will happen. For a sentence there is `AskFirst`. */
import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { FailureLine } from './states.tsx';
import styles from './ask-in-dialog.module.css';

type Props = {
  /** The button that opens the dialog. */
  label: string;
  icon: ReactNode;
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  yes: string;
  no: string;
  /** The dialog stays open, with the reason, when it is refused. */
  onYes: () => Promise<unknown>;
};

export function AskInDialog({ label, icon, title, children, yes, no, onYes }: Props) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onYes();
      setOpen(false);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={icon}
        onClick={() => {
          setError(null);
          setOpen(true);
        }}
      >
        {label}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={title}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className={styles.says}>{children}</div>
        {error !== null && <FailureLine error={error} retry={null} />}
        <div className={styles.buttons}>
          <Button color="red" loading={busy} onClick={() => void confirm()}>
            {yes}
          </Button>
          <Button variant="default" data-autofocus onClick={() => setOpen(false)}>
            {no}
          </Button>
        </div>
      </Modal>
    </>
  );
}
