/** Days as YouTube's quota has them: from midnight to midnight in California, summer time included. */
const zone = 'America/Los_Angeles';

/** `2026-05-01`. */
export function pacificDay(now: Date): string {
  return inCalifornia(now).toPlainDate().toString();
}

export function nextPacificMidnight(now: Date): Date {
  const tomorrow = inCalifornia(now).toPlainDate().add({ days: 1 });
  return new Date(tomorrow.toZonedDateTime(zone).epochMilliseconds);
}

function inCalifornia(now: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
}
