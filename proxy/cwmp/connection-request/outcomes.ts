// How a Connection Request over HTTP, UDP or XMPP can end: each way has a name for programs, a sentence for people, and says whether
// trying again soon can help (promise 2). A 200 is not yet success: that is the Inform with event 6 (quirk 9).
import { addressRefusals, type AddressRefusal } from './address-policy.ts';
import { urlProblems, type UrlProblem } from './connection-request-url.ts';
import { type UnanswerableDigest } from '../authentication/digest.ts';
import { type ForeignProtocol } from './http-reply.ts';
import { udpAddressProblems, type UdpAddressProblem } from './udp-address.ts';
import { jidProblems, type JidProblem } from './xmpp/jid.ts';
import { explainProblem, type XmppProblem } from './xmpp/problems.ts';

export type UnansweredChallenge = 'no-challenge' | 'unknown-scheme' | 'basic-refused' | UnanswerableDigest;

/** The CPE has said that it comes, or what makes it come is on its way: the Inform is to be waited for. */
export const awaitsInform = ({ kind }: ConnectionRequestEnding): boolean =>
  kind === 'accepted' || kind === 'udp-sent' || kind === 'xmpp-accepted';

/** What happened. `code` is a name from Node or OpenSSL, `withinMs` the time that was given; nothing quotes the CPE. */
export type ConnectionRequestEnding =
  | { readonly kind: 'accepted'; readonly status: 200 | 204; readonly authenticated: boolean }
  | { readonly kind: 'no-url' }
  | { readonly kind: 'bad-url'; readonly problem: UrlProblem }
  | { readonly kind: 'address-not-allowed'; readonly address: string; readonly reason: AddressRefusal }
  | { readonly kind: 'dns-failed'; readonly code: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'host-unreachable'; readonly code: string }
  | { readonly kind: 'network-unreachable'; readonly code: string }
  | { readonly kind: 'connect-timeout'; readonly withinMs: number }
  | { readonly kind: 'tls-failed'; readonly code: string }
  | { readonly kind: 'reply-timeout'; readonly withinMs: number }
  | { readonly kind: 'closed-early'; readonly bytes: number }
  | { readonly kind: 'not-http'; readonly looksLike: ForeignProtocol | 'endless-head' }
  | { readonly kind: 'no-credentials' }
  | { readonly kind: 'wrong-credentials'; readonly tried: number }
  | { readonly kind: 'challenge-not-understood'; readonly reason: UnansweredChallenge }
  | { readonly kind: 'busy' }
  | { readonly kind: 'other-status'; readonly status: number }
  | { readonly kind: 'out-of-time'; readonly budgetMs: number }
  | { readonly kind: 'local-failure'; readonly code: string }
  | { readonly kind: 'bad-udp-address'; readonly problem: UdpAddressProblem }
  | { readonly kind: 'udp-sent'; readonly times: number }
  | { readonly kind: 'bad-jid'; readonly problem: JidProblem }
  | { readonly kind: 'jid-not-allowed'; readonly domain: string }
  | { readonly kind: 'not-connected'; readonly problem: XmppProblem }
  | { readonly kind: 'xmpp-accepted' }
  | { readonly kind: 'xmpp-timeout'; readonly withinMs: number }
  | { readonly kind: 'not-authorized' }
  | { readonly kind: 'cpe-offline'; readonly condition: string }
  | { readonly kind: 'xmpp-error'; readonly condition: string };

type XmppEnding = Extract<ConnectionRequestEnding, { readonly kind: XmppEndingKind }>;
type XmppEndingKind =
  | 'bad-jid'
  | 'jid-not-allowed'
  | 'not-connected'
  | 'xmpp-accepted'
  | 'xmpp-timeout'
  | 'not-authorized'
  | 'cpe-offline'
  | 'xmpp-error';

export type ConnectionRequestOutcome = ConnectionRequestEnding & {
  /** Trying again soon, with nothing changed, can help. */
  readonly retryable: boolean;
  /** For an operator: what it means and, where there is one, what to do. */
  readonly explanation: string;
};

export function describeEnding(ending: ConnectionRequestEnding): ConnectionRequestOutcome {
  return { ...ending, retryable: isRetryable(ending), explanation: explain(ending) };
}

function isRetryable(ending: ConnectionRequestEnding): boolean {
  switch (ending.kind) {
    case 'refused':
    case 'host-unreachable':
    case 'connect-timeout':
    case 'reply-timeout':
    case 'closed-early':
    case 'busy':
    case 'out-of-time':
    case 'local-failure':
    case 'udp-sent':
    case 'not-connected':
    case 'xmpp-timeout':
    case 'cpe-offline':
    case 'xmpp-error':
      return true;
    case 'dns-failed':
    case 'tls-failed':
      return ['EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET'].includes(ending.code);
    case 'other-status':
      return ending.status >= 500;
    case 'accepted':
    case 'no-url':
    case 'bad-url':
    case 'address-not-allowed':
    case 'network-unreachable':
    case 'not-http':
    case 'no-credentials':
    case 'wrong-credentials':
    case 'challenge-not-understood':
    case 'bad-udp-address':
    case 'bad-jid':
    case 'jid-not-allowed':
    case 'xmpp-accepted':
    case 'not-authorized':
      return false;
  }
}

