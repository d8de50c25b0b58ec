// One try to open a WebSocket to a Controller: name, TCP, TLS, upgrade, within one deadline. Nothing is followed elsewhere,
// and no proxy is asked. Exactly one of `opened` and `failed` is called, later than `beginHandshake` returns; none after
// `abandon`.
import type { SecureContext } from 'node:tls';
import WebSocket from 'ws';
import type { DialTarget } from '../../agent/local-agent/dial-targets.ts';
import type { Clock } from '../../operate/clock.ts';
import { SUBPROTOCOL } from '../admission.ts';
import { type DialFailure, failureOf } from './failures.ts';
import type { HostPolicy } from '../../access/hosts.ts';
import { allowedLookup, type Resolve } from '../../access/names.ts';
import { dialUrl, hostOf, portOf } from './url.ts';

/** How long a peer may take to answer our Close. */
const CLOSE_TIMEOUT_MS = 3000;

export interface HandshakeContext {
  readonly clock: Clock;
  readonly policy: HostPolicy;
  readonly resolve: Resolve;
  /** What is trusted, and what the Agent shows of itself; one for all dials. */
  readonly secureContext: () => SecureContext;
  readonly deadlineMs: number;
  /** Largest Record, in bytes. */
  readonly recordBytes: number;
}

export interface HandshakeEnd {
  readonly opened: (webSocket: WebSocket) => void;
  readonly failed: (reason: DialFailure, error?: Error) => void;
}

export interface Handshake {
  abandon(): void;
}

export function beginHandshake(context: HandshakeContext, target: DialTarget, end: HandshakeEnd): Handshake {
  const url = dialUrl(target);
  const refusal = url === undefined ? 'bad-target' : context.policy.judge(hostOf(url), portOf(url));
  if (url !== undefined && refusal === undefined) return connect(context, url, end);
  let over = false;
  queueMicrotask(() => {
    if (!over) end.failed(refusal ?? 'bad-target');
  });
  return { abandon: () => void (over = true) };
}

function connect(context: HandshakeContext, url: URL, { opened, failed }: HandshakeEnd): Handshake {
  const webSocket = new WebSocket(url, SUBPROTOCOL, optionsFor(context, url));
  let over = false;
  /** True for the first end. */
  const settle = (): boolean => {
    if (over) return false;
    over = true;
    deadline.cancel();
    return true;
  };
  const fail = (reason: DialFailure, error?: Error): void => {
    if (!settle()) return;
    failed(reason, error);
    // What it says of its own end is of no interest any more.
    webSocket.terminate();
  };
  const deadline = context.clock.after(context.deadlineMs, () => fail('handshake-timeout'));
  // It stays where the WebSocket is given up, which may still fail.
  const onError = (error: Error): void => fail(failureOf(error), error);
  webSocket.on('error', onError);
  webSocket.once('unexpected-response', (_request, response) => fail(`http-${response.statusCode ?? 0}`));
  webSocket.once('open', () => {
    if (!settle()) return;
    opened(webSocket);
    // Nothing of the handshake is kept with what may be open for weeks.
    webSocket.off('error', onError).removeAllListeners('unexpected-response');
  });
  return {
    abandon() {
      if (settle()) webSocket.terminate();
    },
  };
}

function optionsFor(
  { policy, resolve, secureContext, recordBytes }: HandshakeContext,
  url: URL,
): WebSocket.ClientOptions {
  // Not a literal of the call: the types of `ws` do not know all that it hands on to `tls.connect`.
  const options = {
    maxPayload: recordBytes,
    perMessageDeflate: false,
    // A text message is refused as such (R-WS.16), whatever its bytes.
    skipUTF8Validation: true,
    followRedirects: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    lookup: allowedLookup(resolve, policy, portOf(url)),
    secureContext: secureContext(),
    // Said in words: the environment (NODE_TLS_REJECT_UNAUTHORIZED) must not decide it.
    rejectUnauthorized: true,
  };
  return options;
}
