import type { DetailedError } from 'tus-js-client';
import { Problem } from '#contract/problem.ts';

/** Why a file was not taken, as a sentence: what the server said, where it said something. */
export function reasonOf(error: Error | DetailedError): string {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (response === null) return 'The connection to Daybook broke, or the file can no longer be read.';
  const said = response.getBody().trim();
  try {
    const problem = Problem.safeParse(JSON.parse(said));
    if (problem.success) return problem.data.detail;
  } catch {
    // Not a problem document: tus refuses in a plain sentence.
    if (said !== '' && !said.startsWith('<')) return `Daybook refused it: ${said}`;
  }
  return `Daybook refused it with the status ${response.getStatus()}.`;
}
