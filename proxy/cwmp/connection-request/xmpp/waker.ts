// Asks one CPE over XMPP to open a session (TR-069 Annex K): an IQ to the full Jabber ID that it reports, with the
// Connection Request credentials in it. Only Jabber IDs of the domains that were allowed are asked: else a CPE could
// have those credentials sent anywhere.
import { xml, type Element } from '@xmpp/client';
import type { Clock } from '../../../operate/clock.ts';
import type { ConnectionRequestCredentials } from '../challenge-answer.ts';
import { describeEnding, type ConnectionRequestEnding } from '../outcomes.ts';
import { createTrace, type TraceRecorder } from '../trace.ts';
import type { WakeResult } from '../wake.ts';
import type { Answer } from './answers.ts';
import type { XmppConnection } from './connection.ts';
import { formatJid, parseFullJid } from './jid.ts';
import { explainProblem, type XmppProblem } from './problems.ts';

export interface XmppWakerEffects {
  readonly clock: Clock;
  readonly connection: Pick<XmppConnection, 'state' | 'ask'>;
}

export interface XmppWakeRequest {
  /** ManagementServer.ConnReqJabberID as the CPE reported it. */
  readonly jid: string;
  /** What the CPE may take, tried in this order; none: both are sent empty, which a CPE without credentials takes. */
  readonly candidates: readonly ConnectionRequestCredentials[];
  readonly budgetMs: number;
}

export type XmppWaker = (request: XmppWakeRequest) => Promise<WakeResult>;

const NAMESPACE = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0';

/** Annex K.2.3: nobody is there, the JID is unknown, or the CPE does not allow ours and does not say so. */
const OFFLINE: ReadonlySet<string> = new Set([
  'service-unavailable',
  'recipient-unavailable',
  'item-not-found',
  'gone',
]);
const REFUSED: ReadonlySet<string> = new Set(['not-authorized', 'forbidden']);

/** `domains`: those whose Jabber IDs may be asked, in lower case. */
export function createXmppWaker({ clock, connection }: XmppWakerEffects, domains: ReadonlySet<string>): XmppWaker {
  return async (request) => {
    const { steps, record } = createTrace(() => clock.now());
    const outcome = describeEnding(await attempt(request, record));
    record('outcome', `${outcome.kind}: ${outcome.explanation}`);
    return { outcome, trace: steps };
  };

  async function attempt(request: XmppWakeRequest, record: TraceRecorder): Promise<ConnectionRequestEnding> {
    const parsed = parseFullJid(request.jid);
    if (!parsed.ok) return { kind: 'bad-jid', problem: parsed.problem };
    const to = formatJid(parsed.jid);
    record('jid', to);
    if (!domains.has(parsed.jid.domain)) return { kind: 'jid-not-allowed', domain: parsed.jid.domain };
    const { state } = connection;
    record('server', state.connected ? `connected as ${state.jid}` : explainProblem(state.problem));
    if (!state.connected) return { kind: 'not-connected', problem: state.problem };
    const deadline = clock.now() + request.budgetMs;
    const [first, ...others] = request.candidates;
    let ending = await ask(to, first, request.budgetMs, record);
    for (const credentials of others) {
      const leftMs = deadline - clock.now();
      if (ending.kind !== 'not-authorized' || leftMs <= 0) break;
      ending = await ask(to, credentials, leftMs, record);
    }
    return ending;
  }

  async function ask(
    to: string,
    credentials: ConnectionRequestCredentials | undefined,
    budgetMs: number,
    record: TraceRecorder,
  ): Promise<ConnectionRequestEnding> {
    record('credentials', credentials === undefined ? 'none: both sent empty' : `of ${credentials.from}`);
    record('request', 'sent');
    const answer = await connection.ask(to, connectionRequest(credentials), budgetMs);
    record('reply', answer === undefined ? 'too many requests are under way' : textOf(answer));
    return answer === undefined ? { kind: 'local-failure', code: 'too many' } : endingOf(answer, budgetMs);
  }
}

const connectionRequest = (credentials: ConnectionRequestCredentials | undefined): Element =>
  xml(
    'connectionRequest',
    { xmlns: NAMESPACE },
    xml('username', {}, credentials?.username ?? ''),
    xml('password', {}, credentials?.password ?? ''),
  );

function textOf(answer: Answer<XmppProblem>): string {
  if (answer.kind === 'error') return `error ${answer.condition}`;
  if (answer.kind === 'lost') return `none: ${explainProblem(answer.problem)}`;
  return answer.kind === 'late' ? 'none' : 'result';
}

function endingOf(answer: Answer<XmppProblem>, withinMs: number): ConnectionRequestEnding {
  switch (answer.kind) {
    case 'result':
      return { kind: 'xmpp-accepted' };
    case 'late':
      return { kind: 'xmpp-timeout', withinMs };
    case 'lost':
      return { kind: 'not-connected', problem: answer.problem };
    case 'error':
      if (REFUSED.has(answer.condition)) return { kind: 'not-authorized' };
      if (OFFLINE.has(answer.condition)) return { kind: 'cpe-offline', condition: answer.condition };
      return { kind: 'xmpp-error', condition: answer.condition };
  }
}
