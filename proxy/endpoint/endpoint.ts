// Records in and out: whose they are, what may be answered and what is ignored (R-MTP.5, R-E2E.*), whatever transport
// carries them. A Msg goes to the Agent that its Record names; answers go back the way the request came.
import type { X509Certificate } from 'node:crypto';
import type { Agent } from '../agent/agent.ts';
import type { SessionPolicy } from '../agent/local-agent/controller/e2e-session.ts';
import { errorMsg } from '../agent/failure.ts';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { Recent } from '../operate/recent.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry, RequestOrigin } from '../store/mailbox-steps.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import { codes } from '../usp/codes.ts';
import { decodeMsg, encodeMsg } from '../usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../usp/msg.ts';
import {
  decodeRecord,
  type Erroneous,
  type RecordType,
  type SessionContextRecord,
  type UspRecord,
} from '../usp/record.ts';
import { signatureFault } from '../usp/record-signature.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { DISCONNECTS } from './disconnects.ts';
import type { DropReason } from './drop-reason.ts';
import type { Limits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import type { Pair, SessionContexts } from './session-context/contexts.ts';
import { sessionOfPath, sessionPath } from './session-context/return-path.ts';
import { Turns } from './session-context/turns.ts';

export interface EndpointContext {
  readonly store: Store;
  readonly agent: Agent;
  readonly connections: Connections;
  readonly contexts: SessionContexts;
  readonly outbox: Outbox;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Certificates, of CAs or of Controllers, by which signatures of Records are judged. */
  readonly trusted: readonly X509Certificate[];
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Where a Msg has come from, and by that how what answers it goes back. */
interface Came {
  readonly connection: Connection;
  readonly device: DeviceRecord;
  /** What counts for the Session Context that it came in, and its answer goes in (R-MSG.0a); undefined: it came outside. */
  readonly session: SessionPolicy | undefined;
}

/** Endpoint IDs whose devices are remembered. */
const KEYS_KEPT = 10_000;

export class Endpoint {
  readonly #context: EndpointContext;
  /** Requests on their way from a Record to their answer or the mailbox. */
  readonly #inHand = new Set<string>();
  /** Whose an Endpoint ID is never changes: it is frozen at first contact. */
  readonly #keys = new Recent<DeviceKey>(KEYS_KEPT);
  /** Records of one Session Context are worked on in the order of their coming. */
  readonly #turns = new Turns();

  constructor(context: EndpointContext) {
    this.#context = context;
  }

  /**
   * One Record of a Controller; resolves when it is answered, queued or refused. `not-a-record` asks the transport to end
   * the connection as its binding says.
   */
  receive(connection: Connection, bytes: Uint8Array): Promise<void> | 'not-a-record' {
    this.#context.metrics.count('record', 'received');
    const decoded = decodeRecord(bytes);
    if (decoded.ok) return this.#receive(connection, decoded.record);
    const { erroneous, code, detail } = decoded;
    return erroneous === undefined ? this.receiveNone() : this.#refuseValue(connection, erroneous, code, detail);
  }

  /** What came cannot be a Record: the transport has seen that by itself. */
  receiveNone(): 'not-a-record' {
    this.#drop('not-a-record');
    return 'not-a-record';
  }

  /** A request that went through a mailbox has its answer: a Msg, base64. */
  answered(entry: MailboxEntry, returnPath: string | undefined, answer: string): void {
    if (returnPath === undefined || entry.origin === undefined) return;
    const payload = Buffer.from(answer, 'base64');
    this.#context.limits.inFlight.end(requestName(entry.origin));
    const session = sessionOfPath(returnPath);
    if (session !== undefined) {
      const pair: Pair = { tenant: session.tenant, controller: entry.origin.from_id, agent: entry.origin.to_id };
      this.#answerInSession(pair, this.#context.connections.ofReturnPath(session.path), payload);
      return;
    }
    const sent = this.#context.connections.answer(returnPath, entry.origin.to_id, {
      kind: 'no_session_context',
      payload,
    });
    this.#context.metrics.count('record', sent ? 'sent' : 'answer-without-way');
  }

  async #receive(connection: Connection, record: UspRecord): Promise<void> {
    if (record.record_type.kind !== 'session_context') {
      await this.#receiveNext(connection, record);
      return;
    }
    // By whom the transport has proved: from_id is anybody's word until it is compared with that.
    const turn = `${connection.tenant} ${connection.controller} ${record.to_id}`;
    await this.#turns.take(turn, () => this.#receiveNext(connection, record));
  }

  async #receiveNext(connection: Connection, record: UspRecord): Promise<void> {
    const device = await this.#addressee(connection, record);
    if (device !== undefined) await this.#take(connection, device, record);
  }

  /** The device whose Agent a Record is for; undefined when the Record is to be ignored (R-E2E.1, R-SEC.0a, R-ARC.0). */
  async #addressee(
    connection: Connection,
    { from_id, to_id }: Pick<UspRecord, 'from_id' | 'to_id'>,
  ): Promise<DeviceRecord | undefined> {
    const { scope, tenant, controller } = connection;
    const mismatch = from_id !== controller ? 'from-id-mismatch' : from_id === to_id ? 'own-id' : undefined;
    let key = scope.kind === 'agent' && scope.endpointId === to_id ? scope.key : undefined;
    if (mismatch === undefined && scope.kind === 'all') key = await this.#keyOf(tenant, to_id);
    const { devices } = this.#context.store;
    const device = mismatch !== undefined || key === undefined ? undefined : await devices.readDevice(key);
    const isLeft = device !== undefined && this.#context.agent.isLeft(device);
    if (device !== undefined && !isLeft) return device;
    this.#drop(isLeft ? 'native-agent' : (mismatch ?? 'unknown-to-id'));
    return undefined;
  }

  async #keyOf(tenant: string, endpointId: string): Promise<DeviceKey | undefined> {
    const name = `${tenant} ${endpointId}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = await this.#context.store.devices.findDevice(tenant, endpointId);
    if (key !== undefined) this.#keys.set(name, key);
    return key;
  }

  async #take(connection: Connection, device: DeviceRecord, record: UspRecord): Promise<void> {
    const type = record.record_type;
    const pair = pairOf(connection, device);
    const badSignature = this.#badSignature(record);
    if (badSignature !== undefined) {
      this.#drop(badSignature);
      // R-E2E.23: keys may have changed since the context began.
      if (type.kind === 'session_context') this.#context.contexts.fail(pair, connection, 'integrity');
      return;
    }
    switch (type.kind) {
      case 'no_session_context':
        // TLS for the payload needs a session context (R-E2E.41): without one the value is invalid.
        if (record.payload_security !== 'PLAINTEXT') this.#disconnect(connection, device, 'payload-security');
        else if (type.payload.length === 0) this.#drop('no-payload');
        else await this.#msg({ connection, device, session: undefined }, type.payload);
        return;
      case 'session_context':
        await this.#inSession(connection, device, type, record.payload_security);
        return;
      case 'disconnect':
        this.#context.contexts.forget(pair);
        this.#context.connections.disconnected(connection, device.identity.endpointId);
        this.#drop('disconnect-record');
        return;
      default:
        this.#drop('connect-record');
    }
  }

  async #inSession(
    connection: Connection,
    device: DeviceRecord,
    record: SessionContextRecord,
    security: UspRecord['payload_security'],
  ): Promise<void> {
    const { contexts } = this.#context;
    const pair = pairOf(connection, device);
    const session = await this.#sessionPolicy(connection, device);
    if (session.mode === 'Forbid') {
      this.#disconnect(connection, device, 'session-context');
    } else if (security === 'PLAINTEXT') {
      for (const payload of contexts.receive(pair, connection, record, session)) {
        await this.#msg({ connection, device, session }, payload);
      }
    } else if (contexts.has(pair)) {
      // R-E2E.19: a context stays as secured as it began.
      this.#drop('session-failed');
      contexts.fail(pair, connection, 'integrity');
    } else {
      this.#disconnect(connection, device, 'session-security');
    }
  }

  async #sessionPolicy(connection: Connection, device: DeviceRecord): Promise<SessionPolicy> {
    const { store, agent } = this.#context;
    return agent.sessionPolicy(device, await store.tenants.readTemplate(connection.tenant), connection.controller);
  }

  /** R-E2E.30: whoever signs is held to it; what cannot be verified must not pass for good. */
  #badSignature(record: UspRecord): DropReason | undefined {
    const { trusted, clock } = this.#context;
    // With TLS12 it is a MAC under keys of a session that is refused anyway.
    if (record.mac_signature.length === 0 || record.payload_security !== 'PLAINTEXT') return undefined;
    if (trusted.length === 0) return 'signed';
    const fault = signatureFault(record, trusted, clock.now());
    return fault === undefined ? undefined : `signature-${fault}`;
  }

  async #msg(came: Came, payload: Uint8Array): Promise<void> {
    const { connection, device } = came;
    const decoded = decodeMsg(payload);
    if (!decoded.ok) {
      // R-MTP.5: an Error only for a request that could be told as one; what cannot be decoded at all stays unanswered.
      const answerable = decoded.request && decoded.msg_id !== undefined && decoded.reason !== 'malformed';
      this.#drop(answerable ? 'bad-request' : 'unreadable-msg');
      if (answerable) this.#reply(came, decoded.msg_id, errorMsg(decoded.code, decoded.detail));
      return;
    }
    const { msg } = decoded;
    if (msg.body.kind === 'notify_resp' || msg.body.kind === 'error') {
      if (came.session === undefined && this.#context.contexts.isRequired(pairOf(connection, device))) {
        this.#drop('session-required');
        return;
      }
      // An Error is final too: the Controller has seen the Notify. Only msg_id matches them (R-NOT.9).
      await this.#context.outbox.answered(device.key, connection.controller, msg.msg_id);
      return;
    }
    if (!isRequest(msg.body)) {
      this.#drop('not-a-request');
      return;
    }
    // R-MSG.4. What the mailbox has is told apart there, so that a repeat can take over the return path.
    const name = `${connection.id} ${device.identity.endpointId} ${msg.msg_id}`;
    if (this.#inHand.has(name)) {
      this.#drop('duplicate');
      return;
    }
    this.#inHand.add(name);
    try {
      await this.#request(came, msg);
    } finally {
      this.#inHand.delete(name);
    }
  }

  async #request(came: Came, msg: UspMsg): Promise<void> {
    const { connection, device, session } = came;
    const { agent, connections, metrics, log } = this.#context;
    const path = connections.returnPathOf(connection);
    const name = requestName({ from_id: connection.controller, to_id: device.identity.endpointId, msg_id: msg.msg_id });
    if (!this.#mayBegin(connection, msg.body, name)) {
      metrics.count('usp_limit', 'requests');
      const tooMany = errorMsg(codes.resourcesExceeded, 'too many requests of this Controller are not answered yet');
      this.#reply(came, msg.msg_id, tooMany);
      return;
    }
    let queued = false;
    try {
      const handled = await agent.handle({
        device,
        from_id: connection.controller,
        roles: connection.roles,
        msg,
        returnPath: session === undefined ? path : sessionPath(path, connection.tenant),
        inSession: session !== undefined,
      });
      queued = handled.kind === 'queued';
      if (handled.kind === 'answered') this.#reply(came, msg.msg_id, handled.msg.body);
      if (handled.kind === 'session-required') await this.#requireSession(came, msg.msg_id);
    } catch (error) {
      // R-MSG.0: every request is answered, also when the store is away.
      metrics.count('failure', 'receive');
      log.error({ controller: connection.controller, device: device.key.device, err: error }, 'a request failed');
      this.#reply(came, msg.msg_id, errorMsg(codes.internalError, 'the gateway could not take it'));
    } finally {
      if (!queued) this.#context.limits.inFlight.end(name);
    }
  }

  /** No Msg goes outside of a context that is required: not even the one that says so, which begins it (R-MTP.5). */
  async #requireSession({ connection, device }: Came, msg_id: string): Promise<void> {
    this.#drop('session-required');
    const session = await this.#sessionPolicy(connection, device);
    const body = errorMsg(codes.invalidRecordValue, 'a session context is required (E2ESession.SessionMode)');
    this.#reply({ connection, device, session }, msg_id, body);
  }

  /** One that wants no answer is not heard of again: the mailbox bounds it. */
  #mayBegin({ tenant, controller }: Connection, body: UspBody, name: string): boolean {
    if (body.kind === 'operate' && !body.send_resp) return true;
    const { limits, clock } = this.#context;
    return limits.inFlight.begin(`${tenant}/${controller}`, name, clock.now());
  }

  /** R-ENC.2: a Record with a value that we do not know may still be owed an Error. */
  async #refuseValue(
    connection: Connection,
    { from_id, to_id, payload }: Erroneous,
    code: number,
    detail: string,
  ): Promise<void> {
    const device = await this.#addressee(connection, { from_id, to_id });
    if (device === undefined) return;
    this.#drop('unknown-value');
    const decoded = decodeMsg(payload);
    if (decoded.ok && isRequest(decoded.msg.body)) {
      this.#reply({ connection, device, session: undefined }, decoded.msg.msg_id, errorMsg(code, detail));
    }
  }

  #reply({ connection, device, session }: Came, msg_id: string, body: UspBody): void {
    const payload = encodeMsg({ msg_id, body });
    if (session === undefined) this.#send(connection, device, { kind: 'no_session_context', payload });
    else this.#answerInSession(pairOf(connection, device), connection, payload, session);
  }

  /** By the connection that the request came by, or by the one that the Controller has by now. */
  #answerInSession(pair: Pair, connection: Connection | undefined, payload: Uint8Array, policy?: SessionPolicy): void {
    const { connections, contexts, metrics } = this.#context;
    if (connection !== undefined && contexts.send(pair, connection, payload, policy)) return;
    const way = connections.wayTo(pair.tenant, pair.controller, pair.agent);
    if (way !== undefined && way !== connection && contexts.send(pair, way, payload, policy)) return;
    metrics.count('record', 'answer-without-way');
  }

  #disconnect(connection: Connection, device: DeviceRecord, why: keyof typeof DISCONNECTS): void {
    this.#drop(why);
    this.#send(connection, device, { kind: 'disconnect', ...DISCONNECTS[why] });
    this.#context.contexts.forget(pairOf(connection, device));
    this.#context.connections.disconnected(connection, device.identity.endpointId);
  }

  #send(connection: Connection, device: DeviceRecord, record: RecordType): void {
    const { connections, metrics } = this.#context;
    const sent = connections.send(connection, device.identity.endpointId, record);
    metrics.count('record', sent ? 'sent' : 'answer-without-way');
  }

  #drop(reason: DropReason): void {
    this.#context.metrics.count('record_dropped', reason);
  }
}

const pairOf = ({ tenant, controller }: Connection, { identity }: DeviceRecord): Pair => ({
  tenant,
  controller,
  agent: identity.endpointId,
});

/** What makes a repeat of a request (R-MSG.4). */
const requestName = ({ from_id, to_id, msg_id }: RequestOrigin): string => `${from_id} ${to_id} ${msg_id}`;

const isRequest = ({ kind }: UspBody): boolean => kind !== 'error' && !kind.endsWith('_resp');
