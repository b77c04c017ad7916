/** Why an export, its undo, the removal of its sources or a download cannot be planned or begun. */
export type ExportRefusal =
  | 'not_found'
  | 'template_wrong'
  | 'folder_not_whole'
  | 'folder_of_the_system'
  | 'folder_of_the_library'
  | 'folder_of_sources'
  | 'folder_is_no_folder'
  | 'folder_not_writable'
  | 'folder_gone'
  | 'nothing_to_export'
  | 'nothing_to_do'
  | 'not_enough_space'
  | 'already_started'
  | 'not_started'
  | 'folder_busy'
  | 'plan_outdated'
  | 'abandoned'
  | 'too_many_files'
  | 'too_many_downloads'
  | 'download_gone';

/** `message` is the sentence for a person: what was expected, what came, what to do. */
export class ExportRefused extends Error {
  readonly code: ExportRefusal;
  constructor(code: ExportRefusal, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'ExportRefused';
    this.code = code;
  }
}
