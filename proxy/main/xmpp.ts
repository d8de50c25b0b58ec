// The connection to the XMPP server, as the settings have it.
import { hostname } from 'node:os';
import type { Config } from '../config/schema.ts';
import { openXmppConnection, type XmppConnection } from '../cwmp/connection-request/xmpp/connection.ts';
import { type Jid, parseJid } from '../cwmp/connection-request/xmpp/jid.ts';
import { CausewayError } from '../errors.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { isLoopback } from './loopback.ts';

interface Effects {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Throws CAUSEWAY_CONFIG_INVALID where there is a server and something is missing. */
export function checkXmpp(config: Config): void {
  if (config['xmpp.server'] === undefined) return;
  ownJid(config);
  if (config['xmpp.password'] !== '') return;
  throw new CausewayError('CAUSEWAY_CONFIG_INVALID', 'xmpp.server is set: set xmpp.password, too');
}

function ownJid(config: Config): Jid {
  const jid = parseJid(config['xmpp.jid']);
  if (jid !== undefined && jid.resource === '') return jid;
  throw new CausewayError(
    'CAUSEWAY_CONFIG_INVALID',
    'xmpp.server is set: xmpp.jid wants a Jabber ID without a resource, such as acs@xmpp.example',
  );
}

/** Domains whose Jabber IDs may be called, in lower case: the server's own, and those that are named. */
export const xmppDomains = (config: Config): ReadonlySet<string> =>
  new Set([ownJid(config).domain, ...config['xmpp.domains'].map((domain) => domain.toLowerCase())]);

/** Undefined where `xmpp.server` is not set. `incarnation`: names this node where `node.id` does not. */
export function connectXmpp(
  config: Config,
  { clock, randomness, log, metrics }: Effects,
  incarnation: string,
): XmppConnection | undefined {
  const server = config['xmpp.server'];
  if (server === undefined) return undefined;
  const tls = config['xmpp.tls'];
  const connection = openXmppConnection(
    {
      server,
      jid: ownJid(config),
      password: config['xmpp.password'],
      resource: `causeway-${config['node.id'] || `${hostname()}-${incarnation}`}`,
      directTls: tls === 'direct',
      mustEncrypt: tls !== 'optional' && !isLoopback(server.host),
    },
    {
      clock,
      random: randomness,
      count: (outcome) => metrics.count('xmpp', outcome),
      onEvent(event) {
        metrics.count('xmpp', event.kind === 'connected' ? event.kind : event.name);
        log[event.kind === 'connected' ? 'info' : 'warn'](event, 'the XMPP server');
      },
    },
  );
  metrics.gauge('xmpp_connected', () => (connection.state.connected ? 1 : 0));
  return connection;
}
