// The UDP socket on which CPEs ask for their binding and from which UDP Connection Requests leave. It is one socket for
// both, for most NATs let in only what comes from the address and port that the CPE itself has sent to (genieacs#217).
import { createSocket, type Socket } from 'node:dgram';
import type { Clock } from '../../../operate/clock.ts';
import { parseAddress } from '../../../access/network.ts';
import { formatEndpoint, type Endpoint } from './address.ts';
import { answerBinding, type StunCredentials } from './binding.ts';
import { createRateLimit, type RateLimitSettings } from './rate-limit.ts';

export interface StunSettings {
  readonly host: string;
  readonly port: number;
  readonly credentials: StunCredentials | undefined;
  /** Default: 50 a second, 500 at once, 50,000 sources. */
  readonly limit?: RateLimitSettings;
}

export interface StunEffects {
  readonly clock: Clock;
  /** What became of a datagram, in one word. */
  readonly count: (outcome: string) => void;
}

export interface StunSocket {
  readonly bound: Endpoint;
  /** When a CPE last said that it listens for UDP Connection Requests there; undefined: not in this run. */
  heardAt(binding: Endpoint): number | undefined;
  /** Resolves with the error's code when the system did not take the datagram. */
  send(datagram: Uint8Array, to: Endpoint): Promise<string | undefined>;
  close(): Promise<void>;
}

/** A NAT with thousands of CPEs behind it is one source. */
const LIMIT: RateLimitSettings = { perSecond: 50, burst: 500, sources: 50_000 };
const BINDINGS_REMEMBERED = 100_000;

/** An empty host listens on all addresses. Rejects with the system's error. */
export async function openStunSocket(settings: StunSettings, { clock, count }: StunEffects): Promise<StunSocket> {
  const host = settings.host === '' ? '::' : settings.host;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const heard = new Map<string, number>();
  const mayAnswer = createRateLimit(settings.limit ?? LIMIT, () => clock.now());

  const remember = (binding: Endpoint): void => {
    const name = formatEndpoint(binding);
    heard.delete(name);
    heard.set(name, clock.now());
    const oldest = heard.keys().next();
    if (heard.size > BINDINGS_REMEMBERED && oldest.done === false) heard.delete(oldest.value);
  };
  const send: StunSocket['send'] = (datagram, to) => sendFrom(socket, datagram, to);

  socket.on('message', (datagram, { address, port }) => {
    const source = { address: parseAddress(address)?.text ?? address, port };
    if (!mayAnswer(source.address)) {
      count('too-often');
      return;
    }
    const answered = answerBinding(datagram, source, settings.credentials);
    if (answered.kind === 'ignored') {
      count(answered.reason);
      return;
    }
    count(answered.kind === 'bound' ? 'bound' : String(answered.error));
    if (answered.kind === 'bound' && answered.listens) remember(source);
    void send(answered.answer, answered.to);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(settings.port, host, resolve);
  });
  socket.removeAllListeners('error');
  socket.on('error', () => count('socket-error'));
  const { address, port } = socket.address();
  return {
    bound: { address, port },
    heardAt: (binding) => heard.get(formatEndpoint(binding)),
    send,
    close: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
}

function sendFrom(socket: Socket, datagram: Uint8Array, { address, port }: Endpoint): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      // A socket for IPv6 reaches IPv4 by mapped addresses only.
      const onV6 = socket.address().family === 'IPv6' && !address.includes(':');
      socket.send(datagram, port, onV6 ? `::ffff:${address}` : address, (error) => {
        resolve(error === null ? undefined : codeOf(error));
      });
    } catch (error) {
      // A closed socket throws; a late repeat of a request may still come here.
      resolve(codeOf(error));
    }
  });
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
