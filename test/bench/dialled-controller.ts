// The Controller that a bench has dialled: takes every Agent that comes, and tells its parent when each came. A process of
// its own, so that it can really be killed. Arguments: port (0: any), and with TLS the files of certificate and key.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** What it tells: its port once, then those that came and how many are open. */
export interface Told {
  readonly port?: number;
  readonly arrivals?: readonly number[];
  readonly open?: number;
}

const TELL_MS = 100;

const [port = '0', certFile, keyFile] = process.argv.slice(2);
const server =
  certFile === undefined || keyFile === undefined
    ? createServer()
    : createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
const webSockets = new WebSocketServer({ server, handleProtocols: () => 'v1.usp', perMessageDeflate: false });
let arrivals: number[] = [];
webSockets.on('connection', (socket) => {
  arrivals.push(Date.now());
  socket.on('error', () => undefined);
});
const tell = (told: Told): void => void process.send?.(told);
setInterval(() => {
  tell({ arrivals, open: webSockets.clients.size });
  arrivals = [];
}, TELL_MS);
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 8192 }, () =>
  tell({ port: (server.address() as AddressInfo).port }),
);