const unansweredChallenges: Readonly<Record<UnansweredChallenge, string>> = {
  'no-challenge': 'it named no way to authenticate',
  'unknown-scheme': 'it asks for neither Digest nor Basic',
  'basic-refused': 'it asks for Basic only, which shows the password to the network, and the settings forbid that',
  'no-nonce': 'its Digest challenge has no nonce',
  'unknown-algorithm': 'its Digest challenge wants another algorithm than MD5 or SHA-256',
  'unknown-qop': 'its Digest challenge wants another quality of protection than "auth"',
};

const foreignProtocols: Readonly<Record<ForeignProtocol | 'endless-head', string>> = {
  tls: 'it looks like TLS: perhaps the URL should begin with https',
  ssh: 'it looks like SSH',
  markup: 'it looks like markup without an HTTP head',
  unknown: 'it looks like no protocol we know',
  'endless-head': 'its head did not end within 16 KB',
};

function explain(ending: ConnectionRequestEnding): string {
  switch (ending.kind) {
    case 'accepted':
      return `The CPE answered ${ending.status}${ending.authenticated ? '' : ' without asking who we are'}. It should now open a session with event "6 CONNECTION REQUEST".`;
    case 'no-url':
      return 'The CPE has not reported a ConnectionRequestURL; wait for its next Inform.';
    case 'bad-url':
      return `The CPE's ConnectionRequestURL cannot be used: ${urlProblems[ending.problem]}.`;
    case 'address-not-allowed':
      return `${ending.address} may not be contacted: ${addressRefusals[ending.reason]}.`;
    case 'dns-failed':
      return `The name in the ConnectionRequestURL could not be resolved (${ending.code}).`;
    case 'refused':
      return 'The CPE refused the connection: it is rebooting, listens on another port, or something before it refuses.';
    case 'host-unreachable':
      return `No way to the CPE's address (${ending.code}): it is off, or its last router cannot find it.`;
    case 'network-unreachable':
      return `This gateway has no way to the CPE's network (${ending.code}): check routes and firewall here.`;
    case 'connect-timeout':
      return `Nothing answered within ${ending.withinMs} ms: the CPE is off, behind NAT, or a firewall drops the packets.`;
    case 'tls-failed':
      return `The connection stood, but TLS failed (${ending.code}).`;
    case 'reply-timeout':
      return `The CPE took the connection but did not answer within ${ending.withinMs} ms.`;
    case 'closed-early':
      return `The CPE closed the connection before it answered (${ending.bytes} bytes came).`;
    case 'not-http':
      return `What listens at the ConnectionRequestURL does not speak HTTP: ${foreignProtocols[ending.looksLike]}.`;
    case 'no-credentials':
      return 'The CPE asks for credentials (401), and none are configured for it.';
    case 'wrong-credentials':
      return `The CPE refused every user name and password configured for it (401; tried: ${ending.tried}).`;
    case 'challenge-not-understood':
      return `The CPE asks for credentials (401) in a way we cannot answer: ${unansweredChallenges[ending.reason]}.`;
    case 'busy':
      return 'The CPE is busy (503): it is in a session, or had too many Connection Requests lately.';
    case 'other-status':
      return `The CPE answered ${ending.status}${hintOfStatus(ending.status)}.`;
    case 'out-of-time':
      return `The ${ending.budgetMs} ms given to this Connection Request ended before the CPE let us in.`;
    case 'local-failure':
      return `This gateway could not open a connection (${ending.code}); the CPE was not asked.`;
    case 'bad-udp-address':
      return `The CPE's UDPConnectionRequestAddress cannot be used: ${udpAddressProblems[ending.problem]}.`;
    case 'bad-jid':
    case 'jid-not-allowed':
    case 'not-connected':
    case 'xmpp-accepted':
    case 'xmpp-timeout':
    case 'not-authorized':
    case 'cpe-offline':
    case 'xmpp-error':
      return explainXmpp(ending);
    case 'udp-sent':
      return `The signed UDP Connection Request is sent (${ending.times} times, for UDP loses some). Nothing answers it: whether it arrived, the Inform shows.`;
  }
}

function hintOfStatus(status: number): string {
  if (status >= 300 && status < 400) return ', a redirect; Connection Requests never follow one';
  if (status === 404) return ': its ConnectionRequestURL may have changed since its last Inform';
  if (status === 403) return ': it may accept Connection Requests from the ACS address only';
  return '';
}

function explainXmpp(ending: XmppEnding): string {
  switch (ending.kind) {
    case 'bad-jid':
      return `The CPE's ConnReqJabberID cannot be used: ${jidProblems[ending.problem]}.`;
    case 'jid-not-allowed':
      return `The CPE's ConnReqJabberID is of ${ending.domain}, which is neither the domain of xmpp.jid nor in xmpp.domains.`;
    case 'not-connected':
      return `This gateway is not connected to its XMPP server: ${explainProblem(ending.problem)}; the CPE was not asked.`;
    case 'xmpp-accepted':
      return 'The CPE took the Connection Request over XMPP. It should now open a session with event "6 CONNECTION REQUEST".';
    case 'xmpp-timeout':
      return `The XMPP server took the request, and nothing answered within ${ending.withinMs} ms: the CPE's connection to it may be dead.`;
    case 'not-authorized':
      return 'The CPE refused the user name and password of the Connection Request over XMPP (not-authorized).';
    case 'cpe-offline':
      return `Nobody takes requests at the CPE's ConnReqJabberID (${ending.condition}): it is not connected to the XMPP server, or its ConnReqAllowedJabberIDs leaves out xmpp.jid.`;
    case 'xmpp-error':
      return `The request over XMPP was answered with the error ${ending.condition}.`;
  }
}
