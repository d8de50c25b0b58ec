// What a CPE sends: an envelope around a request, a response or a fault.
import type { CwmpFault } from '../rpc/fault.ts';
import type { AcsMethodName, AcsRequest, CpeMethodName, CpeResponse } from '../rpc/methods.ts';
import type { EnvelopeStyle } from './style.ts';

/** A method of the ACS, called by the CPE. */
export type RequestMessage = {
  [N in AcsMethodName]: { readonly kind: 'request'; readonly method: N; readonly value: AcsRequest<N> };
}[AcsMethodName];
/** The answer to a method of the CPE; `method` is without its `Response`. */
export type ResponseMessage = {
  [N in CpeMethodName]: { readonly kind: 'response'; readonly method: N; readonly value: CpeResponse<N> };
}[CpeMethodName];
export interface FaultMessage {
  readonly kind: 'fault';
  readonly fault: CwmpFault;
}
/** Well-formed, but of no RPC that we know; to be answered with fault 8000. */
export interface UnknownMessage {
  readonly kind: 'unknown';
  readonly name: string;
}
export type Message = RequestMessage | ResponseMessage | FaultMessage | UnknownMessage;

export interface Envelope {
  /** The header's cwmp:ID: absent, empty and reused ones are all common (quirk 14). Echoed, never matched. */
  readonly id?: string;
  readonly style: EnvelopeStyle;
  readonly message: Message;
  /** Seconds that the CPE waits for an answer (CWMP 1.3). */
  readonly sessionTimeout?: number;
  readonly noMoreRequests?: boolean;
  readonly holdRequests?: boolean;
}
