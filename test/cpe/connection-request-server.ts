// The port on which CPEs listen for Connection Requests. One CPE may have it for itself; thousands in one process share
// one, told apart by their random paths. Answers are written byte by byte, for some CPEs write them badly (quirk 8).
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Dialect } from './dialect.ts';
import type { GateReply, GateRequest } from './connection-request-gate.ts';

export interface Listener {
  /** undefined: the CPE is off, and the connection is cut without a word. */
  readonly answer: (request: GateRequest) => GateReply | undefined;
  readonly replies: Dialect['connectionRequestReplies'];
}

export interface ConnectionRequestServer {
  /** Where that path is reached from outside. */
  urlOf(path: string): string;
  /** Lets a CPE listen; paths begin with a slash. */
  add(path: string, listener: Listener): void;
  remove(path: string): void;
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** 0, any free one, unless told. */
  readonly port?: number;
}

export async function listenForConnectionRequests(options: ListenOptions = {}): Promise<ConnectionRequestServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  const listeners = new Map<string, Listener>();
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/';
    const listener = listeners.get(path.split('?', 1)[0] ?? path);
    if (listener === undefined) {
      response.writeHead(404, { Connection: 'close' }).end();
      return;
    }
    const { authorization = '' } = request.headers;
    const reply = listener.answer({ method: request.method ?? '', path, authorization });
    if (reply === undefined) request.socket.destroy();
    else write(request.socket, reply, listener.replies);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    urlOf: (path) => `http://${host}:${bound}${path}`,
    add: (path, listener) => void listeners.set(path, listener),
    remove: (path) => void listeners.delete(path),
    close: async () =>
      await new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const TEXTS: Readonly<Record<GateReply['status'], string>> = {
  200: 'OK',
  401: 'Unauthorized',
  405: 'Method Not Allowed',
  503: 'Service Unavailable',
};

function write(socket: Socket, { status, challenge }: GateReply, replies: Listener['replies']): void {
  const statusLine = `HTTP/1.1 ${status} ${TEXTS[status]}`;
  const scheme = challenge?.length === 1 ? 'Basic' : 'Digest';
  const quoted = (challenge ?? []).map(([name, value]) => `${name}="${value}"`);
  switch (replies) {
    case 'plain': {
      const lines = quoted.length === 0 ? [] : [`WWW-Authenticate: ${scheme} ${quoted.join(', ')}`];
      socket.end(`${[statusLine, ...lines, 'Content-Length: 0', 'Connection: close'].join('\r\n')}\r\n\r\n`);
      return;
    }
    case 'folded': {
      // No blank line: the end of the connection is the end of the headers.
      const lines =
        quoted.length === 0 ? ['Content-Length: 0'] : [`WWW-Authenticate: ${scheme}`, `   ${quoted.join(',\n   ')}`];
      socket.end(`${[statusLine, ...lines].join('\n')}\n`);
      return;
    }
    case 'without-commas': {
      const lines = quoted.length === 0 ? [] : [`WWW-Authenticate: ${scheme} ${quoted.join(' ')}`];
      socket.end(`${[statusLine, ...lines, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`);
    }
  }
}
