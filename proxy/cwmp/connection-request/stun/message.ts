// The frame of a STUN message: a header of 20 bytes and attributes. CPEs speak the first STUN (RFC 3489), which
// TR-069 Annex G is built on; its successor (RFC 5389) is told by the magic cookie. Pure.

/** RFC 5389 §6: the first four bytes of what RFC 3489 calls the transaction id. */
export const MAGIC_COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;
const TRANSACTION_START = 4;
/** What anybody has a reason to send is far shorter; longer datagrams are not looked at. */
const LONGEST_MESSAGE = 1024;

export const MESSAGE_TYPES = { bindingRequest: 0x0001, bindingResponse: 0x0101, bindingErrorResponse: 0x0111 } as const;

/** RFC 3489 §11.2, RFC 5389 §18.2, TR-069 Annex G.2.1.3; below 0x8000 a reader must understand the attribute. */
export const ATTRIBUTES = {
  mappedAddress: 0x0001,
  responseAddress: 0x0002,
  changeRequest: 0x0003,
  sourceAddress: 0x0004,
  changedAddress: 0x0005,
  username: 0x0006,
  password: 0x0007,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  reflectedFrom: 0x000b,
  realm: 0x0014,
  nonce: 0x0015,
  xorMappedAddress: 0x0020,
  connectionRequestBinding: 0xc001,
  bindingChange: 0xc002,
} as const;

export type Dialect = 'rfc3489' | 'rfc5389';

export interface StunAttribute {
  readonly type: number;
  readonly value: Buffer;
  /** Where its own header begins, from the start of the message. */
  readonly offset: number;
}

export interface StunMessage {
  readonly type: number;
  readonly dialect: Dialect;
  /** Sixteen bytes, the cookie included where there is one: an answer repeats them. */
  readonly transaction: Buffer;
  readonly attributes: readonly StunAttribute[];
  /** The message without what followed it in the datagram. */
  readonly bytes: Buffer;
}

export type NotStun = 'too-short' | 'too-long' | 'not-stun' | 'bad-length' | 'bad-attribute';

export function readMessage(
  datagram: Buffer,
): { readonly ok: true; readonly message: StunMessage } | { readonly ok: false; readonly reason: NotStun } {
  if (datagram.length < HEADER_BYTES) return { ok: false, reason: 'too-short' };
  if (datagram.length > LONGEST_MESSAGE) return { ok: false, reason: 'too-long' };
  const type = datagram.readUInt16BE(0);
  if (type > 0x3fff) return { ok: false, reason: 'not-stun' };
  const end = HEADER_BYTES + datagram.readUInt16BE(2);
  if (end > datagram.length) return { ok: false, reason: 'bad-length' };
  const bytes = datagram.subarray(0, end);
  const dialect = bytes.readUInt32BE(TRANSACTION_START) === MAGIC_COOKIE ? 'rfc5389' : 'rfc3489';
  // RFC 3489 knows no padding, for its lengths are multiples of four; of CPEs whose are not, some pad and some do not.
  const attributes = readAttributes(bytes, 4) ?? (dialect === 'rfc3489' ? readAttributes(bytes, 1) : undefined);
  if (attributes === undefined) return { ok: false, reason: 'bad-attribute' };
  const transaction = bytes.subarray(TRANSACTION_START, HEADER_BYTES);
  return { ok: true, message: { type, dialect, transaction, attributes, bytes } };
}

/** Undefined when they do not end where the message ends. */
function readAttributes(bytes: Buffer, multiple: number): readonly StunAttribute[] | undefined {
  const attributes: StunAttribute[] = [];
  let offset = HEADER_BYTES;
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length) return undefined;
    const start = offset + 4;
    const end = start + bytes.readUInt16BE(offset + 2);
    if (end > bytes.length) return undefined;
    attributes.push({ type: bytes.readUInt16BE(offset), value: bytes.subarray(start, end), offset });
    offset = start + Math.ceil((end - start) / multiple) * multiple;
  }
  return offset === bytes.length ? attributes : undefined;
}

export const attributeOf = ({ attributes }: StunMessage, type: number): StunAttribute | undefined =>
  attributes.find((attribute) => attribute.type === type);

export interface NewAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** A whole message; values are padded with zeros to a multiple of four. */
export function writeMessage(type: number, transaction: Uint8Array, attributes: readonly NewAttribute[]): Buffer {
  const body = attributes.map((attribute) => {
    const bytes = Buffer.alloc(4 + Math.ceil(attribute.value.length / 4) * 4);
    bytes.writeUInt16BE(attribute.type, 0);
    bytes.writeUInt16BE(attribute.value.length, 2);
    bytes.set(attribute.value, 4);
    return bytes;
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(
    body.reduce((sum, { length }) => sum + length, 0),
    2,
  );
  header.set(transaction, TRANSACTION_START);
  return Buffer.concat([header, ...body]);
}
