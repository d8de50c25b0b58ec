// The open sessions of this node, and whose a POST is: by its cookie, or by its socket for CPEs that return none
// (quirk 3). A socket that has carried two devices tells nothing any more.
import type { Socket } from 'node:net';
import { nameOfDevice } from '../store/store.ts';
import { isOurs, readCookies, sameText } from './cookie.ts';
import type { Exchange } from './exchange.ts';

export type Found =
  | { readonly kind: 'open'; readonly exchange: Exchange }
  /** It belongs to a session that has ended, by its cookie or by nothing but its connection. */
  | { readonly kind: 'over'; readonly by: 'cookie' | 'connection' }
  | { readonly kind: 'none' };

export interface SessionsContext {
  readonly cookieKey: Uint8Array;
  readonly incarnation: string;
  readonly proxied: boolean;
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

export class Sessions {
  readonly #context: SessionsContext;
  readonly #byName = new Map<string, Exchange>();
  readonly #byDevice = new Map<string, Exchange>();
  readonly #bySocket = new WeakMap<Socket, Carried>();

  constructor(context: SessionsContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#byName.size;
  }

  find(socket: Socket, cookies: string | undefined): Found {
    const { cookieKey, incarnation, proxied } = this.#context;
    const given = readCookies(cookies);
    for (const { incarnation: owner, session, value } of given) {
      const exchange = owner === incarnation ? this.#byName.get(session) : undefined;
      // Ours, as we gave it out: its MAC need not be worked out again.
      if (exchange === undefined || !sameText(exchange.cookie, value)) continue;
      this.#carries(socket, exchange);
      return { kind: 'open', exchange };
    }
    if (given.some((cookie) => isOurs(cookieKey, cookie))) return { kind: 'over', by: 'cookie' };
    const carried = proxied ? undefined : this.#bySocket.get(socket);
    if (carried?.device === undefined) return { kind: 'none' };
    return carried.exchange.over ? { kind: 'over', by: 'connection' } : { kind: 'open', exchange: carried.exchange };
  }

  /** A new session takes the place of its device's other one. */
  add(exchange: Exchange, socket: Socket): void {
    const device = nameOfDevice(exchange.device.key);
    const other = this.#byDevice.get(device);
    this.#carries(socket, exchange);
    // Two Informs at once may be answered in another order than the store took them in.
    if (other !== undefined && other.device.epoch > exchange.device.epoch) {
      exchange.displaced();
      return;
    }
    other?.displaced();
    this.#byName.set(exchange.name, exchange);
    this.#byDevice.set(device, exchange);
    if (socket.destroyed) exchange.closed(socket);
  }

  stop(): void {
    for (const exchange of [...this.#byName.values()]) exchange.stopping();
  }

  remove(exchange: Exchange): void {
    this.#byName.delete(exchange.name);
    const device = nameOfDevice(exchange.device.key);
    if (this.#byDevice.get(device) === exchange) this.#byDevice.delete(device);
  }

  #carries(socket: Socket, exchange: Exchange): void {
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
