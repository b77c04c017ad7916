import { TextInput, type TextInputProps } from '@mantine/core';
import type { RefAttributes } from 'react';
import { Icon } from './icons.tsx';

/** A path on the computer that Daybook runs on. No browser can choose one there, so it is typed. */
export function PathInput(props: TextInputProps & RefAttributes<HTMLInputElement>) {
  return (
    <TextInput
      size="md"
      spellCheck={false}
      autoComplete="off"
      leftSection={<Icon name="folder" size={18} />}
      {...props}
    />
  );
}
