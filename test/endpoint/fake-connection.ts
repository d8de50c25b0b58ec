// A connection that remembers what was sent on it.
import type { CloseReason, Connection } from '../../proxy/endpoint/connection.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { decodeRecord, type UspRecord } from '../../proxy/usp/record.ts';
import { CONTROLLER, KEY } from '../store/contract/samples.ts';

export const AGENT = `ops::${KEY.device}`;
export const ALL: Connection['scope'] = { kind: 'all' };
export const OWN: Connection['scope'] = { kind: 'agent', key: KEY, endpointId: AGENT };

export interface FakeConnection extends Connection {
  readonly sent: readonly UspRecord[];
  readonly closedFor: readonly CloseReason[];
  /** While true, what is sent piles up. */
  congested: boolean;
  /** The peer reads on. */
  drain(): void;
}

let sequence = 0;

export function fakeConnection(scope: Connection['scope'], controller = CONTROLLER): FakeConnection {
  const sent: UspRecord[] = [];
  const closedFor: CloseReason[] = [];
  let waiting: (() => void)[] = [];
  sequence += 1;
  return {
    id: `connection-${sequence}`,
    tenant: 'default',
    controller,
    standing: 'full',
    roles: [],
    scope,
    sent,
    closedFor,
    congested: false,
    send(bytes) {
      if (closedFor.length > 0) return false;
      const decoded = decodeRecord(bytes);
      if (!decoded.ok) throw new Error(decoded.detail);
      sent.push(decoded.record);
      return true;
    },
    drained() {
      return this.congested ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
    },
    drain() {
      this.congested = false;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    close: (reason) => closedFor.push(reason),
  };
}

/** Kind of each Record, with the Agent it is from. */
export const kindsOf = ({ sent }: FakeConnection): readonly string[] =>
  sent.map(({ from_id, record_type }) => `${record_type.kind} ${from_id}`);

/** msg_ids of the Msgs, in order. */
export const msgIdsOf = ({ sent }: FakeConnection): readonly string[] =>
  sent.flatMap(({ record_type }) => {
    const decoded = record_type.kind === 'no_session_context' ? decodeMsg(record_type.payload) : undefined;
    return decoded?.ok === true ? [decoded.msg.msg_id] : [];
  });
