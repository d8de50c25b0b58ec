// The UDP Connection Request: one datagram that holds an HTTP GET whose query proves who sends it (TR-069 Annex
// G.2.2.3). The signature is the HMAC-SHA1 of ts, id, un and cn, joined, with the Connection Request password. Pure.
import { createHmac } from 'node:crypto';
import { formatEndpoint, type Endpoint } from './stun/address.ts';

export interface UdpConnectionRequest {
  readonly to: Endpoint;
  /** Seconds since 1970: a CPE takes only what is later than the last that it took. */
  readonly timestamp: number;
  /** The same in every repeat, by which a CPE knows them for one request. */
  readonly id: number;
  readonly username: string;
  readonly password: string;
  /** Random, of letters and digits. */
  readonly cnonce: string;
}

export function udpConnectionRequest(request: UdpConnectionRequest): Buffer {
  const { timestamp, id, username, password, cnonce } = request;
  const signature = createHmac('sha1', password).update(`${timestamp}${id}${username}${cnonce}`).digest('hex');
  const host = formatEndpoint(request.to);
  const query = `ts=${timestamp}&id=${id}&un=${encodeURIComponent(username)}&cn=${cnonce}&sig=${signature}`;
  // Annex G: the URI is absolute, with host and port and no path.
  return Buffer.from(`GET http://${host}?${query} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'utf8');
}
