// Runs a step on one device: on what this node knows of it, then as one compare-and-set of all that the step writes. A
// device whose last step was taken here costs one round trip, another one more. What a refused step has computed is
// thrown away and it runs again on what the refusal told.
import { CausewayError } from '../../errors.ts';
import type { Write } from '../documents/documents.ts';
import { holdersOf, readState } from '../documents/state.ts';
import type { DeviceKey } from '../store.ts';
import type { Connection } from './connection.ts';
import { COMMIT, FETCH } from './device-scripts.ts';
import { type Image, imageOf, Images } from './images.ts';
import type { Indexes } from './indexes.ts';
import { imageKey, payloadsKey, requestKey } from './layout.ts';
import { attempt, lifeOf, readExpiring, settle, type Step, Transaction, UNKNOWN, withExpiry } from './transaction.ts';
import { Turns } from './turns.ts';

/** Memory for the devices of the latest steps. */
const IMAGES_BYTES = 64 << 20;

export interface DeviceRunnerContext {
  readonly connection: Connection;
  readonly indexes: Indexes;
  readonly now: () => number;
  /** A text that no other run of any node makes. */
  readonly run: string;
}

/** What a step changes besides the device's documents: who must be found by the name of a holder. */
export interface Holding {
  /** The incarnation that holds the device after the step. */
  readonly takes?: string;
  /** Whoever does not hold it any more after the step need not be found. */
  readonly frees?: boolean;
}

/** A document's field: its class and what is below the device. */
const fieldOf = (path: string, { tenant, device }: DeviceKey): string => {
  const slash = path.indexOf('/');
  return path.slice(0, slash) + path.slice(slash + tenant.length + device.length + 2);
};
const isRequest = (field: string): boolean => field.startsWith('request/');
const isPayload = (field: string): boolean => field.startsWith('notify/');

/** Where a field is: a field of a hash, or, without one, a text of its own. */
function placeOf(key: DeviceKey, field: string): { readonly key: string; readonly field: string } {
  if (isRequest(field)) return { key: requestKey(key, field.slice('request/'.length)), field: '' };
  if (isPayload(field)) return { key: payloadsKey(key), field: field.slice('notify/'.length) };
  return { key: imageKey(key), field };
}

/** The keys that a script is given, the device's hash first, each once. */
class KeyList {
  readonly keys: string[];

  constructor(first: string) {
    this.keys = [first];
  }

  numberOf(key: string): string {
    const at = this.keys.indexOf(key);
    return String(at < 0 ? this.keys.push(key) : at + 1);
  }
}

export class DeviceRunner {
  readonly #context: DeviceRunnerContext;
  readonly #images = new Images(IMAGES_BYTES);
  readonly #turns = new Turns();
  #commits = 0;

  constructor(context: DeviceRunnerContext) {
    this.#context = context;
  }

