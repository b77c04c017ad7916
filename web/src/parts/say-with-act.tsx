/** A notice with the one thing there is to do about it. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';

type Notice = { title: string; message?: string; color?: string; autoClose?: false };

export function sayWithAct({ message, ...notice }: Notice, label: string, act: () => void): void {
  const id = notifications.show({
    ...notice,
    message: (
      <>
        {message}
        <Button
          size="compact-sm"
          variant="default"
          mt={6}
          display="block"
          onClick={() => {
            notifications.hide(id);
            act();
          }}
        >
          {label}
        </Button>
      </>
    ),
  });
}
