// The open sessions of this node, and whose a POST is: by its cookie; for CPEs that return none (quirk 3) by a client
// certificate that is one device's, else by its socket; or by its address where that is set. A socket that has carried
// two devices tells nothing any more. All listeners share the sessions, but none is continued over a weaker channel than
// it was opened over.
import type { Socket } from 'node:net';
import { nameOfDevice } from '../store/store.ts';
import { type Channel, isAsStrong } from './channel.ts';
import { isOurs, readCookies, sameText } from './cookie.ts';
import type { Exchange } from './exchange.ts';
import { SessionsByAddress } from './sessions-by-address.ts';

export type Found =
  | {
      readonly kind: 'open';
      readonly by: 'cookie' | 'certificate' | 'connection' | 'address';
      readonly exchange: Exchange;
    }
  /** It belongs to a session that has ended, by its cookie or by nothing but its connection. */
  | { readonly kind: 'over'; readonly by: 'cookie' | 'connection' }
  | { readonly kind: 'none'; readonly reason: 'no-session' | 'address-of-several' | 'weaker-channel' };

/** How a POST came. */
export interface Way {
  readonly socket: Socket;
  /** CPEs share the connection, which tells nothing then. */
  readonly shared: boolean;
  readonly channel: Channel;
  /** Where from; asked for only where nothing else tells whose the POST is. */
  readonly address: () => string;
}

export interface SessionsContext {
  readonly cookieKey: Uint8Array;
  readonly incarnation: string;
  readonly identifyByAddress: boolean;
}

/** What one connection has carried. */
interface Carried {
  /** The one device of this connection; undefined: there were several. */
  device: string | undefined;
  /** The device's last session. */
  exchange: Exchange;
  /** Those to tell when the connection ends. */
  readonly watching: Set<Exchange>;
}

const NO_SESSION: Found = { kind: 'none', reason: 'no-session' };
const OF_SEVERAL: Found = { kind: 'none', reason: 'address-of-several' };
const WEAKER: Found = { kind: 'none', reason: 'weaker-channel' };

export class Sessions {
  readonly #context: SessionsContext;
  readonly #byName = new Map<string, Exchange>();
  readonly #byDevice = new Map<string, Exchange>();
  readonly #bySocket = new WeakMap<Socket, Carried>();
  readonly #byAddress = new SessionsByAddress();
  readonly #byCertificate = new Map<string, Exchange>();
  /** Of those whose channel proved anything. */
  readonly #openedOver = new WeakMap<Exchange, Channel>();

  constructor(context: SessionsContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#byName.size;
  }

  find({ cookies, ...way }: Way & { readonly cookies: string | undefined }): Found {
    const { cookieKey, incarnation } = this.#context;
    const given = readCookies(cookies);
    for (const { incarnation: owner, session, value } of given) {
      const exchange = owner === incarnation ? this.#byName.get(session) : undefined;
      // Ours, as we gave it out: its MAC need not be worked out again.
      if (exchange === undefined || !sameText(exchange.cookie, value)) continue;
      if (!this.#mayContinue(exchange, way)) return WEAKER;
      if (!way.shared) this.carries(way.socket, exchange);
      return { kind: 'open', by: 'cookie', exchange };
    }
    if (given.some((cookie) => isOurs(cookieKey, cookie))) return { kind: 'over', by: 'cookie' };
    return this.#findByCertificate(way) ?? this.#findWithoutCookie(way, given.length > 0);
  }

  /** A new session takes the place of its device's other one. `identified`: the certificate is that device's alone. */
  add(
    exchange: Exchange,
    { socket, shared, channel, address, identified }: Way & { readonly identified: boolean },
  ): void {
    const device = nameOfDevice(exchange.device.key);
    const other = this.#byDevice.get(device);
    if (channel.encrypted || channel.certificate !== undefined) this.#openedOver.set(exchange, channel);
    if (!shared) this.carries(socket, exchange);
    // Two Informs at once may be answered in another order than the store took them in.
    if (other !== undefined && other.device.epoch > exchange.device.epoch) {
      exchange.displaced();
      return;
    }
    other?.displaced();
    this.#byName.set(exchange.name, exchange);
    this.#byDevice.set(device, exchange);
    if (identified && channel.certificate !== undefined)
      this.#byCertificate.set(channel.certificate.fingerprint, exchange);
    if (this.#context.identifyByAddress) this.#byAddress.add(exchange, address());
    if (socket.destroyed) exchange.closed(socket);
  }

  stop(): void {
    for (const exchange of [...this.#byName.values()]) exchange.stopping();
  }

  remove(exchange: Exchange): void {
    this.#byName.delete(exchange.name);
    this.#byAddress.remove(exchange);
    const fingerprint = this.#openedOver.get(exchange)?.certificate?.fingerprint ?? '';
    if (this.#byCertificate.get(fingerprint) === exchange) this.#byCertificate.delete(fingerprint);
    const device = nameOfDevice(exchange.device.key);
    if (this.#byDevice.get(device) === exchange) this.#byDevice.delete(device);
  }

  #mayContinue(exchange: Exchange, { channel }: Way): boolean {
    const opened = this.#openedOver.get(exchange);
    return opened === undefined || isAsStrong(opened, channel);
  }

  #findByCertificate(way: Way): Found | undefined {
    const exchange = this.#byCertificate.get(way.channel.certificate?.fingerprint ?? '');
    if (exchange === undefined || !this.#mayContinue(exchange, way)) return undefined;
    if (!way.shared) this.carries(way.socket, exchange);
    return { kind: 'open', by: 'certificate', exchange };
  }

  #findWithoutCookie(way: Way, hasCookie: boolean): Found {
    const { identifyByAddress } = this.#context;
    const carried = way.shared ? undefined : this.#bySocket.get(way.socket);
    if (carried === undefined) return identifyByAddress && !hasCookie ? this.#findAt(way) : NO_SESSION;
    if (carried.device === undefined) return NO_SESSION;
    const { exchange } = carried;
    return exchange.over ? { kind: 'over', by: 'connection' } : { kind: 'open', by: 'connection', exchange };
  }

  #findAt(way: Way): Found {
    const found = this.#byAddress.at(way.address());
    if (found.kind !== 'one') return found.kind === 'none' ? NO_SESSION : OF_SEVERAL;
    const { exchange } = found;
    return this.#mayContinue(exchange, way) ? { kind: 'open', by: 'address', exchange } : WEAKER;
  }

  /** A POST of this session came on the socket, which is the CPE's own. */
  carries(socket: Socket, exchange: Exchange): void {
    const device = nameOfDevice(exchange.device.key);
    const carried = this.#bySocket.get(socket);
    if (carried === undefined) {
      const watching = new Set([exchange]);
      this.#bySocket.set(socket, { device, exchange, watching });
      socket.once('end', () => {
        for (const each of watching) each.halfClosed(socket);
      });
      socket.once('close', () => {
        for (const each of watching) each.closed(socket);
      });
      return;
    }
    if (carried.device !== device) carried.device = undefined;
    carried.exchange = exchange;
    for (const each of carried.watching) if (each.over) carried.watching.delete(each);
    carried.watching.add(exchange);
  }
}
