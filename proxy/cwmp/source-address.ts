// Where a CPE's request came from, which decides where a Connection Request may go, and whether its connection is its
// own. Only what a trusted proxy says of others is believed.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Address, type Network, networkSet, parseAddress } from '../access/network.ts';

export interface SourceSettings {
  /** Something stands before us that mixes CPEs on one connection, whoever it is: a socket tells nothing then. */
  readonly proxied: boolean;
  readonly trustedProxies: readonly Network[];
}

/** The other end of a connection. */
interface Peer {
  /** '' where it is not known. */
  readonly address: string;
  /** A proxy of ours: what it says of those before it counts. */
  readonly trusted: boolean;
}

export class Sources {
  readonly #proxied: boolean;
  /** Undefined: there are no proxies of ours. */
  readonly #isTrusted: ((address: Address) => boolean) | undefined;
  readonly #peers = new WeakMap<Socket, Peer>();

  constructor({ proxied, trustedProxies }: SourceSettings) {
    this.#proxied = proxied;
    this.#isTrusted = trustedProxies.length === 0 ? undefined : networkSet(trustedProxies);
  }

  isTrusted(address: string | undefined): boolean {
    const parsed = parseAddress(address ?? '');
    return parsed !== undefined && (this.#isTrusted?.(parsed) ?? false);
  }

  /** A trusted proxy has said who is at the other end of the connection that it passes on; '' when it names nobody. */
  announce(socket: Socket, address: string): void {
    this.#peers.set(socket, { address, trusted: this.isTrusted(address) });
  }

  /** Whether several CPEs may use the connection: it does not tell then whose a POST is. */
  shares(socket: Socket): boolean {
    return this.#proxied || this.comesByProxy(socket);
  }

  /** Whether a proxy of ours is at the other end: what it says of the CPE is believed. */
  comesByProxy(socket: Socket): boolean {
    return this.#isTrusted !== undefined && this.#peerOf(socket).trusted;
  }

  /** Of the CPE; behind a proxy never the proxy's own, or every CPE could have that one called. '' when not known. */
  addressOf({ headers, socket }: IncomingMessage): string {
    const peer = this.#peerOf(socket);
    if (!peer.trusted || this.#isTrusted === undefined) return peer.address;
    const forwarded = headers['x-forwarded-for'] ?? '';
    return firstUntrusted(Array.isArray(forwarded) ? forwarded.join(',') : forwarded, this.#isTrusted);
  }

  #peerOf(socket: Socket): Peer {
    const known = this.#peers.get(socket);
    if (known !== undefined) return known;
    const { remoteAddress = '' } = socket;
    const trusted = this.isTrusted(remoteAddress);
    // Of a proxy that is not trusted only the proxy's own is known.
    const peer = { address: this.#proxied && !trusted ? '' : remoteAddress, trusted };
    if (this.#isTrusted !== undefined) this.#peers.set(socket, peer);
    return peer;
  }
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * Of an X-Forwarded-For that came from a trusted proxy. Each hop has added, at the right, from whom it got the request;
 * so each value counts as long as all that stand to its right are of trusted hops. What is no address ends it: ''.
 */
export function firstUntrusted(forwarded: string, isTrusted: (address: Address) => boolean): string {
  let named = '';
  for (const entry of forwarded.split(',').reverse()) {
    const text = entry.trim();
    const [, bracketed, bare] = WITH_PORT.exec(text) ?? [];
    const address = parseAddress(bracketed ?? bare ?? text);
    if (address === undefined) return '';
    named = address.text;
    if (!isTrusted(address)) return named;
  }
  return named;
}
