// CatalogueSteps on the embedded store.
import type { CatalogueSteps, HoldCounts } from '../catalogue-steps.ts';
import { type Documents, write, writeText } from './documents.ts';

interface HoldsDocument extends HoldCounts {
  readonly v: 1;
}

/** A model's count of holds is of use for a day. */
const HOLDS_KEPT_MS = 2 * 24 * 3_600_000;
const DEVICES_COUNTED = 16;

const modelKey = (model: string): string => `model/${encodeURIComponent(model)}`;

export class EmbeddedCatalogues implements CatalogueSteps {
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

  async countHold(model: string, day: string, device: string, hungUpAfter: number | undefined): Promise<HoldCounts> {
    const key = `holds/${encodeURIComponent(model)}/${day}`;
    const none: HoldsDocument = { v: 1, holds: 0, hangUps: {}, devices: [] };
    const before = this.#documents.read<HoldsDocument>(key) ?? none;
    const counted = { ...before, holds: before.holds + 1 };
    const second = hungUpAfter === undefined ? undefined : String(Math.round(hungUpAfter));
    const after: HoldsDocument =
      second === undefined
        ? counted
        : {
            ...counted,
            hangUps: { ...before.hangUps, [second]: (before.hangUps[second] ?? 0) + 1 },
            devices: [...new Set([...before.devices, device])].slice(0, DEVICES_COUNTED),
          };
    await this.#documents.commit([write(key, after, this.#now() + HOLDS_KEPT_MS)]);
    return after;
  }
}
