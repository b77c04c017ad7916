/** What a server says of itself, asked over HTTP as anybody would. */
import { Health } from '#contract/health.ts';

const answersWithinMs = 5000;

export type Asked = { state: 'silent' } | { state: 'not ours' } | { state: 'answered'; health: Health };

/** `silent`: nobody listens there, or whoever does gives no answer. `not ours`: it is no Daybook of this version. */
export async function askServer(address: string): Promise<Asked> {
  let answer: Response;
  try {
    answer = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(answersWithinMs) });
  } catch {
    return { state: 'silent' };
  }
  const health = Health.safeParse(await answer.json().catch(() => null));
  return health.success ? { state: 'answered', health: health.data } : { state: 'not ours' };
}
