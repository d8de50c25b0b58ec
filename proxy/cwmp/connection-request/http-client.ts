// One HTTP request of a Connection Request: one TCP connection, one GET, one reply head (TR-069 §3.2.2). Node's own
// client cannot read the replies of real CPEs (quirk 8), hence raw sockets. The address policy is asked about the
// address before connecting and about the peer after. Redirects are not followed: nothing here looks at a Location.
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AddressCheck } from './address-policy.ts';
import type { Clock } from '../../operate/clock.ts';
import { within } from './within.ts';
import { type ConnectionRequestTarget } from './connection-request-url.ts';
import { createReplyReader, type HttpReply, type ReplyProgress } from './http-reply.ts';
import { type ConnectionRequestEnding } from './outcomes.ts';
import { type TraceRecorder } from './trace.ts';

/** What the client does to the world. */
export interface HttpClientEffects {
  readonly clock: Clock;
  /** Begins a connection to a literal address. */
  readonly connect: (to: { readonly host: string; readonly port: number }) => Socket;
  /** All addresses of a name, preferred first; rejects with a `code`. */
  readonly resolve: (hostname: string) => Promise<readonly string[]>;
}

export const systemEffects: Pick<HttpClientEffects, 'connect' | 'resolve'> = {
  connect: (to) => connect(to),
  resolve: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
};

export interface HttpAttempt {
  readonly target: ConnectionRequestTarget;
  /** The Authorization header's value, a byte string; undefined: none is sent. */
  readonly authorization: string | undefined;
  readonly checkAddress: AddressCheck;
  /** For resolving, for connecting and for TLS, each. */
  readonly connectMs: number;
  /** From the request to the end of the reply's head. */
  readonly replyMs: number;
  /** By the clock: cuts each of these shorter where it is nearer. */
  readonly deadline: number;
  /** Whether an https CPE must show a certificate that holds for its name, and the CAs (PEM) if not Node's own. */
  readonly tls: { readonly verify: boolean; readonly ca?: string };
  readonly record: TraceRecorder;
}

export type Failure = { readonly ok: false; readonly ending: ConnectionRequestEnding };
export type AttemptResult = { readonly ok: true; readonly reply: HttpReply } | Failure;
type Opened = { readonly ok: true; readonly socket: Socket } | Failure;

/** How long the CPE may take to close after its reply; cutting it short could hit a CPE that is still writing. */
const LINGER_MS = 250;

export async function requestOnce(effects: HttpClientEffects, attempt: HttpAttempt): Promise<AttemptResult> {
  const address = await chooseAddress(effects, attempt);
  if (!address.ok) return address;
  const opened = await openTcp(effects, attempt, address.address);
  if (!opened.ok) return opened;
  const secured = attempt.target.secure ? await openTls(effects, attempt, opened.socket) : opened;
  if (!secured.ok) return secured;
  const result = await exchange(effects, attempt, secured.socket);
  await close(effects, secured.socket, result.ok);
  return result;
}

async function chooseAddress(
  effects: HttpClientEffects,
  attempt: HttpAttempt,
): Promise<{ readonly ok: true; readonly address: string } | Failure> {
  const { hostname, port } = attempt.target;
  const addresses = await addressesOf(effects, attempt);
  if (typeof addresses === 'string') return fail({ kind: 'dns-failed', code: addresses });
  let refused: ConnectionRequestEnding = { kind: 'dns-failed', code: 'ENOTFOUND' };
  for (const address of addresses) {
    const verdict = attempt.checkAddress(address, port);
    if (verdict.allowed) {
      if (isIP(hostname) === 0) attempt.record('resolve', `${hostname} is ${address}`);
      return { ok: true, address };
    }
    if (refused.kind === 'dns-failed') refused = { kind: 'address-not-allowed', address, reason: verdict.reason };
  }
  return fail(refused);
}

/** The addresses, or the code with which resolving failed. */
async function addressesOf(effects: HttpClientEffects, attempt: HttpAttempt): Promise<readonly string[] | string> {
  const { hostname } = attempt.target;
  if (isIP(hostname) !== 0) return [hostname];
  return within<readonly string[] | string>(
    effects.clock,
    timeFor(effects, attempt, attempt.connectMs),
    (settle) => {
      effects.resolve(hostname).then(settle, (error: unknown) => {
        settle(codeOf(error));
      });
    },
    () => 'ETIMEDOUT',
  );
}

async function openTcp(effects: HttpClientEffects, attempt: HttpAttempt, address: string): Promise<Opened> {
  const { port } = attempt.target;
  const withinMs = timeFor(effects, attempt, attempt.connectMs);
  const socket = effects.connect({ host: address, port });
  const ending = await within<ConnectionRequestEnding | undefined>(
    effects.clock,
    withinMs,
    (settle) => {
      // The listener stays: an error after we have lost interest must not end the process.
      socket.on('error', (error) => {
        settle(endingOfConnectError(codeOf(error), withinMs));
      });
      socket.once('connect', () => {
        settle(undefined);
      });
    },
    () => ({ kind: 'connect-timeout', withinMs }),
  );
  const refused = ending ?? endingOfPeer(socket, attempt);
  if (refused !== undefined) {
    socket.destroy();
    return fail(refused);
  }
  attempt.record('connect', `connected to ${socket.remoteAddress ?? address} port ${port}`);
  return { ok: true, socket };
}

