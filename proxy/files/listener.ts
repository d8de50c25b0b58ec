// The HTTP server under the transfers: Node's, with its own times, and connections that are closed as closing.ts has it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Closing } from './closing.ts';

export interface ListenerSettings {
  /** How long the head of a request may take to arrive, in milliseconds. */
  readonly headersMs: number;
  readonly connections: number;
}

const KEEP_ALIVE_MS = 5000;
const LOOK_MS = 5000;

export type Take = (request: IncomingMessage, response: ServerResponse, waitsForContinue: boolean) => void;

export function createListener(
  { headersMs, connections }: ListenerSettings,
  closing: Closing,
  take: Take,
  dropped: () => void,
): Server {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headersMs,
    // A large upload over a slow line takes its time: pace.ts bounds it.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(LOOK_MS, headersMs),
    // HTTP/1.0 has none, and nothing here depends on it.
    requireHostHeader: false,
  });
  // A CPE that has sent its request and closed its half of the connection still wants the answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.maxConnections = connections;
  server.on('drop', dropped);
  server.on('connection', (socket) => closing.watch(socket));
  server.on('request', (request, response) => take(request, response, false));
  server.on('checkContinue', (request, response) => take(request, response, true));
  // An expectation that nobody knows is no reason to refuse what comes with it, as Node would by itself.
  return server.on('checkExpectation', (request, response) => take(request, response, false));
}
