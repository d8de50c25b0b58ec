// How a CPE can be woken over XMPP (TR-069 Annex K): it keeps a connection to an XMPP server, tells the ACS its full Jabber
// ID, and takes Connection Requests as IQ stanzas there.
import { client, xml, type Client, type Element } from '@xmpp/client';
import type { Credentials } from './digest.ts';

export interface XmppOptions {
  readonly server: { readonly address: string; readonly port: number };
  /** Its account, `user@domain`. */
  readonly account: string;
  readonly password: string;
  /** `cpe` unless told. */
  readonly resource?: string;
  /** Whether a request is left unanswered; none is, unless told. */
  readonly ignores?: () => boolean;
}

export interface XmppClientOptions {
  readonly settings: XmppOptions;
  /** Those of Connection Requests. */
  readonly credentials: () => Credentials;
  /** ManagementServer.ConnReqAllowedJabberIDs. */
  readonly allowed: () => string;
  /** The full Jabber ID, each time that it is connected. */
  readonly onJid: (jid: string) => void;
  readonly onRequest: () => void;
  /** A request that is not taken, and why. */
  readonly onRefused: (why: string) => void;
}

export interface XmppClient {
  /** Resolves when it is connected, or the first try has failed. */
  open(): Promise<void>;
  close(): Promise<void>;
}

const REQUEST = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0';
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

const errorOf = (condition: string): Element => xml('error', { type: 'cancel' }, xml(condition, { xmlns: STANZAS }));

export function createXmppClient(options: XmppClientOptions): XmppClient {
  const { settings } = options;
  let connection: Client | undefined;

  /** Annex K.2.3.2: a sender that is not allowed learns no more than that nobody is there. */
  const answer = (from: string, request: Element): Element | true => {
    const { username, password } = options.credentials();
    if (!isAllowed(from, options.allowed())) {
      options.onRefused('sender not allowed');
      return errorOf('service-unavailable');
    }
    if (request.getChildText('username') !== username || request.getChildText('password') !== password) {
      options.onRefused('wrong credentials');
      return errorOf('not-authorized');
    }
    options.onRequest();
    return true;
  };

  return {
    open: async () => {
      const [username = '', domain = ''] = settings.account.split('@');
      const { address, port } = settings.server;
      const opened = client({
        service: `xmpp://${address}:${port}`,
        domain,
        resource: settings.resource ?? 'cpe',
        credentials: async (authenticate, mechanisms) => {
          await authenticate({ username, password: settings.password }, mechanisms[0] ?? '', xml('user-agent', {}));
        },
      });
      connection = opened;
      // What goes wrong shows by the JID that never comes.
      opened.on('error', () => undefined);
      opened.on('online', (jid: unknown) => options.onJid(String(jid)));
      opened.iqCallee.get(REQUEST, 'connectionRequest', async ({ stanza, element }) =>
        settings.ignores?.() === true
          ? new Promise<true>(() => undefined)
          : answer(stanza.attrs['from'] ?? '', element),
      );
      const over = new Promise<void>((resolve) => {
        for (const event of ['online', 'error', 'disconnect']) opened.once(event, () => resolve());
      });
      await opened.reconnect.reconnect().catch(() => undefined);
      await over;
    },
    close: async () => {
      const closing = connection;
      connection = undefined;
      closing?.reconnect.stop();
      await closing?.stop().catch(() => undefined);
    },
  };
}

/** An entry without a resource stands for every resource; none at all lets everybody in. */
function isAllowed(from: string, list: string): boolean {
  const entries = list.split(',').flatMap((entry) => entry.trim() || []);
  return entries.length === 0 || entries.includes(from) || entries.includes(from.replace(/\/.*$/s, ''));
}
