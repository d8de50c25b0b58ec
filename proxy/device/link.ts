// An open way to one CPE over which RPCs can be called, one at a time. South edges implement it: `cwmp` turns "the CPE
// asks, the ACS answers" inside out. Nothing above knows what carries the call.
import type { CwmpFault } from '../rpc/fault.ts';
import type { CpeMethodName, CpeRequest, CpeResponse } from '../rpc/methods.ts';

export type LossReason =
  /** The CPE closed its connection. */
  | 'closed'
  /** It did not answer in time. */
  | 'timeout'
  /** What it answered could not be read. */
  | 'malformed'
  /** It answered another RPC than the one that was asked. */
  | 'wrong-response'
  /** It opened a new session. */
  | 'displaced'
  /** The session had reached its cap of RPCs or time. */
  | 'cap'
  /** The link was over before the call. */
  | 'ended'
  /** The request holds a character that XML cannot carry. */
  | 'unwritable';

export type CallOutcome<N extends CpeMethodName> =
  | { readonly kind: 'response'; readonly value: CpeResponse<N> }
  | { readonly kind: 'fault'; readonly fault: CwmpFault }
  /** The CPE answered with nothing at all: it does not know the method (quirk 10). */
  | { readonly kind: 'empty' }
  /** No answer, and no further call on this link. `written`: its bytes may have reached the CPE. */
  | { readonly kind: 'lost'; readonly written: boolean; readonly reason: LossReason };

export interface Link {
  /** When the CPE's request that is held now arrived, in milliseconds since the epoch. */
  readonly heldSince: number;
  /** False when the CPE sends nothing more on the connection of that request: it hears an answer, but not a late one. */
  readonly mayHold: boolean;
  /** True once no call can be made any more. */
  readonly over: boolean;
  call<N extends CpeMethodName>(method: N, request: CpeRequest<N>, timeoutMs: number): Promise<CallOutcome<N>>;
  /** Ends the session: 204 to the CPE. */
  end(): void;
}
