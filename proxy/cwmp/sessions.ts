// The open sessions of this node, and whose a POST is: by its cookie, or by its socket for CPEs that return none
// (quirk 3), or by its address where that is set. A socket that has carried two devices tells nothing any more.
import type { Socket } from 'node:net';
import { nameOfDevice } from '../store/store.ts';
import { isOurs, readCookies, sameText } from './cookie.ts';
import type { Exchange } from './exchange.ts';
import { SessionsByAddress } from './sessions-by-address.ts';

export type Found =
  | { readonly kind: 'open'; readonly by: 'cookie' | 'connection' | 'address'; readonly exchange: Exchange }
  /** It belongs to a session that has ended, by its cookie or by nothing but its connection. */
  | { readonly kind: 'over'; readonly by: 'cookie' | 'connection' }
  | { readonly kind: 'none'; readonly reason: 'no-session' | 'address-of-several' };

export interface SessionsContext {
  readonly cookieKey: Uint8Array;
  readonly incarnation: string;
  /** Whether CPEs may share a connection, which tells nothing then. */
  readonly shares: (socket: Socket) => boolean;
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

export class Sessions {
  readonly #context: SessionsContext;
  readonly #byName = new Map<string, Exchange>();
  readonly #byDevice = new Map<string, Exchange>();
  readonly #bySocket = new WeakMap<Socket, Carried>();
  readonly #byAddress = new SessionsByAddress();

  constructor(context: SessionsContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** `addressOf` is where the POST came from; it is asked for only where nothing else tells whose the POST is. */
  find(socket: Socket, cookies: string | undefined, addressOf: () => string): Found {
    const { cookieKey, incarnation, shares, identifyByAddress } = this.#context;
    const given = readCookies(cookies);
    for (const { incarnation: owner, session, value } of given) {
      const exchange = owner === incarnation ? this.#byName.get(session) : undefined;
      // Ours, as we gave it out: its MAC need not be worked out again.
      if (exchange === undefined || !sameText(exchange.cookie, value)) continue;
      this.carries(socket, exchange);
      return { kind: 'open', by: 'cookie', exchange };
    }
    if (given.some((cookie) => isOurs(cookieKey, cookie))) return { kind: 'over', by: 'cookie' };
    const carried = shares(socket) ? undefined : this.#bySocket.get(socket);
    if (carried === undefined) return identifyByAddress && given.length === 0 ? this.#findAt(addressOf()) : NO_SESSION;
    if (carried.device === undefined) return NO_SESSION;
    const { exchange } = carried;
    return exchange.over ? { kind: 'over', by: 'connection' } : { kind: 'open', by: 'connection', exchange };
  }

  /** A new session takes the place of its device's other one. `address` is where its Inform came from. */
  add(exchange: Exchange, socket: Socket, address: string): void {
    const device = nameOfDevice(exchange.device.key);
    const other = this.#byDevice.get(device);
    this.carries(socket, exchange);
    // Two Informs at once may be answered in another order than the store took them in.
    if (other !== undefined && other.device.epoch > exchange.device.epoch) {
      exchange.displaced();
      return;
    }
    other?.displaced();
    this.#byName.set(exchange.name, exchange);
    this.#byDevice.set(device, exchange);
    if (this.#context.identifyByAddress) this.#byAddress.add(exchange, address);
    if (socket.destroyed) exchange.closed(socket);
  }

  stop(): void {
    for (const exchange of [...this.#byName.values()]) exchange.stopping();
  }

  remove(exchange: Exchange): void {
    this.#byName.delete(exchange.name);
    this.#byAddress.remove(exchange);
    const device = nameOfDevice(exchange.device.key);
    if (this.#byDevice.get(device) === exchange) this.#byDevice.delete(device);
  }

  #findAt(address: string): Found {
    const found = this.#byAddress.at(address);
    if (found.kind === 'one') return { kind: 'open', by: 'address', exchange: found.exchange };
    return found.kind === 'none' ? NO_SESSION : { kind: 'none', reason: 'address-of-several' };
  }

  /** A POST of this session came on the socket; one that CPEs share is not theirs to end a session with. */
  carries(socket: Socket, exchange: Exchange): void {
    if (this.#context.shares(socket)) return;
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
