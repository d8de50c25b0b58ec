// How a CPE behind NAT can be woken (TR-069 Annex G): from one UDP socket it asks a STUN server, again and again, where
// the world sees it, and on the same socket it listens for signed requests. It speaks RFC 3489, as CPEs do.
import { createHmac } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Cancel, Clock } from './clock.ts';
import type { Credentials } from './digest.ts';
import { randomHex, type Random } from './random.ts';

export interface StunOptions {
  readonly server: { readonly address: string; readonly port: number };
  /** Milliseconds between binding requests; 10,000 unless told. */
  readonly every?: number;
  /** Whether a datagram that came is lost; none is, unless told. */
  readonly loses?: (datagram: Buffer) => boolean;
}

export interface StunClientOptions {
  readonly settings: StunOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Those of Connection Requests: they sign. */
  readonly credentials: () => Credentials;
  /** Where the world sees the socket, and whether that is elsewhere than where it is. */
  readonly onBinding: (address: string, nat: boolean) => void;
  readonly onRequest: () => void;
  /** A request that is not taken, and why. */
  readonly onRefused: (why: string) => void;
}

export interface StunClient {
  open(): Promise<void>;
  close(): Promise<void>;
}

const MAPPED_ADDRESS = 1;
const BINDING_VALUE = 'dslforum.org/TR-111 ';

export function createStunClient(options: StunClientOptions): StunClient {
  const { settings, clock, random } = options;
  const { address, port } = settings.server;
  let socket: Socket | undefined;
  let cancel: Cancel = () => undefined;
  let known = '';
  let lastTimestamp = 0;
  let lastId = '';

  const ask = (): void => {
    socket?.send(bindingRequest(Buffer.from(randomHex(random, 32), 'hex')), port, address);
    cancel = clock.after(settings.every ?? 10_000, ask);
  };

  const takeBinding = (datagram: Buffer): void => {
    const mapped = mappedAddress(datagram);
    if (mapped === undefined || mapped === known) return;
    known = mapped;
    options.onBinding(known, known !== localAddress(socket));
  };

  /** Annex G.2.2.3: a request counts once, by its id, and only when it is later than the last and signed. */
  const takeRequest = (text: string): void => {
    const target = /^GET (http:\/\/\S+) HTTP\/1\.[01]\r\n/.exec(text)?.[1] ?? '';
    if (!URL.canParse(target)) {
      options.onRefused('no request');
      return;
    }
    const query = new URL(target).searchParams;
    const [ts = '', id = '', un = '', cn = '', sig] = ['ts', 'id', 'un', 'cn', 'sig'].map(
      (name) => query.get(name) ?? '',
    );
    const { username, password } = options.credentials();
    if (id === lastId) {
      options.onRefused('seen before');
      return;
    }
    if (!(Number(ts) > lastTimestamp)) {
      options.onRefused('too old');
      return;
    }
    if (un !== username) {
      options.onRefused('wrong user name');
      return;
    }
    const expected = createHmac('sha1', password)
      .update(ts + id + un + cn)
      .digest('hex');
    if (sig?.toLowerCase() !== expected) {
      options.onRefused('wrong signature');
      return;
    }
    lastTimestamp = Number(ts);
    lastId = id;
    options.onRequest();
  };

  return {
    open: async () => {
      const opened = createSocket('udp4');
      socket = opened;
      opened.on('message', (datagram) => {
        if (settings.loses?.(datagram) === true) return;
        if ((datagram[0] ?? 0) < 0x40) takeBinding(datagram);
        else takeRequest(datagram.toString());
      });
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.bind(0, localFor(address), resolve);
      });
      known = '';
      ask();
    },
    close: async () => {
      cancel();
      const closing = socket;
      socket = undefined;
      if (closing !== undefined) await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
  };
}

/** A loopback server is asked from loopback; otherwise the system chooses. */
const localFor = (server: string): string => (server.startsWith('127.') ? '127.0.0.1' : '0.0.0.0');

function localAddress(socket: Socket | undefined): string {
  if (socket === undefined) return '';
  const { address, port } = socket.address();
  return `${address}:${port}`;
}

function bindingRequest(transaction: Buffer): Buffer {
  const head = Buffer.from([0, 1, 0, 4 + BINDING_VALUE.length]);
  const attribute = Buffer.from([0xc0, 0x01, 0, BINDING_VALUE.length]);
  return Buffer.concat([head, transaction, attribute, Buffer.from(BINDING_VALUE)]);
}

function mappedAddress(answer: Buffer): string | undefined {
  if (answer.length < 20 || answer.readUInt16BE(0) !== 0x0101) return undefined;
  for (let offset = 20; offset + 4 <= answer.length; offset += 4 + answer.readUInt16BE(offset + 2)) {
    if (answer.readUInt16BE(offset) !== MAPPED_ADDRESS || answer.length < offset + 12) continue;
    return `${answer.subarray(offset + 8, offset + 12).join('.')}:${answer.readUInt16BE(offset + 6)}`;
  }
  return undefined;
}
