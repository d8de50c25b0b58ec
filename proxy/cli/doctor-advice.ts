// What an operator can do about a device that cannot be reached: the setting or the thing to look at, by how the
// examination ended. Pure.
import { fieldOf, textOf } from './api.ts';

const CREDENTIALS =
  'set connectionRequest.username and connectionRequest.password to what the CPE wants (its ' +
  'ManagementServer.ConnectionRequestUsername and ConnectionRequestPassword), and start the gateway again';
const COMES_BY_ITSELF =
  'until it can be called, it is served only when it comes by itself: its PeriodicInformInterval says how often';
const MORE_TIME = 'if the CPE is slow rather than gone, connectionRequest.timeout gives it longer';

const SILENT =
  'see whether the CPE can reach cwmp.listen (its ManagementServer.URL) and whether /metrics counts a cwmp_refused; ' +
  'connectionRequest.arrival gives it longer';

/** By the name of the outcome; those that are missing here explain themselves. */
const ADVICE: Readonly<Record<string, string>> = {
  'no-credentials': CREDENTIALS,
  'wrong-credentials': CREDENTIALS,
  'address-not-allowed':
    'a CPE is called only at the address that its Inform came from; if it really is elsewhere, list that network ' +
    'in connectionRequest.networks',
  'connect-timeout': COMES_BY_ITSELF,
  'host-unreachable': COMES_BY_ITSELF,
  refused: COMES_BY_ITSELF,
  'reply-timeout': MORE_TIME,
  'out-of-time': MORE_TIME,
  busy: 'try again when its session is over',
  'accepted-no-inform': SILENT,
  'udp-sent-no-inform':
    'see whether the STUNServerAddress and STUNServerPort of the CPE are those of stun.listen as seen from outside, and ' +
    'whether connectionRequest.username and connectionRequest.password are its own: what is signed with others it drops',
  'jid-not-allowed': 'if that domain is yours, list it in xmpp.domains',
  'not-connected':
    'see whether xmpp.server is up, and xmpp.jid, xmpp.password and xmpp.tls; the log says when it comes back',
  'not-authorized': CREDENTIALS,
  'cpe-offline':
    'see whether its XMPP.Connection. is up (Status) and whether ManagementServer.ConnReqAllowedJabberIDs is empty or ' +
    'holds xmpp.jid; ' +
    COMES_BY_ITSELF,
  'xmpp-timeout': MORE_TIME,
  'xmpp-accepted-no-inform': SILENT,
  quiet: 'wait until then; a request sent now is kept until its deadline (request.deadline)',
};

/** For a diagnosis's steps as the API gives them: the failed one is the last. Undefined when there is nothing to advise. */
export function adviceFor(steps: readonly unknown[]): string | undefined {
  const failed = steps.findLast((step) => fieldOf(step, 'ok') === false);
  const outcome = textOf(failed, 'outcome');
  return Object.hasOwn(ADVICE, outcome) ? ADVICE[outcome] : undefined;
}
