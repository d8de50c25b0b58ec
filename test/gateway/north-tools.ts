// Hands for tests of the north side: a WebSocket that sends what no Controller should, and handshakes byte by byte.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Test } from 'tap';
import WebSocket, { type ClientOptions } from 'ws';
import { encodeEid } from '../../proxy/usp/eid.ts';
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../../proxy/usp/msg.ts';
import { decodeRecord, encodeRecord, plainRecord, type UspRecord } from '../../proxy/usp/record.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { CONTROLLER_ID, type Harness } from './harness.ts';

export const GET_SOFTWARE: UspBody = {
  kind: 'get',
  param_paths: ['Device.DeviceInfo.SoftwareVersion'],
  max_depth: 0,
};
/** Answered without the CPE. */
export const GET_LOCAL: UspBody = { kind: 'get', param_paths: ['Device.LocalAgent.EndpointID'], max_depth: 0 };

/** A CPE that has come, and whose model is known. */
export async function knownCpe(harness: Harness, options: Parameters<Harness['cpe']>[0] = {}): Promise<Cpe> {
  const cpe = harness.cpe(options);
  const ended = cpe.nextSession();
  await cpe.start();
  await ended;
  return cpe;
}

/** A ConnectionRequestURL of a CPE that accepts every call, and comes when it likes. */
export async function idleListener(t: Test): Promise<string> {
  const server = createServer((_request, response) => response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

export const payloadOf = (msg: UspMsg): Uint8Array => encodeMsg(msg);

/** A good Record around a Msg, or around bytes that should be one. */
export function recordOf(agent: string, payload: UspMsg | Uint8Array, controller = CONTROLLER_ID): Uint8Array {
  const bytes = payload instanceof Uint8Array ? payload : encodeMsg(payload);
  return encodeRecord(plainRecord(agent, controller, { kind: 'no_session_context', payload: bytes }));
}

export interface Peer {
  readonly socket: WebSocket;
  send(bytes: Uint8Array): void;
  /** The next Record from the gateway, in order of their coming. */
  next(): Promise<UspRecord>;
  /** The next Msg, over the heads of Connect Records. */
  nextMsg(): Promise<UspMsg>;
  /** Records that nobody has taken yet. */
  readonly waiting: readonly UspRecord[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** A request, and the Msg that answers it. */
  ask(agent: string, body: UspBody, msg_id?: string): Promise<UspMsg>;
}

export interface PeerOptions {
  readonly agent?: string;
  readonly controller?: string;
  readonly headers?: ClientOptions['headers'];
  readonly autoPong?: boolean;
}

let sequence = 0;

/** Opens `/usp`, or `/usp/<agent>`, as a Controller that takes the gateway's bytes as they are. */
export async function openPeer(t: Test, harness: Harness, options: PeerOptions = {}): Promise<Peer> {
  const { agent, controller = CONTROLLER_ID, headers = {}, autoPong = true } = options;
  const path = agent === undefined ? '' : `/${encodeEid(agent)}`;
  const url = `${harness.wsUrl}/usp${path}?eid=${encodeEid(controller)}`;
  const socket = new WebSocket(url, 'v1.usp', { headers, perMessageDeflate: false, autoPong });
  const peer = peerOf(t, socket, controller);
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return peer;
}

/** What a Controller hears and says on a WebSocket, whoever has opened it. */
export function peerOf(t: Test, socket: WebSocket, controller = CONTROLLER_ID): Peer {
  const waiting: UspRecord[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    const decoded = decodeRecord(data);
    if (!decoded.ok) throw new Error(`the gateway sent what is no Record: ${decoded.detail}`);
    waiting.push(decoded.record);
    wake();
  });
  const closed = once(socket, 'close').then(([code, reason]) => {
    wake();
    return { code: Number(code), reason: String(reason) };
  });
  t.teardown(() => socket.terminate());
  const peer: Peer = {
    socket,
    waiting,
    closed,
    send: (bytes) => socket.send(bytes, { binary: true }),
    async next() {
      for (;;) {
        const record = waiting.shift();
        if (record !== undefined) return record;
        if (socket.readyState >= socket.CLOSING) throw new Error('the connection ended before the next Record');
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async nextMsg() {
      for (;;) {
        const { record_type } = await peer.next();
        if (record_type.kind === 'disconnect') throw new Error(`disconnected: ${record_type.reason_code}`);
        if (record_type.kind !== 'no_session_context') continue;
        const decoded = decodeMsg(record_type.payload);
        if (decoded.ok) return decoded.msg;
        throw new Error(`the gateway sent what is no Msg: ${decoded.detail}`);
      }
    },
    ask(to, body, msg_id = `ask-${(sequence += 1)}`) {
      peer.send(recordOf(to, { msg_id, body }, controller));
      return peer.nextMsg();
    },
  };
  return peer;
}

export interface Handshake {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly socket: Socket;
}

/** What a good opening has; each can be said otherwise, or left out with undefined. */
const OPENING: Readonly<Record<string, string>> = {
  Host: '127.0.0.1',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': 'v1.usp',
};

/** Opens a WebSocket by hand on `target`; resolves with the head of the answer, and the body as far as it came with it. */
export async function handshake(
  t: Test,
  harness: Harness,
  target: string,
  change: Readonly<Record<string, string | undefined>> = {},
): Promise<Handshake> {
  const { hostname, port } = new URL(harness.wsUrl);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const headers = Object.entries({ ...OPENING, ...change }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  );
  socket.write(`GET ${target} HTTP/1.1\r\n${headers.join('')}\r\n`);
  let text = '';
  while (!text.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString('latin1');
  }
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head, body, socket };
}