  /**
   * Rejects with CAUSEWAY_STORE_AWAY or CAUSEWAY_STORE_TIMEOUT when Redis does not answer: then nobody knows whether the
   * step has happened. A step runs again as often as others are faster, within the time of one command.
   */
  run<T>(key: DeviceKey, step: Step<T>, holding: Holding = {}): Promise<T> {
    const until = performance.now() + this.#context.connection.timeoutMs;
    return this.#turns.take(imageKey(key), async () => {
      try {
        return await this.#try(key, step, holding, until);
      } catch (error) {
        this.#images.delete(key);
        throw error;
      }
    });
  }

  /** What a step reads of a device, of one moment, without a turn: for lists. */
  async look<T>(key: DeviceKey, read: (transaction: Transaction) => T): Promise<T> {
    const reply = await this.#context.connection.send((redis) => redis.hgetall(imageKey(key)));
    const image = imageOf(Object.entries(reply).flat());
    return read(this.#transaction(key, image));
  }

  async #try<T>(key: DeviceKey, step: Step<T>, holding: Holding, until: number): Promise<T> {
    let image = this.#images.get(key);
    /** The image is known to be that of a moment since the step was asked for. */
    let current = false;
    while (performance.now() < until) {
      if (image === undefined) {
        image = await this.#fetch(key, undefined, []);
        current = true;
      }
      const transaction = this.#transaction(key, image);
      const attempted = await attempt(step, transaction);
      const wrote = attempted.ok && transaction.writes.size > 0;
      // What a step decides without a write no commit checks: an image from before is looked at again.
      if (transaction.missing.size > 0 || (!wrote && !current)) {
        const { token } = image;
        const missing = [...transaction.missing].map((path) => fieldOf(path, key));
        image = await this.#fetch(key, image, missing);
        current = true;
        if (missing.length > 0 || image.token !== token) continue;
      }
      if (!wrote) {
        this.#keep(key, image);
        return settle(attempted);
      }
      const refused = await this.#commit(key, image, transaction, holding);
      if (refused === undefined) return settle(attempted);
      image = refused;
      current = true;
    }
    const detail = `steps on ${key.device} took longer than redis.timeout`;
    throw new CausewayError('CAUSEWAY_STORE_TIMEOUT', detail);
  }

  #transaction(key: DeviceKey, image: Image): Transaction {
    const now = this.#context.now();
    return new Transaction((path) => {
      const field = fieldOf(path, key);
      if (!isRequest(field) && !isPayload(field)) return image.fields.get(field);
      if (!image.beside.has(field)) return UNKNOWN;
      const found = image.beside.get(field);
      return found === undefined || (found.expiresAt ?? Infinity) <= now ? undefined : found.text;
    });
  }

  /** The image with the documents beside it that are asked for: all of one moment. */
  async #fetch(key: DeviceKey, known: Image | undefined, fields: readonly string[]): Promise<Image> {
    const list = new KeyList(imageKey(key));
    const places = fields
      .map((field) => placeOf(key, field))
      .flatMap((place) => [list.numberOf(place.key), place.field]);
    // No device has the token `none`; one that is not known has ''.
    const reply = await this.#context.connection.run(FETCH, list.keys, [known?.token ?? 'none', ...places]);
    const [whole, ...found] = reply as [string[] | null, ...(string | null)[]];
    const image = whole === null && known !== undefined ? known : imageOf(whole ?? []);
    for (const [index, field] of fields.entries()) {
      const stored = found[index] ?? undefined;
      image.beside.set(field, stored === undefined ? undefined : readExpiring(stored));
    }
    return image;
  }

  /** Undefined when it is done; else the image as somebody else has made it. */
  async #commit(key: DeviceKey, image: Image, transaction: Transaction, holding: Holding): Promise<Image | undefined> {
    const { connection, indexes, now } = this.#context;
    const writes = [...transaction.writes.values()];
    const own = writes.filter((write) => !indexes.covers(write.key));
    const before = holding.frees === true ? this.#holders(key, this.#transaction(key, image)) : [];
    const list = new KeyList(imageKey(key));
    const changes = own.flatMap(({ key: path, value, expiresAt }) => {
      const field = fieldOf(path, key);
      const place = placeOf(key, field);
      const stored =
        value === undefined ? '' : isRequest(field) || isPayload(field) ? withExpiry(value, expiresAt) : value;
      const life = value === undefined ? '-' : lifeOf(expiresAt, now());
      return [list.numberOf(place.key), place.field, stored.toString(), life];
    });
    this.#commits += 1;
    const token = `${this.#context.run}${this.#commits.toString(36)}`;
    // Indexes first: one that names too much is seen through, one that names too little would lose something.
    const indexed = indexes.add(key, writes, holding.takes);
    const reply = connection.run(COMMIT, list.keys, [image.token, token, ...changes]);
    const [refused] = await Promise.all([reply, ...indexed]);
    if (Array.isArray(refused)) return imageOf(refused as string[]);
    image.token = token;
    for (const write of own) apply(image, fieldOf(write.key, key), write);
    this.#keep(key, image);
    const after = new Set(before.length === 0 ? [] : this.#holders(key, this.#transaction(key, image)));
    for (const holder of before) if (!after.has(holder)) indexes.free(key, holder);
    return undefined;
  }

  #holders(key: DeviceKey, transaction: Transaction): readonly string[] {
    const state = readState(transaction, key);
    return state === undefined ? [] : [...holdersOf(state)];
  }

  #keep(key: DeviceKey, image: Image): void {
    // Payloads of Notifies and requests that are over are not looked at again soon.
    for (const [field, found] of image.beside) {
      if (isPayload(field) || found?.expiresAt !== undefined) image.beside.delete(field);
    }
    if (image.token === '') this.#images.delete(key);
    else this.#images.set(key, image);
  }
}

function apply(image: Image, field: string, { value, expiresAt }: Write): void {
  if (isRequest(field) || isPayload(field)) {
    image.beside.set(field, value === undefined ? undefined : { text: value.toString(), expiresAt });
  } else if (value === undefined) image.fields.delete(field);
  else image.fields.set(field, value.toString());
}
