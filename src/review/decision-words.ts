/** What was decided, in a few words for a list. */
import { inWords } from '#capture-time/because.ts';
import { factsOf } from '#capture-time/sources.ts';
import type { DecisionKind } from '#contract/words.ts';
import type { PreparedDecision } from './prepare.ts';

export function sentenceOf(kind: DecisionKind, data: Record<string, unknown>): string {
  const decision = { kind, data } as PreparedDecision; // as `make-decision.ts` wrote it
  switch (decision.kind) {
    case 'choose':
      return `Chose ${factsOf(decision.data.source).called}`;
    case 'set_time':
      return `Set to ${inWords(decision.data.local)}${decision.data.zone === null ? '' : ` ${decision.data.zone}`}`;
    case 'shift':
      return `Shifted by ${secondsInWords(decision.data.seconds)}`;
    case 'set_zone':
      return decision.data.keep === 'clock'
        ? `Placed in ${decision.data.zone}`
        : `Told in ${decision.data.zone}`;
    case 'correct_clock': {
      const { camera, shift_seconds, zone } = decision.data;
      const which = `the clock of ${camera.model ?? camera.make ?? 'a camera'}`;
      if (!zone) return `Corrected ${which} by ${secondsInWords(shift_seconds)}`;
      if (zone.clock === zone.taken) return `Placed ${which} in ${zone.taken}`;
      return `Corrected ${which} from the time of ${zone.clock} to that of ${zone.taken}`;
    }
    case 'accept':
      return 'Accepted the time shown';
    case 'discard':
      return 'Discarded';
    case 'restore':
      return 'Restored';
    case 'tag': {
      const { add, remove } = decision.data;
      return [
        add.length === 0 ? '' : `Tagged ${add.join(', ')}`,
        remove.length === 0 ? '' : `${add.length === 0 ? 'Took' : 'took'} away ${remove.join(', ')}`,
      ]
        .filter((part) => part !== '')
        .join('; ');
    }
  }
}

/** `+1 h`, `−2 d 3 h`, `+7 min 12 s` */
export function secondsInWords(seconds: number): string {
  const left = Math.abs(seconds);
  const parts = [
    [Math.floor(left / 86_400), 'd'],
    [Math.floor(left / 3600) % 24, 'h'],
    [Math.floor(left / 60) % 60, 'min'],
    [left % 60, 's'],
  ] as const;
  const said = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`]));
  return `${seconds < 0 ? '−' : '+'}${said.join(' ') || '0 s'}`;
}
