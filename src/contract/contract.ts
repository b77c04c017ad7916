/** Everything the outside may ask, served under `/api` and described at `/api/openapi.json`. */
import { decisionsContract } from './decisions.ts';
import { downloadsContract, exportsContract } from './exports.ts';
import { healthContract } from './health.ts';
import { jobsContract } from './jobs.ts';
import { importsContract, libraryContract } from './library.ts';
import { reviewContract } from './review.ts';

export const contract = {
  jobs: jobsContract,
  assets: libraryContract,
  imports: importsContract,
  decisions: decisionsContract,
  review: reviewContract,
  exports: exportsContract,
  downloads: downloadsContract,
  health: healthContract,
};
export type Contract = typeof contract;
