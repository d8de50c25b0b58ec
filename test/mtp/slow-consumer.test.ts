// A peer that does not read: closed with a reason once too much is buffered, its memory bounded, nothing sent after.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { Connections } from '../../proxy/endpoint/connections.ts';
import { Limits } from '../../proxy/endpoint/limits.ts';
import type { Connection } from '../../proxy/endpoint/connection.ts';
import type { Endpoint } from '../../proxy/endpoint/endpoint.ts';
import { openConnection } from '../../proxy/mtp/socket.ts';
import { systemClock, systemRandomness } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';

const MIB = 1024 * 1024;

interface Pair {
  readonly client: WebSocket;
  readonly connection: Connection;
  readonly served: WebSocket;
  readonly connections: Connections;
  readonly counted: readonly string[];
}

/** A client, and the connection that the gateway has of it. */
async function pair(t: Test, receive: Endpoint['receive'] = async () => undefined): Promise<Pair> {
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server = new WebSocketServer({ server: http });
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const [[served]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [[WebSocket], unknown];
  t.teardown(() => {
    client.terminate();
    served.terminate();
    http.close();
  });
  const counted: string[] = [];
  const connections = new Connections('n1');
  const context = {
    endpoint: { receive, receiveNone: () => 'not-a-record' } as unknown as Endpoint,
    connections,
    limits: new Limits({ records: 10_000, requests: 100, connections: 100, requestLifetimeMs: 1000 }),
    clock: systemClock,
    randomness: systemRandomness,
    log: createLog('silent'),
    metrics: {
      count: (name: string, label: string) => void counted.push(`${name} ${label}`),
      gauge: () => undefined,
      text: async () => '',
    },
  };
  const peer = {
    tenant: 'default',
    controller: 'proto::c',
    standing: 'full',
    roles: [],
    scope: { kind: 'all' },
  } as const;
  const connection = openConnection(context, served, peer, 60_000);
  connections.add(connection);
  return { client, connection, served, connections, counted };
}

t.test('a peer that does not read is closed as slow', async (t) => {
  const { client, connection, served, connections, counted } = await pair(t);
  client.pause();
  let sent = 0;
  while (sent < 100 && connection.send(Buffer.alloc(MIB))) sent += 1;
  t.ok(sent >= 8 && sent < 100, `${sent} MiB were taken`);
  t.ok(served.bufferedAmount < 10 * MIB, `${served.bufferedAmount} bytes are held`);
  t.equal(connections.has('default', 'proto::c'), false, 'it is no way any more');
  t.equal(connection.send(Buffer.alloc(1)), false);
  t.same(counted, ['socket_closed slow'], 'one reason');
  client.resume();
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  t.same([code, String(reason)], [1013, 'slow'], 'the peer is told, once it reads');
});

t.test('who has much to send waits until the peer has read', async (t) => {
  const { client, connection } = await pair(t);
  await connection.drained();
  client.pause();
  for (let sent = 0; sent < 8; sent += 1) connection.send(Buffer.alloc(MIB));
  let drained = false;
  const waited = connection.drained().then(() => (drained = true));
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(drained, false);
  client.resume();
  t.equal(await waited, true);
});

t.test('nobody waits for a connection that is over', async (t) => {
  const { client, connection, counted } = await pair(t);
  client.pause();
  for (let sent = 0; sent < 8; sent += 1) connection.send(Buffer.alloc(MIB));
  const waited = connection.drained();
  connection.close('stopping');
  connection.close('slow');
  await waited;
  await connection.drained();
  t.same(counted, ['socket_closed stopping'], 'the first reason counts');
});

t.test('a socket with much in hand is read on when there is less', async (t) => {
  const waiting: (() => void)[] = [];
  const { client, served } = await pair(t, () => new Promise<void>((resolve) => void waiting.push(resolve)));
  for (let sent = 0; sent < 64; sent += 1) client.send(Buffer.from('x'));
  while (!served.isPaused) await new Promise((resolve) => setTimeout(resolve, 1));
  t.ok(waiting.length >= 64);
  for (const resolve of waiting) resolve();
  while (served.isPaused) await new Promise((resolve) => setTimeout(resolve, 1));
  client.send(Buffer.from('y'));
  const before = waiting.length;
  while (waiting.length === before) await new Promise((resolve) => setTimeout(resolve, 1));
  t.pass('what comes after is taken');
});
