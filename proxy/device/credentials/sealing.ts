// Sealed texts: AES-256-GCM under a ring of keys, bound to the device that they are of, so that a box moved to another
// device does not open. The first key seals and all unseal: a new one is put before the old, which goes once nothing is
// sealed under it. Pure; a box that does not open is an answer, not an exception.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Randomness } from '../../operate/clock.ts';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const FORM = '1';

interface RingKey {
  /** Told from the others by it; says nothing of the key. */
  readonly id: string;
  readonly key: Uint8Array;
}
/** The first one seals. */
export type KeyRing = readonly [RingKey, ...RingKey[]];

const ringKey = (key: Uint8Array): RingKey => ({
  id: createHash('sha256').update('causeway sealing key').update(key).digest('hex').slice(0, 8),
  key,
});

/** Of keys of 32 bytes, the one that seals first. */
export const createKeyRing = (first: Uint8Array, ...others: readonly Uint8Array[]): KeyRing => [
  ringKey(first),
  ...others.map(ringKey),
];

/** `device`: the box opens for it only. Letters, digits, `-`, `_` and `.`. */
export function seal([{ id, key }]: KeyRing, device: string, text: string, randomness: Randomness): string {
  const nonce = randomness(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(device, 'utf8'));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${FORM}.${id}.${sealed.toString('base64url')}`;
}

export type Unsealed =
  | {
      readonly ok: true;
      readonly text: string;
      /** Sealed under the first key. */
      readonly isFresh: boolean;
    }
  /** `unknown-key`: sealed under a key that is not in the ring. `broken`: changed, or of another device. */
  | { readonly ok: false; readonly reason: 'broken' | 'unknown-key' };

export function unseal(ring: KeyRing, device: string, box: string): Unsealed {
  const [form, id, coded = ''] = box.split('.');
  const bytes = Buffer.from(coded, 'base64url');
  if (form !== FORM || bytes.length < NONCE_BYTES + TAG_BYTES) return { ok: false, reason: 'broken' };
  const known = ring.find((one) => one.id === id);
  if (known === undefined) return { ok: false, reason: 'unknown-key' };
  const opened = createDecipheriv(CIPHER, known.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  opened.setAAD(Buffer.from(device, 'utf8'));
  opened.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([opened.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), opened.final()]);
    return { ok: true, text: text.toString('utf8'), isFresh: known === ring[0] };
  } catch {
    return { ok: false, reason: 'broken' };
  }
}
