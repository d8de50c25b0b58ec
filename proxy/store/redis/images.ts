// What is known of devices since this node's last step on each: never trusted, always checked by its token.
import type { DeviceKey } from '../store.ts';
import { imageKey, TOKEN } from './layout.ts';
import type { Expiring } from './transaction.ts';

export interface Image {
  /** '' when the device is not known to the store. */
  token: string;
  /** The documents of the device's hash, by field. */
  readonly fields: Map<string, string>;
  /** Documents that are kept beside it, by field; undefined: known not to be there. */
  readonly beside: Map<string, Expiring | undefined>;
}

/** From what HGETALL replies: fields and values in turn. */
export function imageOf(reply: readonly string[]): Image {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < reply.length; index += 2) fields.set(reply[index] ?? '', reply[index + 1] ?? '');
  const token = fields.get(TOKEN) ?? '';
  fields.delete(TOKEN);
  return { token, fields, beside: new Map() };
}

function bytesOf({ fields, beside }: Image): number {
  let bytes = 0;
  for (const [field, text] of fields) bytes += field.length + text.length;
  for (const [field, expiring] of beside) bytes += field.length + (expiring?.text.length ?? 0);
  return bytes;
}

/** The devices of the latest steps, within `capacity` bytes (of Latin text; twice that of any other). */
export class Images {
  readonly #capacity: number;
  readonly #kept = new Map<string, { readonly image: Image; readonly bytes: number }>();
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: DeviceKey): Image | undefined {
    return this.#kept.get(imageKey(key))?.image;
  }

  set(key: DeviceKey, image: Image): void {
    this.delete(key);
    const bytes = bytesOf(image);
    this.#kept.set(imageKey(key), { image, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#capacity) break;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }

  delete(key: DeviceKey): void {
    const known = this.#kept.get(imageKey(key));
    if (known === undefined) return;
    this.#kept.delete(imageKey(key));
    this.#bytes -= known.bytes;
  }
}
