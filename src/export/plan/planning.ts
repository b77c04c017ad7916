import type { ExportWish } from './plan.ts';
import type { Standing } from './standing.ts';
import type { ExportPlace, Target } from './target.ts';

/** What every step of the making of a plan needs. */
export type Planning = ExportPlace & {
  owner: string;
  wish: ExportWish;
  target: Target;
  standing: Standing;
  /** When it began. */
  now: Date;
  /** Called now and then: gives other requests their turn, and throws `ExportRefused` once nobody waits for the plan. */
  goOn(): Promise<void>;
};
