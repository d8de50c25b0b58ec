// Binding Requests as CPEs send them, written by hand: the witness against the gateway's own codec.
import { createHmac } from 'node:crypto';

export const TRANSACTION = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
export const COOKIE_TRANSACTION = Buffer.from('2112a442b7e7a701bc34d686fa87dfae', 'hex');
/** CONNECTION-REQUEST-BINDING with its fixed value. */
export const LISTENS = attribute(0xc001, 'dslforum.org/TR-111 ');
export const BINDING_CHANGE = attribute(0xc002, '');

/** An attribute with no padding. */
export function attribute(type: number, value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
}

export function message(type: number, transaction: Uint8Array, ...attributes: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(attributes);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, transaction, body]);
}

export const request = (...attributes: readonly Uint8Array[]): Buffer => message(1, TRANSACTION, ...attributes);

/** With MESSAGE-INTEGRITY; `pads`: to a multiple of 64, `before`: the length as it was without the attribute. */
export function signed(
  password: string,
  { pads, before }: { readonly pads: boolean; readonly before: boolean },
  transaction: Uint8Array,
  ...attributes: readonly Uint8Array[]
): Buffer {
  const text = message(1, transaction, ...attributes);
  if (!before) text.writeUInt16BE(text.length - 20 + 24, 2);
  const zeros = Buffer.alloc(pads ? (64 - (text.length % 64)) % 64 : 0);
  const proof = createHmac('sha1', password).update(text).update(zeros).digest();
  return message(1, transaction, ...attributes, attribute(8, proof));
}
