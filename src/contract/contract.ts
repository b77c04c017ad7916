/** Everything the outside may ask, served under `/api` and described at `/api/openapi.json`. */
import { decisionsContract } from './decisions.ts';
import { downloadsContract, exportsContract } from './exports.ts';
import { fieldsContract } from './fields.ts';
import { healthContract } from './health.ts';
import { jobsContract } from './jobs.ts';
import { importsContract, libraryContract } from './library.ts';
import { listsContract } from './lists.ts';
import { processingContract } from './processing.ts';
import { reviewContract } from './review.ts';
import { videosContract } from './saved-videos.ts';

export const contract = {
  jobs: jobsContract,
  assets: libraryContract,
  imports: importsContract,
  decisions: decisionsContract,
  review: reviewContract,
  exports: exportsContract,
  downloads: downloadsContract,
  lists: listsContract,
  fields: fieldsContract,
  videos: videosContract,
  processing: processingContract,
  health: healthContract,
};
export type Contract = typeof contract;
