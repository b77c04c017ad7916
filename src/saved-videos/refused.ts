/** Every refusal of this room, once: its code, and of what sort it is. */

const refusals = {
  not_found: 'missing',
  label_taken: 'conflict',
  job_running: 'conflict',
  list_deleted: 'conflict',
  nothing_to_process: 'conflict',
  already_undone: 'conflict',
  nothing_to_undo: 'conflict',
  model_off: 'conflict',
  model_unavailable: 'unavailable',
  too_many_lists: 'impossible',
  too_many_videos: 'impossible',
  too_many_fields: 'impossible',
  options_needed: 'impossible',
  options_not_here: 'impossible',
  option_twice: 'impossible',
  unknown_column: 'impossible',
  filter_not_understood: 'impossible',
  value_unfit: 'impossible',
  change_not_for_field: 'impossible',
  file_unreadable: 'impossible',
  no_links_in_file: 'impossible',
} as const satisfies Record<string, 'missing' | 'conflict' | 'impossible' | 'unavailable'>;

export type RefusalCode = keyof typeof refusals;

/** What was asked of a list cannot be done; `message` is the sentence for a person. */
export class ListRefused extends Error {
  readonly code: RefusalCode;
  readonly sort: (typeof refusals)[RefusalCode];
  constructor(code: RefusalCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
    this.sort = refusals[code];
  }
}

export function noSuchList(): ListRefused {
  return new ListRefused('not_found', 'There is no list of this id.');
}

export function noSuchVideo(): ListRefused {
  return new ListRefused('not_found', 'There is no video of this number in the list.');
}

export function noSuchField(): ListRefused {
  return new ListRefused('not_found', 'There is no field of this id in the list.');
}
