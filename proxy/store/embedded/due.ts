// DueSteps on the embedded store: the items are on disk, their order and leases in memory, since one process owns both.
// A look costs what is due, not what is scheduled: there is an item or two for each device of a fleet.
import { remove, write } from '../documents/documents.ts';
import type { DueItem, DueSteps } from '../due-steps.ts';
import { KeyOrder } from '../log/key-order.ts';
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

/** Digits of the latest time that a number names exactly. */
const TIME_DIGITS = String(Number.MAX_SAFE_INTEGER).length;
/** In the order of these, items are in that of their times. */
const placeOf = (held: Held, path: string): string => `${timeText(visibleAt(held))} ${path}`;
const timeText = (at: number): string =>
  String(Math.min(Math.max(0, Math.ceil(at)), Number.MAX_SAFE_INTEGER)).padStart(TIME_DIGITS, '0');
const timeIn = (place: string): number => Number(place.slice(0, TIME_DIGITS));
const pathIn = (place: string): string => place.slice(TIME_DIGITS + 1);

export class EmbeddedDue implements DueSteps {
  readonly #documents: LogDocuments;
  readonly #held = new Map<string, Held>();
  readonly #order: KeyOrder;

  constructor(documents: LogDocuments) {
    this.#documents = documents;
    for (const path of documents.keys('due/')) {
      const document = documents.read<DueDocument>(path);
      if (document === undefined) continue;
      const { kind, key, at, again } = document;
      // Leases of an earlier run are void: it is dead, or the folder would be locked.
      this.#held.set(path, { item: { kind, key, at: earlier(again, at) }, leasedUntil: undefined, again: undefined });
    }
    this.#order = new KeyOrder([...this.#held].map(([path, held]) => placeOf(held, path)));
  }

  async schedule(item: DueItem): Promise<void> {
    const known = this.#held.get(pathOf(item));
    if (known === undefined) await this.#put({ item, leasedUntil: undefined, again: undefined });
    else if (known.leasedUntil !== undefined) await this.#put({ ...known, again: earlier(known.again, item.at) });
    else if (item.at < known.item.at) await this.#put({ ...known, item });
  }

  async takeDue(now: number, leaseMs: number, limit: number): Promise<readonly DueItem[]> {
    const due: string[] = [];
    for (const place of this.#order.from('', undefined)) {
      if (due.length >= limit || timeIn(place) > now) break;
      due.push(pathIn(place));
    }
    return due.flatMap((path) => {
      const held = this.#held.get(path);
      if (held === undefined) return [];
      const taken = this.#taken(held, now);
      this.#hold(path, { ...taken, leasedUntil: now + leaseMs });
      return [taken.item];
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
        this.#hold(path, undefined);
        await this.#documents.commit([remove(path)]);
      }
    } else if (next !== undefined) await this.schedule({ ...item, at: next });
  }

  async nextDue(): Promise<number | undefined> {
    const first = this.#order.from('', undefined).next();
    return first.done === true ? undefined : timeIn(first.value);
  }

  /** What was scheduled anew is what is due now, if its time has come. */
  #taken(held: Held, now: number): Held {
    const { item, again } = held;
    return again !== undefined && again <= now ? { ...held, item: { ...item, at: again }, again: undefined } : held;
  }

  #hold(path: string, held: Held | undefined): void {
    const before = this.#held.get(path);
    if (before !== undefined) this.#order.remove(placeOf(before, path));
    if (held === undefined) {
      this.#held.delete(path);
      return;
    }
    this.#held.set(path, held);
    this.#order.add(placeOf(held, path));
  }

  #put(held: Held): Promise<void> {
    const { item, again } = held;
    this.#hold(pathOf(item), held);
    const document: DueDocument = { v: 1, ...item, ...(again === undefined ? {} : { again }) };
    return this.#documents.commit([write(pathOf(item), document)]);
  }
}
