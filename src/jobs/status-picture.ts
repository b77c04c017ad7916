/** Draws the tables of `job.ts` for `docs/jobs.md`, as Mermaid state diagrams. */
import { jobStatuses, type JobStatus } from '#contract/words.ts';
import { commands, moves } from './job.ts';

/** Whatever can be cancelled is not at its end. */
const unfinished: readonly JobStatus[] = commands.cancel.from;

type Ways = Record<string, { from: readonly JobStatus[]; to: JobStatus }>;

export function statusPicture(): string {
  const refusals = Object.entries(commands).map(
    ([name, { already, refusal }]) =>
      `- \`${name}\`: ${refusal.only}; otherwise it is refused with \`${refusal.code}\`.${inVain(already)}`,
  );
  return [
    'What a person may ask:',
    diagram(commands),
    ...refusals,
    '',
    'What the engine does by itself:',
    diagram(moves),
  ].join('\n');
}

function diagram(ways: Ways): string {
  const names = new Map<string, string[]>();
  for (const [name, { from, to }] of Object.entries(ways)) {
    for (const status of from) {
      names.getOrInsert(`${status} --> ${to}`, []).push(name.replaceAll('_', ' '));
    }
  }
  const arrows = [...names].map(([arrow, those]) => `${arrow}: ${those.join(' / ')}`);
  const ends = jobStatuses
    .filter((status) => !unfinished.includes(status))
    .map((status) => `${status} --> [*]`);
  const lines = ['[*] --> pending: created', ...arrows, ...ends].map((line) => `    ${line}`);
  return ['', '```mermaid', 'stateDiagram-v2', ...lines, '```', ''].join('\n');
}

function inVain(already: readonly JobStatus[]): string {
  if (already.length === 0) return '';
  return ` When it is already ${already.join(' or ')}, nothing happens and that is no error.`;
}
