// MESSAGE-INTEGRITY: HMAC-SHA1 over the message before it, keyed with the password. RFC 3489 §11.2.8 pads the text with
// zeros to a multiple of 64, RFC 5389 §15.4 does not; of CPEs, some take the header's length as it was before the
// attribute came. A request is tried against each form, and the answer is made in the form of the request. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  ATTRIBUTES,
  attributeOf,
  HEADER_BYTES,
  writeMessage,
  type Dialect,
  type NewAttribute,
  type StunMessage,
} from './message.ts';

export type IntegrityForm = Dialect | 'rfc3489-length-before';

const FORMS: readonly IntegrityForm[] = ['rfc5389', 'rfc3489', 'rfc3489-length-before'];
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 20;
const ATTRIBUTE_BYTES = 4 + DIGEST_BYTES;

/** `text`: the message up to the attribute, its header as it may be. */
function digest(text: Uint8Array, form: IntegrityForm, password: string): Buffer {
  const padded = form === 'rfc5389' ? text.length : Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES;
  const signed = Buffer.alloc(padded);
  signed.set(text);
  const before = text.length - HEADER_BYTES;
  signed.writeUInt16BE(form === 'rfc3489-length-before' ? before : before + ATTRIBUTE_BYTES, 2);
  return createHmac('sha1', Buffer.from(password, 'utf8')).update(signed).digest();
}

/** The form in which the message proves the password; undefined when it does not. */
export function provenForm(message: StunMessage, password: string): IntegrityForm | undefined {
  const claimed = attributeOf(message, ATTRIBUTES.messageIntegrity);
  if (claimed?.value.length !== DIGEST_BYTES) return undefined;
  const text = message.bytes.subarray(0, claimed.offset);
  return FORMS.find((form) => timingSafeEqual(digest(text, form, password), claimed.value));
}

/** A message that ends with a MESSAGE-INTEGRITY. */
export function writeProvenMessage(
  type: number,
  transaction: Uint8Array,
  attributes: readonly NewAttribute[],
  proof: { readonly form: IntegrityForm; readonly password: string },
): Buffer {
  const value = digest(writeMessage(type, transaction, attributes), proof.form, proof.password);
  return writeMessage(type, transaction, [...attributes, { type: ATTRIBUTES.messageIntegrity, value }]);
}
