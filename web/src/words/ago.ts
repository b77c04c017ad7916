const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** "2 minutes ago", "this minute". */
export function ago(instant: string, now: number): string {
  const minutes = Math.floor(Math.max(0, now - Date.parse(instant)) / 60_000);
  if (minutes < 60) return format.format(-minutes, 'minute');
  return format.format(-Math.floor(minutes / 60), 'hour');
}
