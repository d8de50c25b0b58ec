// The least that could stand between a Controller's WebSocket and a CPE's held POST: bytes of the one become the answer of
// the other. What it costs is what the machine, Node, `ws` and `node:http` cost. Prints one line of JSON with its ports.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

let held: ServerResponse | undefined;
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    held = response;
    const body = Buffer.concat(chunks);
    if (body.length > 0) for (const socket of sockets.clients) socket.send(body);
  });
});
sockets.on('connection', (socket) => {
  socket.on('message', (bytes: Buffer) => held?.end(bytes));
});
server.listen(0, '127.0.0.1');
await Promise.all([once(server, 'listening'), once(sockets, 'listening')]);
const portOf = (address: ReturnType<typeof server.address>): number => (address as AddressInfo).port;
console.log(JSON.stringify({ cwmp: portOf(server.address()), http: portOf(sockets.address()) }));
process.on('SIGTERM', () => process.exit(0));
