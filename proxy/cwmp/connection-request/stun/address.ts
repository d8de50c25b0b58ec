// Addresses in STUN attributes: family, port, address (RFC 3489 §11.2.1), and the same hidden from NATs that rewrite
// whatever looks like an address (XOR-MAPPED-ADDRESS, RFC 5389 §15.2). Pure.
import { parseAddress } from '../../../access/network.ts';

/** Where a datagram came from or goes to; the address in the one spelling of `parseAddress`. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const FAMILIES = { ipv4: 1, ipv6: 2 } as const;

export const formatEndpoint = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Four bytes or sixteen; undefined when the text is no address. */
export function addressBytes(text: string): Buffer | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  if (address.family === 'ipv4') return Buffer.from(address.text.split('.').map(Number));
  // An IPv4 address may stand at the end of an IPv6 one (RFC 4291 §2.2).
  const plain = address.text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: readonly string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [head = '', tail = ''] = plain.split('::');
  const groups = (half: string): readonly string[] => (half === '' ? [] : half.split(':'));
  const zeros = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** The value of MAPPED-ADDRESS and its like; an address that is none gives an empty value. */
export function writeEndpoint({ address, port }: Endpoint): Buffer {
  const bytes = addressBytes(address) ?? Buffer.alloc(0);
  const value = Buffer.alloc(4 + bytes.length);
  value.writeUInt8(bytes.length === 4 ? FAMILIES.ipv4 : FAMILIES.ipv6, 1);
  value.writeUInt16BE(port, 2);
  value.set(bytes, 4);
  return value;
}

/** The same for XOR-MAPPED-ADDRESS; `transaction` begins with the magic cookie. */
export const writeXorEndpoint = (endpoint: Endpoint, transaction: Uint8Array): Buffer =>
  hide(writeEndpoint(endpoint), transaction);

export function readEndpoint(value: Uint8Array): Endpoint | undefined {
  const bytes = Buffer.from(value);
  const length = { [FAMILIES.ipv4]: 8, [FAMILIES.ipv6]: 20 }[bytes[1] ?? 0];
  if (length === undefined || bytes.length !== length) return undefined;
  const text = length === 8 ? bytes.subarray(4).join('.') : bytes.toString('hex', 4).match(/.{4}/g)?.join(':');
  const address = parseAddress(text ?? '');
  return address === undefined ? undefined : { address: address.text, port: bytes.readUInt16BE(2) };
}

export const readXorEndpoint = (value: Uint8Array, transaction: Uint8Array): Endpoint | undefined =>
  readEndpoint(hide(value, transaction));

/** Its own inverse: the port against the cookie's first half, the address against cookie and transaction id. */
function hide(value: Uint8Array, transaction: Uint8Array): Buffer {
  return Buffer.from(
    value.map((byte, index) => {
      if (index < 2) return byte;
      return byte ^ (transaction[index < 4 ? index - 2 : index - 4] ?? 0);
    }),
  );
}
