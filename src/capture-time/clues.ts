/**
 * What the rest of the product hands over, and what it gets back. Everything here is plain data: whatever was read
 * from a file is kept with the asset and its locations, so that the same question can be asked again under other rules.
 */
import type { DeviceZone } from './device-zone.ts';
import type { CaptureTime, Evidence } from '#contract/capture-time.ts';
import type { ChoiceRule, MediaKind } from '#contract/words.ts';

export type { ChoiceRule };

/** What the bytes of an asset say. */
export type Clues = {
  /** `Group:Tag` → the value exactly as ExifTool prints it. The tags that count are listed in `content.ts`. */
  time_tags: Readonly<Record<string, string>>;
  /** Signed decimal degrees. */
  gps: { latitude: number; longitude: number } | null;
  kind: MediaKind;
  camera: { make: string | null; model: string | null };
  /** Where the device was on the day of the shot, learnt from its other files. */
  device_zone?: DeviceZone | null;
};

/** What one location of an asset says. */
export type NameClues = {
  name: string;
  /** ISO 8601 instant, or null where the time of the file is not known (some uploads). */
  modified_at: string | null;
  /** When this name was met, as an ISO 8601 instant; null for now. A file is judged "copied recently" from here. */
  met_at: string | null;
  /** The folder as it was met: a path, or what the upload told. */
  folder?: string | null;
  /** What the sidecars beside it say. */
  sidecars?: readonly SidecarClues[];
};

/** What one sidecar says: the same tags as those of a file. */
export type SidecarClues = Pick<Clues, 'time_tags' | 'gps'>;

export type Rules = {
  rule: ChoiceRule;
  /** Dates of earlier years are taken for a fault. */
  min_year: number;
  /** IANA name: the zone of what says nothing about its zone. */
  home_zone: string;
  /** Now: "tomorrow" is counted from here, and "copied recently" for names that are met now. */
  now: Temporal.Instant;
};

export type Decision = {
  /** Every piece, rejected ones too. */
  evidence: Evidence[];
  /** For each piece of `evidence`: which of the `names` gave it, or null when no name did. */
  given_by: (number | null)[];
  capture_time: CaptureTime;
  /** What a library sorts by; see `sortKey`. */
  sort_key: string;
  /** The rules `earliest` and `trusted` choose differently, which is a reason for a person to look. */
  rules_differ: boolean;
};
