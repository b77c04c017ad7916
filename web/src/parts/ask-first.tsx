/** A step that cannot be taken back asks first, beside its button. */
import { Button, Popover, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';

type Props = {
  /** The button that opens the question. */
  label: string;
  icon: ReactNode;
  busy: boolean;
  /** Names the question to those who hear it. */
  name: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  yes: string;
  no: string;
  onYes: () => void;
};

export function AskFirst({ label, icon, busy, name, children, yes, no, onYes }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withArrow trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={icon} loading={busy} onClick={() => setOpen(!open)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw={320} aria-label={name}>
        <Text size="sm" mb="sm">
          {children}
        </Text>
        <Button
          color="red"
          mr="xs"
          onClick={() => {
            setOpen(false);
            onYes();
          }}
        >
          {yes}
        </Button>
        <Button variant="subtle" onClick={() => setOpen(false)}>
          {no}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
