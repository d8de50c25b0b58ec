// The HTTP response of a CPE's POST. It is written once, or never when the CPE is gone; header names in their canonical
// case, since some CPEs look for exactly that (quirk 25).
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PendingPost } from './exchange.ts';

const XML = 'text/xml; charset="utf-8"';
const TEXT = 'text/plain; charset="utf-8"';

export class HttpPost implements PendingPost {
  readonly socket: Socket;
  readonly arrivedAt: number;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, socket: Socket, arrivedAt: number) {
    this.#response = response;
    this.socket = socket;
    this.arrivedAt = arrivedAt;
  }

  respond(text: string, cookie?: string): void {
    const body = Buffer.from(text, 'utf8');
    const headers: OutgoingHttpHeaders = { 'Content-Type': XML, 'Content-Length': body.length };
    if (cookie !== undefined) headers['Set-Cookie'] = cookie;
    this.#write(200, headers, body);
  }

  finish(): void {
    this.#write(204, {});
  }

  /** `reason` is a word for whoever reads the CPE's log. */
  refuse(status: number, reason: string, more: Readonly<Record<string, string>> = {}): void {
    const body = Buffer.from(`${reason}\n`, 'utf8');
    this.#write(status, { ...more, 'Content-Type': TEXT, 'Content-Length': body.length }, body);
  }

  /** Refuses, and closes the connection: what is still to come on it is not read. */
  abort(status: number, reason: string): void {
    this.#response.shouldKeepAlive = false;
    this.refuse(status, reason, { Connection: 'close' });
    this.socket.destroySoon();
  }

  #write(status: number, headers: OutgoingHttpHeaders, body?: Buffer): void {
    const response = this.#response;
    if (response.headersSent || response.destroyed) return;
    response.writeHead(status, headers);
    response.end(body);
  }
}
