// The library's client as we want it: for one connection, logs in only as we allow, and is cut off when its server sends
// without end.
import { Socket as NetSocket } from 'node:net';
import { client, xml, type Client, type ClientOptions } from '@xmpp/client';
import { createInboundLimit, type InboundLimit } from './inbound-limit.ts';
import { problemOf, XmppRefusal, type XmppProblem } from './problems.ts';
import type { Jid } from './jid.ts';

export interface XmppSettings {
  readonly server: { readonly host: string; readonly port: number };
  /** Ours, without a resource. */
  readonly jid: Jid;
  readonly password: string;
  /** One of its own for each node: the server lets the later of two with the same one displace the other. */
  readonly resource: string;
  /** TLS from the first byte, instead of STARTTLS. */
  readonly directTls: boolean;
  /** We do not log in without TLS, whatever the server offers. */
  readonly mustEncrypt: boolean;
}

export interface GuardedClient {
  readonly entity: Client;
  readonly limit: InboundLimit;
  /** Cuts the connection; a `disconnect` follows. */
  readonly giveUp: (problem: XmppProblem) => void;
  /** Why the connection was cut, once: what then happens to its socket says less. */
  readonly takeVerdict: () => XmppProblem | undefined;
}

/** For each step that the library waits for. Its own 2 s are short for a server to which a whole node pool comes back. */
const STEP_MS = 10_000;

/** RFC 6120 §13.8.1: SCRAM, and PLAIN within TLS only. */
const logIn =
  ({ jid, password, mustEncrypt }: XmppSettings): ClientOptions['credentials'] =>
  async (authenticate, mechanisms, _fast, entity) => {
    if (mustEncrypt && !entity.isSecure()) throw new XmppRefusal('tls-missing');
    const allowed = entity.isSecure() ? ['SCRAM-SHA-1', 'PLAIN'] : ['SCRAM-SHA-1'];
    const mechanism = allowed.find((name) => mechanisms.includes(name));
    if (mechanism === undefined) throw new XmppRefusal('no-mechanism');
    const userAgent = xml('user-agent', { id: crypto.randomUUID() });
    await authenticate({ username: jid.local, password }, mechanism, userAgent);
  };

/**
 * It is not started yet, and of no use once it has lost its connection: a login that was broken off stays in the library, and
 * would answer the server's next challenge beside the login that is meant (`not-authorized`).
 */
export function createGuardedClient(settings: XmppSettings): GuardedClient {
  const { server, jid, resource, directTls } = settings;
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  const service = `${directTls ? 'xmpps' : 'xmpp'}://${host}:${server.port}`;
  const entity = client({ service, domain: jid.domain, resource, credentials: logIn(settings), timeout: STEP_MS });
  let verdict: XmppProblem | undefined;
  const giveUp = (problem: XmppProblem): void => {
    verdict ??= problem;
    socketOf(entity)?.destroy(new Error(problem.name));
  };
  // The library lets go of a socket before it is closed; an error that comes then has nobody else to hear it.
  for (const event of ['connect', 'open']) entity.on(event, () => void entity.socket?.on('error', () => undefined));
  entity.on('error', (error: unknown) => giveUp(problemOf(error)));
  entity.reconnect.stop();
  return {
    entity,
    limit: guardReading(entity, giveUp),
    giveUp,
    takeVerdict() {
      const taken = verdict;
      verdict = undefined;
      return taken;
    },
  };
}

/** Before the parser, which keeps all that belongs to a stanza; and a listener that throws must not end the process. */
function guardReading(entity: Client, giveUp: (problem: XmppProblem) => void): InboundLimit {
  const limit = createInboundLimit();
  const read = entity._onData.bind(entity);
  entity._onData = (data) => {
    try {
      if (limit.bytes(data.length)) read(data);
      else giveUp({ name: 'stanza-too-large' });
    } catch {
      giveUp({ name: 'not-xmpp' });
    }
  };
  entity.on('element', () => limit.restart());
  entity.on('connecting', () => limit.restart());
  return limit;
}

/** What lies beneath the library's shells. */
export function socketOf({ socket }: Client): NetSocket | undefined {
  if (socket instanceof NetSocket) return socket;
  return socket?.socket ?? undefined;
}
