// What reading CPEs of a model has taught, as it is stored. Pure: the document before, a lesson, the document after.
import type { BadName, Lesson, ModelLessons } from '../catalogue-steps.ts';

/** What is not learnt again is forgotten: a profile or an update of the CPE may have cured it. */
export const LESSONS_KEPT_MS = 7 * 24 * 3_600_000;
const NAMES_KEPT = 256;
/** Longer ones are of no standard and no vendor, and are not worth their room. */
const LONGEST_NAME = 256;

interface Learnt {
  readonly size: number;
  readonly at: number;
}

export interface LessonsDocument {
  readonly v: 1;
  readonly borne?: Learnt;
  readonly readBatch?: Learnt;
  /** In the order in which they were told last. */
  readonly names: readonly (readonly [general: string, times: number, at: number])[];
}

const NOTHING: LessonsDocument = { v: 1, names: [] };

/** The document without what is too old. */
function lasting(document: LessonsDocument | undefined, now: number): LessonsDocument {
  const { borne, readBatch, names } = document ?? NOTHING;
  const lasts = ({ at }: { readonly at: number }): boolean => now - at < LESSONS_KEPT_MS;
  return {
    v: 1,
    ...(borne !== undefined && lasts(borne) ? { borne } : {}),
    ...(readBatch !== undefined && lasts(readBatch) ? { readBatch } : {}),
    names: names.filter(([, , at]) => lasts({ at })),
  };
}

export function lessonsOf(document: LessonsDocument | undefined, now: number): ModelLessons {
  const { borne, readBatch, names } = lasting(document, now);
  return {
    borne: borne?.size ?? 0,
    readBatch: readBatch?.size,
    badNames: new Map(names.map(([general, times, at]): [string, BadName] => [general, { times, at }])),
  };
}

export function withLesson(document: LessonsDocument | undefined, lesson: Lesson, now: number): LessonsDocument {
  const before = lasting(document, now);
  const borne = lesson.borne > (before.borne?.size ?? 0) ? { size: lesson.borne, at: now } : before.borne;
  const readBatch = batchAfter(before, lesson, now);
  return {
    v: 1,
    ...(borne === undefined ? {} : { borne }),
    ...(readBatch === undefined ? {} : { readBatch }),
    names: namesAfter(before.names, lesson, now),
  };
}

/** A lost connection or a moment of bad luck must not teach a fleet to read one by one: what was borne before stands. */
function batchAfter({ borne, readBatch }: LessonsDocument, { tooLarge }: Lesson, now: number): Learnt | undefined {
  if (tooLarge === undefined || tooLarge.failed <= (borne?.size ?? 0)) return readBatch;
  const size = Math.max(1, tooLarge.bore);
  return readBatch !== undefined && readBatch.size <= size ? readBatch : { size, at: now };
}

function namesAfter(names: LessonsDocument['names'], { bad, good }: Lesson, now: number): LessonsDocument['names'] {
  if (bad.length === 0 && good.length === 0) return names;
  const known = new Map(names.map((name) => [name[0], name]));
  for (const general of good) known.delete(general);
  for (const general of bad) {
    if (general.length > LONGEST_NAME) continue;
    const times = (known.get(general)?.[1] ?? 0) + 1;
    known.delete(general);
    known.set(general, [general, times, now]);
  }
  return [...known.values()].slice(-NAMES_KEPT);
}
