// What one RPC of a CPE is: how its arguments are read, and what the device does and answers.
import type { AttributeStore } from '../attributes.ts';
import type { DataModel } from '../data-model.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Dialect } from '../dialect.ts';
import type { Fault } from '../faults.ts';
import type { Content } from '../soap-content.ts';
import type { Element } from '../soap-read.ts';
import type { TransferOrder, Transfers } from '../transfers.ts';

/** What an RPC may know and do of its device. What happens after the session is only noted here. */
export interface Device {
  readonly model: DataModel;
  readonly attributes: AttributeStore;
  readonly transfers: Transfers;
  readonly diagnostics: Diagnostics;
  readonly dialect: Dialect;
  /** Those it has, in the order in which GetRPCMethods tells them. */
  readonly methods: readonly string[];
  /** Whether a change to these paths is answered with Status 1 and applied after the session. */
  appliesLater(method: string, paths: readonly string[]): boolean;
  /** Whether this transfer is run within the session and answered with Status 0. */
  transfersNow(order: TransferOrder): boolean;
  rememberParameterKey(key: string): void;
  /** The ACS changed these; never a reason for a VALUE CHANGE (TR-069 §3.7.1.5). */
  changedByAcs(paths: readonly string[]): void;
  reboot(commandKey: string): void;
  factoryReset(): void;
  scheduleInform(delaySeconds: number, commandKey: string): void;
}

export interface Response {
  readonly kind: 'response';
  readonly content: readonly Content[];
}
export type Answer = Response | Fault;

export const respond = (...content: readonly Content[]): Response => ({ kind: 'response', content });

interface RpcDefinition<A> {
  readonly method: string;
  /** The elements of its arguments, in the order of the schema. */
  readonly fields: readonly string[];
  read(request: Element): A | Fault;
  /** The parameters or objects the arguments name, for rules that look at them. */
  paths(args: A): readonly string[];
  answer(args: A, device: Device): Answer | Promise<Answer>;
}

/** An RPC whose arguments have been read. */
export interface Call {
  readonly args: unknown;
  readonly paths: readonly string[];
  answer(device: Device): Promise<Answer>;
}

export interface CpeRpc {
  readonly method: string;
  readonly fields: readonly string[];
  read(request: Element): Call | Fault;
}

const isFault = (read: unknown): read is Fault =>
  typeof read === 'object' && read !== null && 'kind' in read && read.kind === 'fault';

/** Hides the type of the arguments, so that all RPCs fit one list. */
export const defineRpc = <A>(rpc: RpcDefinition<A>): CpeRpc => ({
  method: rpc.method,
  fields: rpc.fields,
  read: (request) => {
    const args = rpc.read(request);
    if (isFault(args)) return args;
    return { args, paths: rpc.paths(args), answer: async (device) => await rpc.answer(args, device) };
  },
});
