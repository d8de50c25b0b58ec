// A CPE's Connection Request server on a raw socket, answering by a script: what no HTTP library would send.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Text is sent as it stands and the connection closed; a function does what it likes with the connection. */
export type ScriptedReply = string | ((socket: Socket, request: string) => void);

export interface ScriptedCpe {
  readonly port: number;
  readonly url: string;
  /** The requests as they came, one a connection. */
  readonly requests: string[];
  /** Connections that are still open. */
  readonly open: ReadonlySet<Socket>;
}

interface Teardown {
  readonly teardown: (run: () => void) => void;
}

/** The n-th connection gets the n-th reply, and every later one the last. */
export async function startScriptedCpe(
  t: Teardown,
  replies: readonly ScriptedReply[],
  address = '127.0.0.1',
): Promise<ScriptedCpe> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    const reply = replies[Math.min(connections, replies.length - 1)] ?? '';
    connections += 1;
    let request = '';
    let answered = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    socket.on('data', (bytes) => {
      request += bytes.toString('latin1');
      if (answered || !request.endsWith('\r\n\r\n')) return;
      answered = true;
      requests.push(request);
      if (typeof reply === 'string') socket.end(reply, 'latin1');
      else reply(socket, request);
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://${address.includes(':') ? `[${address}]` : address}:${port}/cr`, requests, open };
}

export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
export const busy = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n';
/** A 401 with these WWW-Authenticate values. */
export const unauthorized = (...challenges: readonly string[]): string =>
  `HTTP/1.1 401 Unauthorized\r\n${challenges.map((text) => `WWW-Authenticate: ${text}\r\n`).join('')}Content-Length: 0\r\n\r\n`;
