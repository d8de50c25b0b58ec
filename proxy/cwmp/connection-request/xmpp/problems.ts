// Why the gateway has no connection to the XMPP server, or lost it: a name for programs, a sentence for people. Pure.

export type XmppProblemName =
  | 'connecting'
  | 'unreachable'
  | 'tls-failed'
  | 'tls-missing'
  | 'login-refused'
  | 'no-mechanism'
  | 'stream-error'
  | 'silent'
  | 'stanza-too-large'
  | 'not-xmpp'
  | 'closed'
  | 'stopped';

export interface XmppProblem {
  readonly name: XmppProblemName;
  /** A name from Node, OpenSSL or RFC 6120. */
  readonly code?: string;
}

/** Thrown where the library asks for something that must not go on. */
export class XmppRefusal extends Error {
  readonly problem: XmppProblem;

  constructor(name: XmppProblemName) {
    super(name);
    this.problem = { name };
  }
}

const EXPLANATIONS: Readonly<Record<XmppProblemName, string>> = {
  connecting: 'the connection is being opened',
  unreachable: 'the server cannot be reached; see xmpp.server',
  'tls-failed':
    'TLS failed; the certificate must be valid for the domain of xmpp.jid (with xmpp.tls direct: for xmpp.server)',
  'tls-missing': 'the server offers no TLS, and xmpp.tls requires it',
  'login-refused': 'the server refuses xmpp.jid and xmpp.password',
  'no-mechanism': 'the server offers neither SCRAM-SHA-1 nor, within TLS, PLAIN',
  'stream-error': 'the server ended the stream',
  silent: 'the server does not answer',
  'stanza-too-large': 'a stanza was larger than 64 KiB',
  'not-xmpp': 'what the server sent is no XMPP',
  closed: 'the server closed the connection',
  stopped: 'the gateway is stopping',
};

export const explainProblem = ({ name, code }: XmppProblem): string =>
  EXPLANATIONS[name] + (code === undefined ? '' : ` (${code})`);

const WORD = /^[\w.-]{1,60}$/;
const TLS_CODE = /CERT|TLS|SSL|SIGNATURE|EPROTO/;

function textOf(error: object, field: string): string {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' && WORD.test(value) ? value : '';
}

/** What an error of the library or of a socket means; nothing of its message is kept, for that may quote anybody. */
export function problemOf(error: unknown): XmppProblem {
  if (error instanceof XmppRefusal) return error.problem;
  if (typeof error !== 'object' || error === null) return { name: 'closed' };
  const [name, condition, code] = ['name', 'condition', 'code'].map((field) => textOf(error, field));
  const withCode = (problem: XmppProblemName, detail = ''): XmppProblem =>
    detail === '' ? { name: problem } : { name: problem, code: detail };
  if (name === 'SASLError') return condition === '' ? { name: 'no-mechanism' } : withCode('login-refused', condition);
  if (name === 'StreamError') return withCode('stream-error', condition);
  if (name === 'XMLError') return { name: 'not-xmpp' };
  if (name === 'TimeoutError') return { name: 'silent' };
  if (code === '') return { name: 'closed' };
  return withCode(TLS_CODE.test(code ?? '') ? 'tls-failed' : 'unreachable', code);
}
