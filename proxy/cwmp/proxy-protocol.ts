// The PROXY protocol, versions 1 and 2: the header by which a load balancer that passes bytes on says from where a
// connection came to it. Pure; nothing that stands in the header is believed here.
import { isIPv4, isIPv6 } from 'node:net';
import { parseAddress } from '../access/network.ts';

export type ProxyHeader =
  /** So far it is one, or could become one. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'broken' }
  | {
      readonly kind: 'whole';
      /** Its bytes; what follows them is the connection's own. */
      readonly length: number;
      /** Address of the client; undefined where the proxy names none (UNKNOWN, LOCAL: it speaks for itself). */
      readonly source: string | undefined;
    };

const INCOMPLETE: ProxyHeader = { kind: 'incomplete' };
const BROKEN: ProxyHeader = { kind: 'broken' };

/** Of version 1, with its end of line (specification §2.1). */
const LONGEST_LINE = 107;
const LINE_START = Buffer.from('PROXY ');
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const FIXED = 16;
/** Of version 2 after its first 16 bytes: an address and what is said besides; senders keep it within one packet. */
const LONGEST_REST = 4096;

/** Of what a connection has brought so far. `broken` as soon as it cannot be a header any more. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsAs(bytes, LINE_START)) return readLine(bytes);
  if (startsAs(bytes, SIGNATURE)) return readBinary(bytes);
  return BROKEN;
}

/** Whether the bytes begin with this beginning, as far as they go. */
function startsAs(bytes: Buffer, beginning: Buffer): boolean {
  const length = Math.min(bytes.length, beginning.length);
  return bytes.subarray(0, length).equals(beginning.subarray(0, length));
}

function readLine(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, LONGEST_LINE).indexOf('\r\n', 0, 'latin1');
  if (end < 0) return bytes.length < LONGEST_LINE ? INCOMPLETE : BROKEN;
  const words = bytes.toString('latin1', LINE_START.length, end).split(' ');
  const length = end + 2;
  const [family, source = '', destination = '', ...ports] = words;
  // What else stands on the line is to be passed over.
  if (family === 'UNKNOWN') return { kind: 'whole', length, source: undefined };
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined;
  if (isAddress === undefined || !isAddress(source) || !isAddress(destination)) return BROKEN;
  if (ports.length !== 2 || !ports.every(isPort)) return BROKEN;
  return { kind: 'whole', length, source: parseAddress(source)?.text };
}

const isPort = (text: string): boolean => /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;

function readBinary(bytes: Buffer): ProxyHeader {
  if (bytes.length < FIXED) return INCOMPLETE;
  const [version, command] = [bytes.readUInt8(12) >> 4, bytes.readUInt8(12) & 0x0f];
  const rest = bytes.readUInt16BE(14);
  if (version !== 2 || command > 1 || rest > LONGEST_REST) return BROKEN;
  const length = FIXED + rest;
  if (bytes.length < length) return INCOMPLETE;
  if (command === 0) return { kind: 'whole', length, source: undefined };
  return addressIn(bytes.subarray(FIXED, length), bytes.readUInt8(13), length);
}

/** `kind` is address family and transport; of the transports only a stream can have come to us. */
function addressIn(rest: Buffer, kind: number, length: number): ProxyHeader {
  switch (kind) {
    case 0x11:
      if (rest.length < 12) return BROKEN;
      return { kind: 'whole', length, source: [...rest.subarray(0, 4)].join('.') };
    case 0x21: {
      if (rest.length < 36) return BROKEN;
      const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => rest.readUInt16BE(at).toString(16));
      return { kind: 'whole', length, source: parseAddress(groups.join(':'))?.text };
    }
    default:
      // Unspecified, a Unix socket, or what is not defined yet: its addresses are to be passed over.
      return { kind: 'whole', length, source: undefined };
  }
}
