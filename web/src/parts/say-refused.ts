import { notifications } from '@mantine/notifications';
import { isGone, queryClient, sentenceOf } from '../api.ts';

/** What did not happen, and why. */
export function sayRefused(title: string, error: unknown): void {
  notifications.show({ color: 'red', title, message: sentenceOf(error) });
  // The page shows something that is no longer there, and who knows what else is old.
  if (isGone(error)) void queryClient.invalidateQueries();
}
