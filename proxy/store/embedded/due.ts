// DueSteps on the embedded store: the items are on disk, their order and leases in memory, since one process owns both.
import { remove, write } from '../documents/documents.ts';
import type { DueItem, DueSteps } from '../due-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { LogDocuments } from './log-documents.ts';

interface DueDocument {
  readonly v: 1;
  readonly kind: string;
  readonly key: DeviceKey;
  readonly at: number;
  /** When it was scheduled anew while somebody had it. */
  readonly again?: number;
}
interface Held {
  readonly item: DueItem;
  /** Undefined: nobody has it. */
  readonly leasedUntil: number | undefined;
  readonly again: number | undefined;
}

const pathOf = ({ kind, key }: DueItem): string =>
  `due/${encodeURIComponent(kind)}/${encodeURIComponent(key.tenant)}/${key.device}`;
const earlier = (one: number | undefined, other: number): number => Math.min(one ?? other, other);
const visibleAt = ({ item, leasedUntil, again }: Held): number =>
  leasedUntil === undefined ? item.at : earlier(again, leasedUntil);

export class EmbeddedDue implements DueSteps {
  readonly #documents: LogDocuments;
  readonly #held = new Map<string, Held>();

  constructor(documents: LogDocuments) {
    this.#documents = documents;
    for (const path of documents.keys('due/')) {
      const document = documents.read<DueDocument>(path);
      if (document === undefined) continue;
      const { kind, key, at, again } = document;
      // Leases of an earlier run are void: it is dead, or the folder would be locked.
      this.#held.set(path, { item: { kind, key, at: earlier(again, at) }, leasedUntil: undefined, again: undefined });
    }
  }

  async schedule(item: DueItem): Promise<void> {
    const known = this.#held.get(pathOf(item));
    if (known === undefined) await this.#put({ item, leasedUntil: undefined, again: undefined });
    else if (known.leasedUntil !== undefined) await this.#put({ ...known, again: earlier(known.again, item.at) });
    else if (item.at < known.item.at) await this.#put({ ...known, item });
  }

  async takeDue(now: number, leaseMs: number, limit: number): Promise<readonly DueItem[]> {
    return [...this.#held]
      .map(([path, held]) => ({ path, held, at: visibleAt(held) }))
      .filter(({ at }) => at <= now)
      .sort((one, other) => one.at - other.at)
      .slice(0, limit)
      .map(({ path, held }) => {
        const taken = this.#taken(held, now);
        this.#held.set(path, { ...taken, leasedUntil: now + leaseMs });
        return taken.item;
      });
  }

  async finishDue(item: DueItem, next: number | undefined): Promise<void> {
    const path = pathOf(item);
    const known = this.#held.get(path);
    const finished = known?.leasedUntil !== undefined && known.item.at === item.at;
    const kept = finished ? undefined : known;
    const again = finished ? known.again : undefined;
    if (kept === undefined) {
      const at = again === undefined || next === undefined ? (again ?? next) : Math.min(again, next);
      if (at !== undefined) await this.#put({ item: { ...item, at }, leasedUntil: undefined, again: undefined });
      else if (known !== undefined) {
        this.#held.delete(path);
        await this.#documents.commit([remove(path)]);
      }
    } else if (next !== undefined) await this.schedule({ ...item, at: next });
  }

  async nextDue(): Promise<number | undefined> {
    let next: number | undefined;
    for (const held of this.#held.values()) next = earlier(next, visibleAt(held));
    return next;
  }

  /** What was scheduled anew is what is due now, if its time has come. */
  #taken(held: Held, now: number): Held {
    const { item, again } = held;
    return again !== undefined && again <= now ? { ...held, item: { ...item, at: again }, again: undefined } : held;
  }

  #put(held: Held): Promise<void> {
    const { item, again } = held;
    this.#held.set(pathOf(item), held);
    const document: DueDocument = { v: 1, ...item, ...(again === undefined ? {} : { again }) };
    return this.#documents.commit([write(pathOf(item), document)]);
  }
}
