// The HTTP response of a CPE's POST. It is written once, or never when the CPE is gone; header names in their canonical
// case, since some CPEs look for exactly that (quirk 25).
import { STATUS_CODES, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chance, type Randomness } from '../operate/clock.ts';
import type { WriteOutcome } from '../soap/write-envelope.ts';

/** A CPE's POST that waits for its response. */
export interface PendingPost {
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** The socket that it came on, for telling whether a session uses several. */
  readonly socket: object;
  /** False when the connection ends with the response. */
  readonly keepsAlive: boolean;
  /** False when the CPE has closed its half of the connection: it only hears. */
  readonly isWhole: boolean;
  /** 200 with a SOAP body. */
  respond(text: string, cookie?: string): void;
  /** What an ACS behind us answered, as it is. */
  pass(answer: PassedAnswer, cookie?: string): void;
  /** 204: the session is over (quirk 5: never 200 without a body). */
  finish(): void;
  /** 503 to a CPE that may come again. */
  refuseForNow(reason: string): void;
  /** Refuses, and closes the connection: what else may come on it is not to be trusted. */
  abort(status: number, reason: string): void;
}

export interface PassedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** An answer that could not be written ends the connection: half of one must not go out. */
export function respond(pending: PendingPost, written: WriteOutcome): void {
  if (written.ok) pending.respond(written.text);
  else pending.abort(400, written.reason);
}

type Headers = Readonly<Record<string, string | string[]>>;

const XML = 'text/xml; charset="utf-8"';
const TEXT = 'text/plain; charset="utf-8"';
/** Seconds after which a CPE may come again: not all that were refused together at the same moment. */
const RETRY_SOONEST_S = 15;
const RETRY_SPREAD_S = 45;
export const retryAfter = (randomness: Randomness): number =>
  RETRY_SOONEST_S + Math.floor(chance(randomness) * RETRY_SPREAD_S);

/** How long a CPE that is still sending may take to hear that it is refused. */
const LINGER_MS = 1000;

export class HttpPost implements PendingPost {
  readonly socket: Socket;
  readonly arrivedAt: number;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #retryAfter: () => number;
  #written = false;

  /** `retryAfter`: seconds, asked for each CPE that is refused for now. */
  constructor(request: IncomingMessage, response: ServerResponse, arrivedAt: number, retryAfter: () => number) {
    this.#retryAfter = retryAfter;
    this.#request = request;
    this.#response = response;
    this.socket = request.socket;
    this.arrivedAt = arrivedAt;
  }

  get keepsAlive(): boolean {
    return this.#response.shouldKeepAlive;
  }

  get isWhole(): boolean {
    return !this.socket.readableEnded;
  }

  respond(text: string, cookie?: string): void {
    const headers = cookie === undefined ? { 'Content-Type': XML } : { 'Content-Type': XML, 'Set-Cookie': cookie };
    this.#write(200, headers, text);
  }

  pass({ status, headers, body }: PassedAnswer, cookie?: string): void {
    const response = this.#response;
    if (this.#written || response.destroyed) return;
    this.#written = true;
    const all: OutgoingHttpHeaders = { ...headers, 'Content-Length': body.length };
    if (cookie !== undefined) all['Set-Cookie'] = cookie;
    response.writeHead(status, all).end(body);
  }

  finish(): void {
    this.#write(204, {});
  }

  refuseForNow(reason: string): void {
    this.refuse(503, reason, { 'Retry-After': String(this.#retryAfter()) });
  }

  /** `reason` is a word for whoever reads the CPE's log. */
  refuse(status: number, reason: string, more: Headers = {}): void {
    this.#write(status, { ...more, 'Content-Type': TEXT }, `${reason}\n`);
  }

  abort(status: number, reason: string, more: Headers = {}): void {
    const headers = { ...more, Connection: 'close' };
    if (this.#request.complete) this.refuse(status, reason, headers);
    else this.#interrupt(status, { ...headers, 'Content-Type': TEXT }, `${reason}\n`);
  }

  /** Calls when the other side ends the connection, or its half of it, while the response is still to come. */
  onGone(gone: () => void): void {
    const { socket } = this;
    const response = this.#response;
    socket.once('end', gone);
    response.once('close', () => {
      socket.off('end', gone);
      if (!response.writableEnded) gone();
    });
  }

  /** Node keeps a request until it is answered, and a CPE may be held for minutes: what it said is not wanted again. */
  forgetHeaders(): void {
    this.#request.rawHeaders = [];
    this.#request.headers = {};
  }

  #write(status: number, headers: Headers, text?: string): void {
    const response = this.#response;
    if (this.#written || response.destroyed) return;
    this.#written = true;
    const all: OutgoingHttpHeaders = { ...headers };
    if (text === undefined) {
      response.writeHead(status, all).end();
      return;
    }
    const length = Buffer.byteLength(text, 'utf8');
    all['Content-Length'] = length;
    // A text goes out in one write with its head; what is ASCII needs no encoding.
    response.writeHead(status, all).end(text, length === text.length ? 'latin1' : 'utf8');
  }

  /**
   * Answers in the middle of the CPE's body, of which nothing more is read. Written past the response object, which
   * would close the connection at once: the reset that a CPE gets for what it still sends would overtake the answer.
   */
  #interrupt(status: number, headers: Headers, text: string): void {
    const { socket } = this;
    if (this.#written || socket.destroyed) return;
    this.#written = true;
    const lines = Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${value}\r\n`),
    );
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}`;
    this.#request.pause();
    socket.end(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }
}
