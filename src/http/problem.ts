/** Every refusal, in one shape (RFC 9457) and from one table. */
import { ORPCError } from '@orpc/server';
import type { FastifyError } from 'fastify';
import type { Problem } from '#contract/problem.ts';
import { JobNotFound, JobRefused } from '#jobs/job.ts';
import { CursorRefused } from '#db/cursor.ts';
import { ExportRefused, type ExportRefusal } from '#export/export-refused.ts';
import { ImportRefused } from '#library/start-import.ts';
import { PathRefused } from '#library/walk.ts';
import { DecisionRefused } from '#review/decisions.ts';
import { ListRefused } from '#saved-videos/refused.ts';
import { RedateRefused } from '#review/redate.ts';

/** A request that is answered with a sentence. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, sentence: string) {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

const titles: Record<number, string> = {
  400: 'The request cannot be understood',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible here',
  409: 'Not possible now',
  410: 'No longer there',
  412: 'Not as expected',
  413: 'Too large',
  415: 'Not a format that is read here',
  416: 'No such part',
  422: 'Cannot be done',
  426: 'Another protocol is spoken here',
  500: 'Something went wrong here',
  503: 'Not ready',
};

const longestDetail = 500;

export function problem(status: number, code: string, detail: string, fields?: Problem['fields']): Problem {
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Refused',
    status,
    code,
    detail: detail.slice(0, longestDetail),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** The problem an error stands for. What is not known here is ours to mend: it is 500 and says nothing of its inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return problem(error.status, error.code, error.message);
  if (error instanceof JobNotFound) return problem(404, 'not_found', error.message);
  if (error instanceof JobRefused) return problem(409, error.code, error.message);
  if (error instanceof CursorRefused) return problem(400, 'invalid_cursor', error.message);
  if (error instanceof PathRefused) return problem(422, 'path_unreadable', error.message);
  if (error instanceof ImportRefused) {
    return problem(error.code === 'upload_taken' ? 409 : 422, error.code, error.message);
  }
  if (error instanceof DecisionRefused) {
    return problem(error.code === 'not_found' ? 404 : 409, error.code, error.message);
  }
  if (error instanceof RedateRefused) return problem(409, error.code, error.message);
  if (error instanceof ExportRefused) return problem(statusOfExport(error.code), error.code, error.message);
  if (error instanceof ListRefused) {
    return problem(
      { missing: 404, conflict: 409, impossible: 422, unavailable: 503 }[error.sort],
      error.code,
      error.message,
    );
  }
  if (error instanceof ORPCError) return problemOfInput(error);
  if (isClientError(error)) return problem(error.statusCode, 'invalid_request', error.message);
  return problem(500, 'internal', 'An error of Daybook itself. Its log says more; trying again may help.');
}

/** What the asker can mend in the request is 422; what another moment, or the state of the folder, may change is 409. */
function statusOfExport(code: ExportRefusal): number {
  if (code === 'not_found') return 404;
  if (code === 'download_gone') return 410;
  const mendable: readonly ExportRefusal[] = [
    'template_wrong',
    'folder_not_whole',
    'folder_of_the_system',
    'folder_of_the_library',
    'folder_of_sources',
    'folder_is_no_folder',
    'folder_not_writable',
    'nothing_to_export',
    'too_many_files',
  ];
  return mendable.includes(code) ? 422 : 409;
}

type InputIssue = { code?: string; keys?: string[]; path?: PropertyKey[]; message: string };

function problemOfInput(error: ORPCError<string, unknown>): Problem {
  if (error.cause instanceof Error && !(error.cause instanceof ORPCError)) {
    const cause = problemOf(error.cause);
    if (cause.status !== 500) return cause;
  }
  const issues = (error.data as { issues?: InputIssue[] } | undefined)?.issues;
  if (error.status === 400 && issues !== undefined) {
    const fields = issues.flatMap(refusedFields);
    const detail = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return problem(400, 'invalid_input', detail, fields.slice(0, 50));
  }
  if (error.status >= 500) return problem(500, 'internal', 'An error of Daybook itself. Its log says more.');
  return problem(error.status, error.code.toLowerCase(), error.message);
}

/** One entry per field, also where one issue names several fields that are not known. */
function refusedFields(issue: InputIssue): NonNullable<Problem['fields']> {
  const at = issue.path?.map(String) ?? [];
  if (issue.code === 'unrecognized_keys' && issue.keys !== undefined) {
    return issue.keys.map((key) => ({ field: [...at, key].join('.'), message: 'There is no such field.' }));
  }
  return [{ field: at.join('.') || '(all)', message: issue.message }];
}

function isClientError(error: unknown): error is FastifyError & { statusCode: number } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    Number(error.statusCode) >= 400 &&
    Number(error.statusCode) < 500
  );
}
