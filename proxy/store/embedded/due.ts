// DueSteps on the embedded store: the items are on disk, their order and leases in memory, since one process owns both.
import type { DueItem, DueSteps } from '../due-steps.ts';
import { type Documents, remove, write } from './documents.ts';

interface DueDocument extends DueItem {
  readonly v: 1;
}
interface Held {
  readonly item: DueItem;
  readonly leasedUntil: number;
}

const pathOf = (item: DueItem): string => `due/${item.kind}/${item.key.tenant}/${item.key.device}`;

export class EmbeddedDue implements DueSteps {
  readonly #documents: Documents;
  readonly #held = new Map<string, Held>();

  constructor(documents: Documents) {
    this.#documents = documents;
    for (const path of documents.keys('due/')) {
      const item = documents.read<DueDocument>(path);
      // Leases of an earlier run are void: it is dead, or the folder would be locked.
      if (item !== undefined) this.#held.set(path, { item, leasedUntil: 0 });
    }
  }

  async schedule(item: DueItem): Promise<void> {
    const known = this.#held.get(pathOf(item));
    if (known === undefined || known.leasedUntil > 0 || item.at < known.item.at) await this.#put(item);
  }

  async takeDue(now: number, leaseMs: number, limit: number): Promise<readonly DueItem[]> {
    const due = [...this.#held.values()]
      .filter(({ item, leasedUntil }) => item.at <= now && leasedUntil <= now)
      .map(({ item }) => item)
      .sort((one, other) => one.at - other.at)
      .slice(0, limit);
    for (const item of due) this.#held.set(pathOf(item), { item, leasedUntil: now + leaseMs });
    return due;
  }

  async finishDue(item: DueItem, next: number | undefined): Promise<void> {
    const known = this.#held.get(pathOf(item));
    if (known === undefined || known.leasedUntil === 0) return;
    if (next !== undefined) {
      await this.#put({ ...item, at: next });
      return;
    }
    this.#held.delete(pathOf(item));
    await this.#documents.commit([remove(pathOf(item))]);
  }

  async nextDue(): Promise<number | undefined> {
    let next: number | undefined;
    for (const { item, leasedUntil } of this.#held.values()) {
      const at = Math.max(item.at, leasedUntil);
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  #put(item: DueItem): Promise<void> {
    this.#held.set(pathOf(item), { item, leasedUntil: 0 });
    const document: DueDocument = { v: 1, kind: item.kind, key: item.key, at: item.at };
    return this.#documents.commit([write(pathOf(item), document)]);
  }
}
