// What one RPC is: a name, the fields of its request and of its response, and what repeating it would do.
import type { Fields, ValuesOf } from './field.ts';

/** The CWMP version (the n of urn:dslforum-org:cwmp-1-n) that brought an RPC. */
export type CwmpVersion = 0 | 1 | 2 | 3 | 4;

export interface Rpc<N extends string = string, Q extends Fields = Fields, S extends Fields = Fields> {
  readonly name: N;
  readonly since: CwmpVersion;
  readonly request: Q;
  readonly response: S;
}

/** A method that the ACS calls on the CPE (TR-069 A.3.2, A.4.1). */
export interface CpeRpc<N extends string = string, Q extends Fields = Fields, S extends Fields = Fields> extends Rpc<
  N,
  Q,
  S
> {
  /** False for the RPCs that may be repeated without effect; every other is journalled before it is written. */
  readonly changing: boolean;
}

export const defineRpc = <N extends string, const Q extends Fields, const S extends Fields>(
  rpc: Rpc<N, Q, S>,
): Rpc<N, Q, S> => rpc;
export const defineCpeRpc = <N extends string, const Q extends Fields, const S extends Fields>(
  rpc: CpeRpc<N, Q, S>,
): CpeRpc<N, Q, S> => rpc;

export type RequestOf<R> = R extends Rpc<string, infer Q> ? ValuesOf<Q> : never;
export type ResponseOf<R> = R extends Rpc<string, Fields, infer S> ? ValuesOf<S> : never;
