/** What waits for a person, deciding again under other rules, clocks that were wrong, and tags. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { DecisionReport, DecisionToMake, Shift } from './decisions.ts';
import { BeforeAfter, RulesTold } from './job-summary.ts';
import { Job } from './jobs.ts';
import { AssetTile } from './library.ts';
import { PageQuery, pageOf } from './page.ts';
import { ChoiceRule, ClockWitness, DoubtKind, Precision } from './words.ts';

const ReviewGroup = z.strictObject({
  key: z.string().describe('Also the value of the filter `doubt`'),
  kind: DoubtKind,
  sentence: z.string().describe('"312 from WhatsApp: the day is known, the time is not"'),
  count: z.int(),
  proposal: z
    .strictObject({ sentence: z.string(), decision: DecisionToMake })
    .nullable()
    .describe('What would settle all of them at once; null where each needs its own look'),
  samples: z
    .array(AssetTile.pick({ id: true, name: true, kind: true, has_thumbnail: true }))
    .describe('Up to six of its assets'),
});
export type ReviewGroup = z.infer<typeof ReviewGroup>;

const Camera = z.strictObject({
  make: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
});

const ZoneFault = z.strictObject({
  clock: z
    .string()
    .min(1)
    .max(100)
    .describe('The zone that the clock stood in: an offset, or the zone of home'),
  taken: z.string().min(1).max(100).describe('The zone that the pictures were taken in'),
});

/** A camera whose clock was wrong by the same time for a while: how, by whose word, and what mending it would do. */
const ClockCorrection = z.strictObject({
  camera: Camera,
  from: z.string().describe('First wall clock of the period, as the camera told it'),
  to: z.string().describe('Last one, included'),
  shift_seconds: Shift.describe(
    'By how much the wall clock was behind; 0 where only the zone beside it was wrong',
  ),
  zone: ZoneFault.nullable().describe(
    'Where the clock was right in another zone: then times are told anew, not shifted',
  ),
  by: ClockWitness,
  sentence: z.string().describe('"48 from Canon G2: its clock was 17 min behind the GPS, 2 – 9 July 2012"'),
  witnesses: z.int().describe('Assets, or moments of another device, that show the difference'),
  assets: z.int().describe('Assets of this camera in this period'),
  samples: z.array(
    BeforeAfter.extend({ before_zone: z.string().nullable(), after_zone: z.string().nullable() }),
  ),
});
export type ClockCorrection = z.infer<typeof ClockCorrection>;

export const TagCount = z.strictObject({ tag: z.string(), count: z.int() });

const Rules = {
  rule: ChoiceRule.optional(),
  zone: z.string().min(1).max(100).optional().describe('Home: the zone of what says nothing about its own'),
  min_year: z.int().min(1826).max(2100).optional().describe('Dates of earlier years are taken for a fault'),
};

const tags = ['review'];

export const reviewContract = {
  groups: oc
    .route({
      method: 'GET',
      path: '/review/groups',
      tags,
      summary: 'What waits for a person, grouped, the group that settles most first',
    })
    .input(z.strictObject({ limit: z.int().min(1).max(500).default(100) }))
    .output(z.strictObject({ total: z.int().describe('Assets in doubt'), groups: z.array(ReviewGroup) })),
  groupAssets: oc
    .route({
      method: 'GET',
      path: '/review/groups/{key}/assets',
      tags,
      summary: 'The assets of one group, by time',
    })
    .input(z.strictObject({ key: z.string().max(300), ...PageQuery }))
    .output(pageOf(AssetTile.extend({ precision: Precision.nullable(), because: z.string() }))),
  rules: oc
    .route({ method: 'GET', path: '/rules', tags, summary: 'The rules by which this library is dated' })
    .input(z.strictObject({}).optional())
    .output(
      z.strictObject({
        in_force: RulesTold,
        settings: RulesTold.describe('What is in force where the library was never told otherwise'),
      }),
    ),
  redate: oc
    .route({
      method: 'POST',
      path: '/redate',
      tags,
      summary: 'Decide again for the whole library, from what is stored: starts a job',
      description:
        'Opens no file and touches no choice of a person. Rules that are given are in force for this library from ' +
        'here on; those left out stay as they are. With `dry_run` nothing is written but the report, which is the ' +
        'summary of the job: `/progress/{id}`. Refused with `redate_unfinished` while another one has not ended.',
      successStatus: 201,
    })
    .input(z.strictObject({ ...Rules, dry_run: z.boolean() }))
    .output(Job),
  clockCorrections: oc
    .route({
      method: 'GET',
      path: '/clock-corrections',
      tags,
      summary: 'Cameras whose clock seems to have been wrong',
    })
    .input(z.strictObject({}))
    .output(z.strictObject({ items: z.array(ClockCorrection) })),
  correctClock: oc
    .route({
      method: 'POST',
      path: '/clock-corrections',
      tags,
      summary: 'Correct the clock of one camera in one period',
      description: 'A decision like any other: it is listed, undone and redone.',
    })
    .input(
      z.strictObject({
        camera: Camera,
        from: z.string().max(40),
        to: z.string().max(40),
        shift_seconds: Shift,
        zone: ZoneFault.nullish().describe('As it was proposed; left out: only shifted'),
      }),
    )
    .output(DecisionReport),
  tags: oc
    .route({ method: 'GET', path: '/tags', tags, summary: 'Tags and how often they stand, for completion' })
    .input(
      z.strictObject({ prefix: z.string().max(100).default(''), limit: z.int().min(1).max(500).default(50) }),
    )
    .output(z.strictObject({ items: z.array(TagCount) })),
};
