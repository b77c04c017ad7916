import { notifications } from '@mantine/notifications';
import { sentenceOf } from '../api.ts';

/** What did not happen, and why. */
export function sayRefused(title: string, error: unknown): void {
  notifications.show({ color: 'red', title, message: sentenceOf(error) });
}
