// Which session is open at an address: the last means to tell whose a POST is, since many subscribers share one address
// behind a carrier's NAT. It is off unless set.
import type { Exchange } from './exchange.ts';

export type AtAddress = { readonly kind: 'one'; readonly exchange: Exchange } | { readonly kind: 'none' | 'several' };

export class SessionsByAddress {
  readonly #sessions = new Map<string, Set<Exchange>>();
  readonly #addresses = new WeakMap<Exchange, string>();

  /** `address` is where its Inform came from; '' is nowhere. */
  add(exchange: Exchange, address: string): void {
    if (address === '') return;
    const sessions = this.#sessions.get(address) ?? new Set();
    this.#sessions.set(address, sessions.add(exchange));
    this.#addresses.set(exchange, address);
  }

  remove(exchange: Exchange): void {
    const address = this.#addresses.get(exchange) ?? '';
    const sessions = this.#sessions.get(address);
    sessions?.delete(exchange);
    if (sessions?.size === 0) this.#sessions.delete(address);
  }

  at(address: string): AtAddress {
    const sessions = this.#sessions.get(address);
    const [exchange] = sessions ?? [];
    if (sessions === undefined || exchange === undefined) return { kind: 'none' };
    return sessions.size === 1 ? { kind: 'one', exchange } : { kind: 'several' };
  }
}
