import type { SummaryOf } from '#contract/job-summary.ts';
import type { Queryable } from '#db/database.ts';
import type { LineOutcome } from '#export/write/journal.ts';

const mostExamples = 10;
const linesAtOnce = 1000;

/** How many sentences the lines of an export have to tell, and the first ten. */
export async function tellLeft(
  db: Queryable,
  exportId: string,
  sentencesOf: (outcome: LineOutcome) => readonly string[],
): Promise<SummaryOf<'undo_export'>['left']> {
  const told: SummaryOf<'undo_export'>['left'] = { count: 0, examples: [] };
  for (let last = 0; ;) {
    const rows = await db
      .selectFrom('export_files')
      .select(['seq', 'name', 'outcome_json'])
      .where('export_id', '=', exportId)
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(linesAtOnce)
      .execute();
    for (const { name, outcome_json } of rows) {
      for (const message of sentencesOf(JSON.parse(outcome_json ?? '{}') as LineOutcome)) {
        told.count += 1;
        if (told.count <= mostExamples) told.examples.push({ name, message });
      }
    }
    if (rows.length < linesAtOnce) return told;
    last = rows.at(-1)?.seq ?? last;
  }
}
