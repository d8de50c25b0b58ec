// What one session remembers while it reads: how many names its CPE bears at once, and which names it is not to be asked
// together with others, since one name that a CPE does not have kills the whole GetParameterValues (9005).
//
// A name is bad for a model when CPEs of it said so twice. That alone never makes an answer: another CPE of the model may
// have the parameter (a second radio, an option that was bought), and {i} stands for rows that need not be alike. So a bad
// name is asked by itself, where it can spoil nothing, unless this very device has spoken: its own tree does not list the
// name, or it refused this very name within the day. Then it is missing without being asked, for a day after the model's
// last word; and a name that is read alone is always asked.
import { generalise, lastNameOf, parentOf } from '../path/concrete.ts';
import type { ModelLessons as Lessons } from '../store/catalogue-steps.ts';
import type { Trouble } from '../store/device-steps.ts';
import type { InstanceTree } from './instance-tree/tree.ts';
import { ASKED_AGAIN_MS, type ModelLessons } from './model-lessons.ts';

/** How a read is to be made. */
export interface ReadPlan {
  readonly together: readonly string[];
  readonly alone: readonly string[];
  /** Taken as missing without being asked. */
  readonly absent: readonly string[];
}

/** What a read found out. */
export interface ReadFindings {
  /** Names in the largest GetParameterValues that was answered; 0 when none was. */
  readonly borne: number;
  readonly tooLarge: { readonly failed: number; readonly bore: number } | undefined;
  /** Names that were asked and are not there. */
  readonly missing: readonly string[];
  /** Names of the plan's `alone` that are there. */
  readonly exonerated: readonly string[];
}

export interface ReadMemory {
  plan(names: readonly string[]): ReadPlan;
  /** What is new is kept behind the caller's back: no answer waits for it. */
  learn(findings: ReadFindings): void;
}

/** The device whose session reads. */
interface Subject {
  readonly device: string;
  readonly model: string;
  readonly trouble: Trouble | undefined;
  /** As far as it is at hand. */
  readonly tree: InstanceTree | undefined;
  readonly now: number;
}

const BAD_TIMES = 2;
/** A read that was lost with its link halves the next ones of this device for a day. */
const LOST_READ_MS = 24 * 3_600_000;
const NONE: readonly string[] = [];

/** The smallest of what is set, what the model bears and, after a lost read, half of that. */
export function readBatchOf(set: number, lessons: Lessons, { trouble, now }: Pick<Subject, 'trouble' | 'now'>): number {
  const lost = trouble?.lostRead;
  const afterLoss = lost === undefined || now - lost.at >= LOST_READ_MS ? set : Math.max(1, lost.names >> 1);
  return Math.min(set, lessons.readBatch ?? set, afterLoss);
}

const lists = (tree: InstanceTree, name: string): boolean =>
  tree.objects.get(parentOf(name))?.parameters.has(lastNameOf(name)) === true;

export class SessionReadMemory implements ReadMemory {
  readonly #lessons: ModelLessons;
  readonly #subject: () => Subject;

  constructor(lessons: ModelLessons, subject: () => Subject) {
    this.#lessons = lessons;
    this.#subject = subject;
  }

  plan(names: readonly string[]): ReadPlan {
    const subject = this.#subject();
    const { badNames } = this.#lessons.of(subject.model);
    if (badNames.size === 0) return { together: names, alone: NONE, absent: NONE };
    const together: string[] = [];
    const alone: string[] = [];
    const absent: string[] = [];
    for (const name of names) {
      const bad = badNames.get(generalise(name));
      if (bad === undefined || bad.times < BAD_TIMES) together.push(name);
      else if (names.length > 1 && subject.now - bad.at < ASKED_AGAIN_MS && this.#isItsOwnWord(subject, name))
        absent.push(name);
      else alone.push(name);
    }
    return { together, alone, absent };
  }

  learn(findings: ReadFindings): void {
    const { device, model, trouble, now } = this.#subject();
    for (const name of findings.missing) this.#lessons.noteOwnWord(device, name);
    const { borne, badNames } = this.#lessons.of(model);
    const tooLarge = findings.tooLarge ?? afterLoss(trouble, findings.borne);
    const lesson = {
      borne: findings.borne > Math.max(1, borne) ? findings.borne : 0,
      tooLarge: tooLarge !== undefined && this.#isNews(model, tooLarge) ? tooLarge : undefined,
      bad: generalNames(findings.missing).filter((general) => {
        const bad = badNames.get(general);
        return bad === undefined || bad.times < BAD_TIMES || now - bad.at >= ASKED_AGAIN_MS;
      }),
      good: generalNames(findings.exonerated),
    };
    // Nothing new is the rule, and costs no round trip.
    if (lesson.borne === 0 && lesson.tooLarge === undefined && lesson.bad.length + lesson.good.length === 0) return;
    void this.#lessons.learn(model, lesson);
  }

  #isItsOwnWord({ device, tree }: Subject, name: string): boolean {
    return (tree !== undefined && !lists(tree, name)) || this.#lessons.hasOwnWord(device, name);
  }

  #isNews(model: string, { failed, bore }: NonNullable<ReadFindings['tooLarge']>): boolean {
    const { borne, readBatch } = this.#lessons.of(model);
    return failed > borne && (readBatch === undefined || bore < readBatch);
  }
}

/** A read that was lost with its link, and one of half its size that was answered. */
function afterLoss(trouble: Trouble | undefined, borne: number): ReadFindings['tooLarge'] {
  const failed = trouble?.lostRead?.names;
  return failed !== undefined && borne === failed >> 1 ? { failed, bore: borne } : undefined;
}

const generalNames = (names: readonly string[]): readonly string[] => [...new Set(names.map(generalise))];
