// What a transport is to the endpoint: a Controller at the other end, the Agents that it reaches, and bytes.
import type { Standing } from '../access/access.ts';
import type { DeviceKey } from '../store/store.ts';

/** Why a transport is told to close; each transport has its own code for it. */
export type CloseReason =
  /** What came was no Record (R-WS.16). */
  | 'not-a-record'
  /** The same Controller has connected anew (R-WS.4). */
  | 'replaced'
  /** It reads more slowly than is written to it. */
  | 'slow'
  /** The credential by which it came has ended. */
  | 'expired'
  | 'stopping'
  /** The Agent has dialled this Controller by itself, and that connection stands (R-WS.4). */
  | 'agent-dials'
  /** The row that wanted a dial is gone, or another node dials now. */
  | 'not-wanted'
  /** The row names another place now. */
  | 'target-changed'
  /** It was trusted on first use, and no Record has come in time (TOFUInactivityTimer). */
  | 'inactive'
  /** The CPE has booted, and its Agent with it; or the MTP was told to start anew. */
  | 'restarted';

export interface Connection {
  /** Unique on its node. */
  readonly id: string;
  readonly tenant: string;
  /** Endpoint ID of the Controller, as the transport proved it. */
  readonly controller: string;
  /** What its credential made of it, and the names of the roles that it gives. */
  readonly standing: Standing;
  readonly roles: readonly string[];
  /** One Agent, or all of the tenant's by to_id. */
  readonly scope:
    { readonly kind: 'agent'; readonly key: DeviceKey; readonly endpointId: string } | { readonly kind: 'all' };
  /** The Agent has opened it, not the Controller. */
  readonly dialled?: boolean;
  /** True when the bytes were taken; false when the connection is over or too slow. */
  send(bytes: Uint8Array): boolean;
  /** Resolves when the peer has taken most of what was sent, or the connection is over: for who has much to send. */
  drained(): Promise<void>;
  /** The first reason counts; nothing is sent or taken any more, though the peer may take its time to agree. */
  close(reason: CloseReason): void;
}
