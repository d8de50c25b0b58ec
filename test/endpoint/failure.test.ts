// When the gateway itself fails, the store away for one, the request is answered all the same (R-MSG.0).
import t from 'tap';
import type { Agent } from '../../proxy/agent/agent.ts';
import { Connections } from '../../proxy/endpoint/connections.ts';
import { Limits } from '../../proxy/endpoint/limits.ts';
import { Endpoint } from '../../proxy/endpoint/endpoint.ts';
import type { Outbox } from '../../proxy/endpoint/outbox.ts';
import type { SessionContexts } from '../../proxy/endpoint/session-context/contexts.ts';
import { CausewayError } from '../../proxy/errors.ts';
import { systemClock } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import type { Store } from '../../proxy/store/store.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { GET_LOCAL, recordOf } from '../gateway/north-tools.ts';
import { CONTROLLER, identityOf, KEY } from '../store/contract/samples.ts';
import { AGENT, ALL, fakeConnection } from './fake-connection.ts';

t.test('a request that fails inside: Error 7003, counted once', async (t) => {
  const counted: string[] = [];
  const connections = new Connections('n1');
  const record = { key: KEY, identity: identityOf(KEY) };
  const devices = { findDevice: async () => KEY, readDevice: async () => record };
  const endpoint = new Endpoint({
    store: { devices } as unknown as Store,
    agent: {
      handle: () => Promise.reject(new CausewayError('CAUSEWAY_STORE_AWAY', 'redis://secret@host does not answer')),
      isLeft: () => false,
    } as unknown as Agent,
    connections,
    contexts: {} as unknown as SessionContexts,
    outbox: {} as unknown as Outbox,
    limits: new Limits({ records: 100, requests: 100, connections: 100, requestLifetimeMs: 1000 }),
    clock: systemClock,
    trusted: [],
    log: createLog('silent'),
    metrics: {
      count: (name, label) => void counted.push(`${name} ${label}`),
      gauge: () => undefined,
      text: async () => '',
    },
  });
  const connection = fakeConnection(ALL);
  connections.add(connection);
  await endpoint.receive(connection, recordOf(AGENT, { msg_id: 'm', body: GET_LOCAL }, CONTROLLER));
  const type = connection.sent.at(-1)?.record_type;
  const answer = type?.kind === 'no_session_context' ? decodeMsg(type.payload) : undefined;
  t.match(answer, { ok: true, msg: { msg_id: 'm', body: { kind: 'error', err_code: 7003 } } });
  t.notMatch(JSON.stringify(answer), /secret/);
  t.same(
    counted.filter((name) => name.startsWith('failure')),
    ['failure receive'],
  );
});
