import type { Decision } from '#capture-time/clues.ts';
import { evidenceFromContent } from '#capture-time/content.ts';
import { decide } from '#capture-time/decide.ts';
import { partnerPiece } from '#capture-time/partner.ts';
import { settleEvidence } from '#capture-time/settle.ts';
import type { Queryable } from '#db/database.ts';
import {
  deviceZoneOf,
  evidenceOfBytes,
  isUndated,
  neighboursOf,
  partnerOf,
  type Asking,
} from './others-of-asset.ts';

/** Decides with what other assets tell, and asks them only what is missing. */
export async function decideAmongOthers(
  db: Queryable,
  asking: Asking,
  may_have_partner: boolean,
  given: Parameters<typeof decide>[0],
): Promise<Decision> {
  let { clues, others } = given;
  const again = (): Decision => decide({ ...given, clues, others });
  const partner = may_have_partner ? await partnerOf(db, asking) : null;
  if (partner !== null) {
    const said = await evidenceOfBytes(db, partner.id);
    const own = settleEvidence(evidenceFromContent(clues, given.rules), clues, given.rules);
    const piece = partnerPiece(said, own, partner.certain);
    if (piece !== null) others = [...others, piece];
  }
  let decision = again();
  if (isUndated(decision.capture_time.source)) {
    const piece = await neighboursOf(db, asking);
    if (piece !== null) {
      others = [...others, piece];
      decision = again();
    }
  }
  const { local, zone_source } = decision.capture_time;
  if (local !== null && zone_source === 'home') {
    const device_zone = await deviceZoneOf(db, asking, local);
    if (device_zone !== null) {
      clues = { ...clues, device_zone };
      decision = again();
    }
  }
  return decision;
}
