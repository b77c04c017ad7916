/** Says what was done, with the way back beside it, instead of asking before. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';

export function sayWithUndo(sentence: string, undo: () => void): void {
  const id = notifications.show({
    title: sentence,
    message: (
      <Button
        size="compact-sm"
        variant="default"
        mt={6}
        onClick={() => {
          notifications.hide(id);
          undo();
        }}
      >
        Undo
      </Button>
    ),
  });
}
