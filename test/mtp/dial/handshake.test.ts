// One try to open a WebSocket, and each way in which a server may spoil it.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import t, { type Test } from 'tap';
import { WebSocketServer } from 'ws';
import type { DialTarget } from '../../../proxy/agent/local-agent/dial-targets.ts';
import { type Handshake, type HandshakeContext, beginHandshake } from '../../../proxy/mtp/dial/handshake.ts';
import { parseHosts } from '../../../proxy/access/hosts.ts';
import { systemClock } from '../../../proxy/operate/clock.ts';
import { freePort } from '../../free-port.ts';
import { handClock } from './hand-clock.ts';
import { TARGET } from './target.ts';

const parsed = parseHosts(['127.0.0.1', 'controller.example']);
if (!parsed.ok) throw new Error(parsed.entry);

const CONTEXT: HandshakeContext = {
  clock: systemClock,
  policy: parsed.policy,
  resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
  secureContext: () => createSecureContext(),
  deadlineMs: 60_000,
  recordBytes: 1024,
};

const at = (port: number, more: Partial<DialTarget> = {}): DialTarget => ({
  ...TARGET,
  host: '127.0.0.1',
  port,
  encrypted: false,
  ...more,
});

/** What becomes of a try: `open`, or why not. */
function outcomeOf(target: DialTarget, context: Partial<HandshakeContext> = {}): Promise<string> {
  return new Promise((resolve) => {
    beginHandshake({ ...CONTEXT, ...context }, target, {
      opened(webSocket) {
        webSocket.terminate();
        resolve('open');
      },
      failed: resolve,
    });
  });
}

/** A server that answers each connection so. */
async function serverThat(t: Test, answer: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    t.teardown(() => socket.destroy());
    answer(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

const saying = (t: Test, answer: string): Promise<number> =>
  serverThat(t, (socket) => void socket.once('data', () => socket.end(answer)));

async function webSocketServer(t: Test, protocol: string | false): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => protocol });
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

t.test('a server that chooses v1.usp is open', async (t) => {
  t.equal(await outcomeOf(at(await webSocketServer(t, 'v1.usp'))), 'open');
});

t.test('R-WS.12: one that chooses nothing, or what was not offered, is left', async (t) => {
  t.equal(await outcomeOf(at(await webSocketServer(t, false))), 'no-subprotocol');
  t.equal(await outcomeOf(at(await webSocketServer(t, 'mqtt'))), 'no-subprotocol');
});

t.test('nothing is followed: an answer that is no 101 ends it with its status', async (t) => {
  const elsewhere = await webSocketServer(t, 'v1.usp');
  const redirect = `HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:${elsewhere}/\r\nContent-Length: 0\r\n\r\n`;
  t.equal(await outcomeOf(at(await saying(t, redirect))), 'http-302');
  t.equal(await outcomeOf(at(await saying(t, 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'))), 'http-401');
});

t.test('what is no WebSocket, and no HTTP', async (t) => {
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
  const wrong = `${upgrade}Sec-WebSocket-Accept: nonsense\r\nSec-WebSocket-Protocol: v1.usp\r\n\r\n`;
  t.equal(await outcomeOf(at(await saying(t, wrong))), 'bad-handshake');
  t.equal(await outcomeOf(at(await saying(t, 'SSH-2.0-OpenSSH_9.6\r\n'))), 'not-http');
  t.equal(await outcomeOf(at(await serverThat(t, (socket) => socket.destroy()))), 'reset');
});

t.test('nobody there, and no such name', async (t) => {
  t.equal(await outcomeOf(at(await freePort())), 'refused');
  t.equal(await outcomeOf(at(1, { host: 'controller.example' })), 'name-not-found');
});

t.test('a place that may not be dialled, and a row that makes no URL, are not tried', async (t) => {
  t.equal(await outcomeOf(at(1, { host: 'other.example' })), 'host-not-allowed');
  t.equal(await outcomeOf(at(1, { host: '192.0.2.1' })), 'host-not-allowed');
  t.equal(await outcomeOf(at(1, { host: 'a@127.0.0.1' })), 'bad-target');
  const resolve = async (): Promise<[{ address: string; family: number }]> => [{ address: '127.0.0.2', family: 4 }];
  t.equal(await outcomeOf(at(1, { host: 'controller.example' }), { resolve }), 'address-not-allowed');
});

t.test('one that says nothing, or its answer letter by letter, has its time', async (t) => {
  const clock = handClock();
  const heard = new Promise<Socket>((resolve) => {
    void serverThat(t, (socket) => void socket.once('data', () => resolve(socket))).then((port) => {
      void outcomeOf(at(port), { clock, deadlineMs: 5000 }).then((outcome) => outcomes.push(outcome));
    });
  });
  const outcomes: string[] = [];
  const socket = await heard;
  socket.write('HTTP/1.1 1');
  clock.advance(4999);
  t.same(outcomes, []);
  clock.advance(1);
  await new Promise((resolve) => socket.once('close', resolve));
  t.same(outcomes, ['handshake-timeout']);
});

t.test('a try that is given up says nothing more', async (t) => {
  const told: string[] = [];
  const end = { opened: () => told.push('opened'), failed: (reason: string) => told.push(reason) };
  let handshake: Handshake | undefined;
  const gone = new Promise<void>((resolve) => {
    void serverThat(t, (socket) => {
      socket.once('close', () => resolve());
      socket.once('data', () => handshake?.abandon());
    }).then((port) => {
      handshake = beginHandshake(CONTEXT, at(port), end);
    });
  });
  await gone;
  beginHandshake(CONTEXT, at(1, { host: 'other.example' }), end).abandon();
  await new Promise((resolve) => setImmediate(resolve));
  t.same(told, []);
});
