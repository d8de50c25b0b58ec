// Records in and out: whose they are, what may be answered and what is ignored (R-MTP.5, R-E2E.*), whatever transport
// carries them. A Msg goes to the Agent that its Record names; answers go back the way the request came.
import type { Agent } from '../agent/agent.ts';
import { errorMsg } from '../agent/failure.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry } from '../store/mailbox-steps.ts';
import type { Store } from '../store/store.ts';
import { codes } from '../usp/codes.ts';
import { decodeMsg, encodeMsg } from '../usp/msg-codec.ts';
import type { UspBody } from '../usp/msg.ts';
import { decodeRecord, type RecordType, type UspRecord } from '../usp/record.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { Outbox } from './outbox.ts';

/** Why a Record got no answer; each is counted. */
export const DROP_REASONS = [
  'not-a-record',
  'from-id-mismatch',
  'own-id',
  'unknown-to-id',
  'no-payload',
  'signed',
  'unreadable-msg',
  'not-a-request',
  'connect-record',
  'disconnect-record',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export interface EndpointContext {
  readonly store: Store;
  readonly agent: Agent;
  readonly connections: Connections;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly metrics: Metrics;
}

export class Endpoint {
  readonly #context: EndpointContext;

  constructor(context: EndpointContext) {
    this.#context = context;
  }

  /** One Record of a Controller. `not-a-record` asks the transport to end the connection as its binding says. */
  async receive(connection: Connection, bytes: Uint8Array): Promise<'taken' | 'not-a-record'> {
    this.#context.metrics.count('record', 'received');
    const decoded = decodeRecord(bytes);
    if (!decoded.ok) {
      const { erroneous } = decoded;
      if (erroneous === undefined) {
        this.#drop('not-a-record');
        return 'not-a-record';
      }
      await this.#refuseValue(connection, erroneous, decoded.code, decoded.detail);
      return 'taken';
    }
    const device = await this.#addressee(connection, decoded.record);
    if (device !== undefined) await this.#take(connection, device, decoded.record);
    return 'taken';
  }

  /** A request that went through a mailbox has its answer: a Msg, base64. */
  answered(entry: MailboxEntry, returnPath: string | undefined, answer: string): void {
    if (returnPath === undefined || entry.origin === undefined) return;
    const payload = Buffer.from(answer, 'base64');
    const sent = this.#context.connections.answer(returnPath, entry.origin.to_id, {
      kind: 'no_session_context',
      payload,
    });
    this.#context.metrics.count('record', sent ? 'sent' : 'answer-without-way');
  }

  /** The device whose Agent a Record is for; undefined when the Record is to be ignored. */
  async #addressee(
    connection: Connection,
    { from_id, to_id }: Pick<UspRecord, 'from_id' | 'to_id'>,
  ): Promise<DeviceRecord | undefined> {
    const { devices } = this.#context.store;
    const { scope, tenant, controller } = connection;
    const mismatch = from_id !== controller ? 'from-id-mismatch' : from_id === to_id ? 'own-id' : undefined;
    let key = scope.kind === 'agent' && scope.endpointId === to_id ? scope.key : undefined;
    if (mismatch === undefined && scope.kind === 'all') key = await devices.findDevice(tenant, to_id);
    const device = mismatch !== undefined || key === undefined ? undefined : await devices.readDevice(key);
    if (device === undefined) this.#drop(mismatch ?? 'unknown-to-id');
    return device;
  }

  async #take(connection: Connection, device: DeviceRecord, record: UspRecord): Promise<void> {
    const type = record.record_type;
    switch (type.kind) {
      case 'no_session_context':
        if (record.payload_security !== 'PLAINTEXT') this.#disconnect(connection, device, codes.invalidRecordValue);
        // A signature that cannot be verified yet must not pass for a good one (R-E2E.30).
        else if (record.mac_signature.length > 0) this.#drop('signed');
        else if (type.payload.length === 0) this.#drop('no-payload');
        else await this.#msg(connection, device, type.payload);
        return;
      case 'session_context':
        // R-E2E.6a: session contexts are not supported.
        this.#disconnect(connection, device, codes.sessionContextNotAllowed);
        return;
      case 'disconnect':
        this.#drop('disconnect-record');
        return;
      default:
        this.#drop('connect-record');
    }
  }

  async #msg(connection: Connection, device: DeviceRecord, payload: Uint8Array): Promise<void> {
    const decoded = decodeMsg(payload);
    if (!decoded.ok) {
      // R-MTP.5: an Error only for a request that could be told as one; what cannot be decoded at all stays unanswered.
      if (!decoded.request || decoded.msg_id === undefined || decoded.reason === 'malformed')
        this.#drop('unreadable-msg');
      else this.#reply(connection, device, decoded.msg_id, errorMsg(decoded.code, decoded.detail));
      return;
    }
    const { msg } = decoded;
    if (msg.body.kind === 'notify_resp' || msg.body.kind === 'error') {
      // An Error is final too: the Controller has seen the Notify. Only msg_id matches them (R-NOT.9).
      await this.#context.outbox.answered(device.key, connection.controller, msg.msg_id);
      return;
    }
    if (msg.body.kind.endsWith('_resp')) {
      this.#drop('not-a-request');
      return;
    }
    const returnPath = this.#context.connections.returnPathOf(connection);
    const handled = await this.#context.agent.handle({ device, from_id: connection.controller, msg, returnPath });
    if (handled.kind === 'answered') this.#reply(connection, device, msg.msg_id, handled.msg.body);
  }

  /** R-ENC.2: a Record with a value that we do not know may still be owed an Error. */
  async #refuseValue(
    connection: Connection,
    { from_id, to_id, payload }: { readonly from_id: string; readonly to_id: string; readonly payload: Uint8Array },
    code: number,
    detail: string,
  ): Promise<void> {
    const device = await this.#addressee(connection, { from_id, to_id });
    const decoded = decodeMsg(payload);
    const isRequest = decoded.ok && decoded.msg.body.kind !== 'error' && !decoded.msg.body.kind.endsWith('_resp');
    if (device !== undefined && isRequest) this.#reply(connection, device, decoded.msg.msg_id, errorMsg(code, detail));
  }

  #reply(connection: Connection, device: DeviceRecord, msg_id: string, body: UspBody): void {
    const payload = encodeMsg({ msg_id, body });
    this.#send(connection, device, { kind: 'no_session_context', payload });
  }

  #disconnect(connection: Connection, device: DeviceRecord, reason_code: number): void {
    this.#send(connection, device, { kind: 'disconnect', reason: 'not supported', reason_code });
  }

  #send(connection: Connection, device: DeviceRecord, record: RecordType): void {
    const { connections, metrics } = this.#context;
    const sent = connections.answer(connections.returnPathOf(connection), device.identity.endpointId, record);
    metrics.count('record', sent ? 'sent' : 'answer-without-way');
  }

  #drop(reason: DropReason): void {
    this.#context.metrics.count('record_dropped', reason);
  }
}
