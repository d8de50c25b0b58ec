// CatalogueSteps over documents.
import type { CatalogueSteps, HangUp, HoldCounts, Lesson, ModelLessons } from '../catalogue-steps.ts';
import { type Documents, write, writeText } from './documents.ts';
import { LESSONS_KEPT_MS, type LessonsDocument, lessonsOf, withLesson } from './lessons.ts';

interface HoldsDocument extends HoldCounts {
  readonly v: 1;
}

/** What a model's holds taught is forgotten after 7 days. */
const HOLDS_KEPT_MS = 7 * 24 * 3_600_000;
const DEVICES_COUNTED = 16;

interface ModelHoldDocument {
  readonly v: 1;
  readonly holdMs: number;
}

const modelHoldKey = (model: string): string => `hold/${encodeURIComponent(model)}`;
const lessonsKey = (model: string): string => `lessons/${encodeURIComponent(model)}`;
const modelKey = (model: string): string => `model/${encodeURIComponent(model)}`;

export class DocumentCatalogues implements CatalogueSteps {
  readonly #documents: Documents;
  readonly #now: () => number;

  constructor(documents: Documents, now: () => number) {
    this.#documents = documents;
    this.#now = now;
  }

  async saveCatalogue(hash: string, catalogue: string): Promise<void> {
    if (this.#documents.bytes(`catalogue/${hash}`) !== undefined) return;
    await this.#documents.commit([writeText(`catalogue/${hash}`, catalogue)]);
  }

  async readCatalogue(hash: string): Promise<string | undefined> {
    return this.#documents.text(`catalogue/${hash}`);
  }

  async currentCatalogue(model: string): Promise<string | undefined> {
    return this.#documents.text(modelKey(model));
  }

  async setCurrentCatalogue(
    model: string,
    expected: string | undefined,
    hash: string,
  ): Promise<'changed' | 'conflict'> {
    if (this.#documents.text(modelKey(model)) !== expected) return 'conflict';
    await this.#documents.commit([writeText(modelKey(model), hash)]);
    return 'changed';
  }

  async countHolds(model: string, day: string, holds: number, hangUps: readonly HangUp[]): Promise<HoldCounts> {
    const key = `holds/${encodeURIComponent(model)}/${day}`;
    const none: HoldsDocument = { v: 1, holds: 0, hangUps: {}, devices: [] };
    const { v: _, ...before } = this.#documents.read<HoldsDocument>(key) ?? none;
    if (holds === 0 && hangUps.length === 0) return before;
    const seconds = new Map(Object.entries(before.hangUps));
    for (const { heldMs } of hangUps) {
      const second = String(Math.round(heldMs / 1000));
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    const devices = new Set([...before.devices, ...hangUps.map(({ device }) => device)]);
    const after: HoldCounts = {
      holds: before.holds + holds,
      hangUps: Object.fromEntries(seconds),
      devices: [...devices].slice(0, DEVICES_COUNTED),
    };
    const document: HoldsDocument = { v: 1, ...after };
    await this.#documents.commit([write(key, document, this.#now() + HOLDS_KEPT_MS)]);
    return after;
  }

  async modelHold(model: string): Promise<number | undefined> {
    return this.#hold(model);
  }

  async saveModelHold(model: string, holdMs: number): Promise<number> {
    const shorter = Math.min(holdMs, this.#hold(model) ?? holdMs);
    const document: ModelHoldDocument = { v: 1, holdMs: shorter };
    await this.#documents.commit([write(modelHoldKey(model), document, this.#now() + HOLDS_KEPT_MS)]);
    return shorter;
  }

  async modelLessons(model: string): Promise<ModelLessons> {
    return lessonsOf(this.#documents.read<LessonsDocument>(lessonsKey(model)), this.#now());
  }

  async learn(model: string, lesson: Lesson): Promise<ModelLessons> {
    const now = this.#now();
    const after = withLesson(this.#documents.read<LessonsDocument>(lessonsKey(model)), lesson, now);
    await this.#documents.commit([write(lessonsKey(model), after, now + LESSONS_KEPT_MS)]);
    return lessonsOf(after, now);
  }

  #hold(model: string): number | undefined {
    return this.#documents.read<ModelHoldDocument>(modelHoldKey(model))?.holdMs;
  }
}
