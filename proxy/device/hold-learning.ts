// What hang-ups teach about how long a CPE lets itself be held (DESIGN mechanism 2, Learning). Pure.
import type { HoldCounts } from '../store/catalogue-steps.ts';

/** Stored with the device. */
export interface ParkingRecord {
  /** A hang-up while held; it counts once the CPE is back soon and did not boot. */
  readonly hangUp: { readonly at: number; readonly heldMs: number } | undefined;
  /** The hold that was learnt, for this software. */
  readonly learned: { readonly holdMs: number; readonly at: number; readonly SoftwareVersion: string } | undefined;
}

export const NOTHING_LEARNED: ParkingRecord = { hangUp: undefined, learned: undefined };

const COUNTS_WITHIN_MS = 60_000;
const FORGOTTEN_AFTER_MS = 7 * 24 * 3_600_000;
/** Let go a little before the CPE's patience ends. */
const MARGIN_MS = 2000;
const SHORTEST_MS = 1000;
/** A model has learnt when this many of its CPEs hang up at about the same time … */
const DEVICES_OF_A_MODEL = 3;
/** … and with them this share of its holds of the day. */
const SHARE_OF_HOLDS = 0.1;
/** Hang-ups within this many seconds of one another are "about the same time". */
const SAME_TIME_S = 2;

const afterHangUp = (heldMs: number): number => Math.max(SHORTEST_MS, heldMs - MARGIN_MS);

export function parseParking(stored: string): ParkingRecord {
  if (stored === '') return NOTHING_LEARNED;
  const { hangUp, learned } = JSON.parse(stored) as Partial<ParkingRecord>;
  return { hangUp, learned };
}

export const formatParking = (record: ParkingRecord): string => JSON.stringify({ v: 1, ...record });

/** The hold that still counts: learnt from this software, not long ago. */
export function learnedHold(record: ParkingRecord, now: number, softwareVersion: string): number | undefined {
  const { learned } = record;
  if (learned === undefined || learned.SoftwareVersion !== softwareVersion) return undefined;
  return now - learned.at > FORGOTTEN_AFTER_MS ? undefined : learned.holdMs;
}

/** Remembers that the CPE closed its connection after `heldMs` of a hold. */
export const noteHangUp = (record: ParkingRecord, at: number, heldMs: number): ParkingRecord => ({
  ...record,
  hangUp: { at, heldMs },
});

/** What an Inform makes of an earlier hang-up: it counts, or it was a reboot, a power cut, a broken line. */
export function judgeHangUp(
  record: ParkingRecord,
  inform: { readonly at: number; readonly boot: boolean; readonly SoftwareVersion: string },
): { readonly record: ParkingRecord; readonly countedMs: number | undefined } {
  const { hangUp } = record;
  if (hangUp === undefined) return { record, countedMs: undefined };
  const forgotten: ParkingRecord = { ...record, hangUp: undefined };
  if (inform.boot || inform.at - hangUp.at > COUNTS_WITHIN_MS) return { record: forgotten, countedMs: undefined };
  const known = learnedHold(record, inform.at, inform.SoftwareVersion) ?? Number.POSITIVE_INFINITY;
  const holdMs = Math.min(known, afterHangUp(hangUp.heldMs));
  const learned = { holdMs, at: inform.at, SoftwareVersion: inform.SoftwareVersion };
  return { record: { hangUp: undefined, learned }, countedMs: hangUp.heldMs };
}

/** The hold of a whole model by a day's counts; undefined when they prove nothing. */
export function modelHold(counts: HoldCounts): number | undefined {
  const seconds = Object.entries(counts.hangUps).map(([second, hangUps]) => ({ second: Number(second), hangUps }));
  if (counts.devices.length < DEVICES_OF_A_MODEL) return undefined;
  const proven = seconds
    .map(({ second }) => ({
      second,
      together: seconds
        .filter((other) => Math.abs(other.second - second) <= SAME_TIME_S)
        .reduce((sum, other) => sum + other.hangUps, 0),
    }))
    .filter(({ together }) => together >= DEVICES_OF_A_MODEL && together >= counts.holds * SHARE_OF_HOLDS)
    .map(({ second }) => second);
  return proven.length === 0 ? undefined : afterHangUp(Math.min(...proven) * 1000);
}
