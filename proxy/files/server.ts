// Where CPEs load firmware and configuration, and bring what they were asked for: one grant a URL, and nothing without
// one. Whatever comes ends at most its own connection, and every refusal is counted with its reason.
import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { isStoreError } from '../errors.ts';
import { chance, type Clock, type Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { GrantSteps } from '../store/grant-steps.ts';
import { Closing } from './closing.ts';
import { download } from './download.ts';
import type { Grants } from './grants.ts';
import type { Headers } from './headers.ts';
import { createListener } from './listener.ts';
import { type Refusal, STATUS } from './refusals.ts';
import { Transfers } from './transfers.ts';
import { upload } from './upload.ts';

export interface FilesSettings {
  /** A transfer may stand still this long; see pace.ts. */
  readonly idleMs: number;
  /** Transfers at once. */
  readonly transfers: number;
}

export interface FilesContext {
  readonly settings: FilesSettings;
  readonly blobs: Blobs;
  readonly grants: Grants;
  readonly steps: GrantSteps;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** One request, and what its handling needs of the server. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client waits for 100 before it sends a body. */
  readonly waitsForContinue: boolean;
  readonly closing: Closing;
  readonly transfers: Transfers;
  readonly refuse: (reason: Refusal, headers?: Headers) => void;
}

const REALM = 'Basic realm="causeway files"';
/** Connections that wait, close or ask for another file, for every transfer. */
const CONNECTIONS_PER_TRANSFER = 4;
const RETRY_SOONEST_S = 5;
const RETRY_SPREAD_S = 25;

export class FileServer {
  readonly #context: FilesContext;
  readonly #closing: Closing;
  readonly #transfers: Transfers;
  readonly #open = new Set<Promise<void>>();
  readonly server: FastifyInstance;

  constructor(context: FilesContext) {
    this.#context = context;
    const { settings, clock, metrics } = context;
    this.#closing = new Closing(clock, settings.idleMs);
    this.#transfers = new Transfers(settings.transfers);
    const refused = (reason: string): void => metrics.count('files_refused', reason);
    this.server = fastify({
      logger: false,
      forceCloseConnections: true,
      // Paths are ours alone to read: fastify only opens and closes the listener.
      serverFactory: () =>
        createListener(
          { headersMs: settings.idleMs, connections: settings.transfers * CONNECTIONS_PER_TRANSFER },
          this.#closing,
          (request, response, waits) => this.#take(request, response, waits),
          () => refused('connections-full'),
        ),
      clientErrorHandler: (error, socket) => {
        if (error.code.startsWith('HPE_') && socket.writable) {
          refused('not-http');
          socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        }
        socket.destroy();
      },
    });
  }

  /** Transfers that run now. */
  get transfers(): number {
    return this.#transfers.running;
  }

  /** Resolves when all that is known of transfers is stored; their connections must have been closed. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  #take(request: IncomingMessage, response: ServerResponse, waitsForContinue: boolean): void {
    // Whoever asks on after an answer that is the last has to ask again elsewhere.
    if (this.#closing.isLast(request.socket)) return;
    const visit: Visit = {
      request,
      response,
      waitsForContinue,
      closing: this.#closing,
      transfers: this.#transfers,
      refuse: (reason, headers) => this.#refuse(response, reason, headers),
    };
    const handled: Promise<void> = this.#handle(visit)
      .catch((error: unknown) => this.#failed(visit, error))
      .finally(() => this.#open.delete(handled));
    this.#open.add(handled);
  }

  async #handle(visit: Visit): Promise<void> {
    const { method = '', url = '', headers } = visit.request;
    const { grants } = this.#context;
    const admission = await grants.admit(url, headers.authorization);
    if (admission.kind === 'refused') {
      const { reason } = admission;
      visit.refuse(reason, STATUS[reason] === 401 ? { 'WWW-Authenticate': REALM } : {});
      return;
    }
    const { id, grant } = admission;
    const loads = grant.kind === 'download';
    const allowed = loads ? ['GET', 'HEAD'] : ['PUT', 'POST'];
    if (!allowed.includes(method)) visit.refuse('method', { Allow: allowed.join(', ') });
    else if (loads) await download(this.#context, visit, id, grant);
    else await upload(this.#context, visit, id, grant);
  }

  #refuse(response: ServerResponse, reason: Refusal, headers: Headers = {}): void {
    const { metrics, randomness } = this.#context;
    metrics.count('files_refused', reason);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const status = STATUS[reason];
    const text = `${reason}\n`;
    response.writeHead(status, {
      'Content-Type': 'text/plain',
      'Content-Length': text.length,
      'Cache-Control': 'no-store',
      Connection: 'close',
      ...(status === 503 && {
        'Retry-After': String(RETRY_SOONEST_S + Math.floor(chance(randomness) * RETRY_SPREAD_S)),
      }),
      ...headers,
    });
    response.end(text);
  }

  #failed(visit: Visit, error: unknown): void {
    const { metrics, log } = this.#context;
    if (!isStoreError(error)) metrics.count('failure', 'files');
    log.error({ err: error }, 'a transfer of a file failed');
    visit.refuse(isStoreError(error) ? 'store-away' : 'internal');
  }
}
