// The library's client as we want it: logs in only as we allow, is cut off when its server sends without end, and comes
// back by itself after pauses that grow.
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
  /** Cuts the connection; a `disconnect` follows, and after it a new try. */
  readonly giveUp: (problem: XmppProblem) => void;
  /** Why the connection was cut, once: what then happens to its socket says less. */
  readonly takeVerdict: () => XmppProblem | undefined;
  /** The connection holds: the next pause is a short one again. */
  readonly settle: () => void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
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

/** It is not started yet. */
export function createGuardedClient(settings: XmppSettings, random: (size: number) => Uint8Array): GuardedClient {
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
  entity.reconnect.on('reconnecting', () => {
    const { reconnect } = entity;
    const [byte = 0] = random(1);
    // A quarter more or less: the nodes of a server that was away do not come back together.
    reconnect.delay = Math.min(reconnect.delay * 2, LONGEST_PAUSE_MS) * (0.75 + byte / 510);
  });
  return {
    entity,
    limit: guardReading(entity, giveUp),
    giveUp,
    takeVerdict() {
      const taken = verdict;
      verdict = undefined;
      return taken;
    },
    settle() {
      entity.reconnect.delay = FIRST_PAUSE_MS;
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