/** The policy's word on the address that was really reached, whatever was asked for. */
function endingOfPeer(socket: Socket, attempt: HttpAttempt): ConnectionRequestEnding | undefined {
  const address = socket.remoteAddress;
  if (address === undefined) return { kind: 'closed-early', bytes: 0 };
  const verdict = attempt.checkAddress(address, socket.remotePort ?? attempt.target.port);
  return verdict.allowed ? undefined : { kind: 'address-not-allowed', address, reason: verdict.reason };
}

async function openTls(effects: HttpClientEffects, attempt: HttpAttempt, plain: Socket): Promise<Opened> {
  const { hostname } = attempt.target;
  const { verify, ca } = attempt.tls;
  const socket = connectTls({
    socket: plain,
    host: hostname,
    // RFC 6066 §3: a literal address is not sent as server name.
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: verify,
  });
  const code = await within<string | undefined>(
    effects.clock,
    timeFor(effects, attempt, attempt.connectMs),
    (settle) => {
      socket.on('error', (error) => {
        settle(codeOf(error));
      });
      socket.once('close', () => {
        settle('ECONNRESET');
      });
      socket.once('secureConnect', () => {
        settle(undefined);
      });
    },
    () => 'ETIMEDOUT',
  );
  if (code !== undefined) {
    socket.destroy();
    plain.destroy();
    return fail({ kind: 'tls-failed', code });
  }
  attempt.record('tls', `${socket.getProtocol() ?? 'TLS'}, certificate ${verify ? 'checked' : 'not checked'}`);
  return { ok: true, socket };
}

async function exchange(effects: HttpClientEffects, attempt: HttpAttempt, socket: Socket): Promise<AttemptResult> {
  const reader = createReplyReader();
  const withinMs = timeFor(effects, attempt, attempt.replyMs);
  let late = false;
  const progress = await within<ReplyProgress>(
    effects.clock,
    withinMs,
    (settle) => {
      socket.on('data', (bytes: Buffer) => {
        const now = reader.feed(bytes);
        if (now.kind !== 'incomplete') settle(now);
      });
      const ended = () => {
        settle(reader.end());
      };
      socket.once('end', ended).once('error', ended).once('close', ended);
      attempt.record('request', `GET with${attempt.authorization === undefined ? 'out' : ''} credentials`);
      socket.write(requestText(attempt), 'latin1');
    },
    () => {
      // ORANGE ends its head with EOF only (quirk 8); one that also keeps the connection has answered all the same.
      late = true;
      return reader.end();
    },
  );
  const result = resultOf(progress, late, withinMs);
  if (result.ok) attempt.record('reply', `status ${result.reply.status}`);
  return result;
}

/** In the form that every CPE program of quirk 8 takes: capitalised names, single spaces, this order. */
function requestText({ target, authorization }: HttpAttempt): string {
  const credentials = authorization === undefined ? '' : `Authorization: ${authorization}\r\n`;
  return `GET ${target.path} HTTP/1.1\r\nHost: ${target.host}\r\n${credentials}Connection: close\r\n\r\n`;
}

function resultOf(progress: ReplyProgress, late: boolean, withinMs: number): AttemptResult {
  switch (progress.kind) {
    case 'reply':
      return { ok: true, reply: progress.reply };
    case 'not-http':
      return fail({ kind: 'not-http', looksLike: progress.looksLike });
    case 'too-large':
      return fail({ kind: 'not-http', looksLike: 'endless-head' });
    case 'closed-early':
      return fail(late ? { kind: 'reply-timeout', withinMs } : { kind: 'closed-early', bytes: progress.bytes });
    case 'incomplete':
      return fail({ kind: 'reply-timeout', withinMs });
  }
}

/** Lets the CPE finish what it writes, then makes sure that nothing of the connection is left. */
async function close(effects: HttpClientEffects, socket: Socket, gently: boolean): Promise<void> {
  if (gently && !socket.destroyed) {
    socket.end();
    await within<undefined>(
      effects.clock,
      LINGER_MS,
      (settle) => {
        socket.once('close', () => {
          settle(undefined);
        });
      },
      () => undefined,
    );
  }
  socket.destroy();
}

function endingOfConnectError(code: string, withinMs: number): ConnectionRequestEnding {
  switch (code) {
    case 'ECONNREFUSED':
      return { kind: 'refused' };
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
      return { kind: 'host-unreachable', code };
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EACCES':
    case 'EPERM':
    case 'EADDRNOTAVAIL':
      return { kind: 'network-unreachable', code };
    case 'ETIMEDOUT':
      return { kind: 'connect-timeout', withinMs };
    case 'ECONNRESET':
      return { kind: 'closed-early', bytes: 0 };
    default:
      return { kind: 'local-failure', code };
  }
}

function timeFor(effects: HttpClientEffects, attempt: HttpAttempt, ms: number): number {
  return Math.max(1, Math.min(ms, Math.floor(attempt.deadline - effects.clock.now())));
}

function fail(ending: ConnectionRequestEnding): Failure {
  return { ok: false, ending };
}

/** Only the code is kept: an error's message may quote a certificate, which is the CPE's text. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
