// A small USP Controller over WebSocket: requests with their answers, and Notifies as they come. Used by the command line,
// the demo and the tests.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { encodeEid } from '../../usp/eid.ts';
import { decodeMsg, encodeMsg } from '../../usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../../usp/msg.ts';
import type { NotifyRequest } from '../../usp/messages/notify.ts';
import { decodeRecord, encodeRecord, plainRecord, type UspRecord } from '../../usp/record.ts';
import { ConnectionClosed, ConnectionRefused } from './connection-errors.ts';

export interface ControllerOptions {
  /** `ws://127.0.0.1:8080` */
  readonly url: string;
  /** Endpoint ID of this Controller. */
  readonly controller: string;
  /** Endpoint ID of one Agent, for its own resource; undefined: one socket for all Agents. */
  readonly agent?: string;
  readonly token?: string;
  /** Whose Agents, for those who may see those of several tenants. */
  readonly tenant?: string;
  /** For opening the connection, and for each answer. */
  readonly timeoutMs?: number;
}

export interface ReceivedNotify {
  readonly agent: string;
  readonly msg_id: string;
  readonly notify: NotifyRequest;
}

/** Notifies kept for a listener that is still to come. */
const MOST_EARLY = 256;
const DEFAULT_TIMEOUT_MS = 40_000;
const LONGEST_REASON = 1000;

interface Waiting {
  readonly agent: string;
  readonly resolve: (body: UspBody) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

async function refusal(url: string, response: IncomingMessage): Promise<ConnectionRefused> {
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > LONGEST_REASON) break;
  }
  return new ConnectionRefused(url, response.statusCode ?? 0, text.trim().slice(0, LONGEST_REASON));
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #onNotify: ((notify: ReceivedNotify) => void)[] = [];
  /** What came before anybody listened. */
  readonly #early: ReceivedNotify[] = [];
  readonly #onRecord: ((record: UspRecord) => void)[] = [];
  /** Two processes of one Controller must not send one msg_id: it would be taken for a repeat (R-MSG.4). */
  readonly #run = randomBytes(6).toString('hex');
  #sequence = 0;
  /**
   * Answers Notifies that ask for it, once somebody listens: an answered one is never sent again. Switch off to be a
   * Controller that does not.
   */
  answersNotifies = true;

  private constructor(options: ControllerOptions, socket: WebSocket) {
    this.#options = options;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('close', (code, reason) => this.#fail(new ConnectionClosed(code, reason.toString())));
  }

  /** Rejects with ConnectionRefused when the gateway says no, and with the network's error when it says nothing. */
  static async connect(options: ControllerOptions): Promise<Controller> {
    const agent = options.agent === undefined ? '' : `/${encodeEid(options.agent)}`;
    const tenant = options.tenant === undefined ? '' : `&tenant=${encodeURIComponent(options.tenant)}`;
    const url = `${options.url}/usp${agent}?eid=${encodeEid(options.controller)}${tenant}`;
    const headers = options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
    const handshakeTimeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const socket = new WebSocket(url, 'v1.usp', { headers, perMessageDeflate: false, handshakeTimeout });
    const refused = new Promise<never>((_resolve, reject) => {
      socket.on('unexpected-response', (request, response) => {
        refusal(options.url, response)
          .then(reject, reject)
          .finally(() => request.destroy());
      });
      socket.on('error', reject);
    });
    // The Connect Record may be here before anybody awaits it: the controller listens from the first byte on.
    const controller = new Controller(options, socket);
    await Promise.race([once(socket, 'open'), refused]);
    socket.on('error', () => undefined);
    return controller;
  }

  onNotify(listener: (notify: ReceivedNotify) => void): void {
    this.#onNotify.push(listener);
    for (const notify of this.#early.splice(0)) this.#tell(notify);
  }

  onRecord(listener: (record: UspRecord) => void): void {
    this.#onRecord.push(listener);
  }

  /** Called once, when the connection is no more; `reason` is what the gateway said, '' when it said nothing. */
  onClose(listener: (code: number, reason: string) => void): void {
    this.#socket.once('close', (code, reason) => listener(code, reason.toString()));
  }

  /** Ends the connection when a ping goes unanswered: a network that falls silent closes nothing by itself. */
  keepAlive(everyMs: number): void {
    let answered = true;
    this.#socket.on('pong', () => {
      answered = true;
    });
    const timer = setInterval(() => {
      if (!answered) this.#socket.terminate();
      else if (this.isOpen) this.#socket.ping();
      answered = false;
    }, everyMs);
    this.#socket.once('close', () => clearInterval(timer));
  }

  nextMsgId(): string {
    this.#sequence += 1;
    return `${this.#run}-${this.#sequence}`;
  }

  /** The answer's body, an Error included; rejects when none comes in time, or none can come any more. */
  request(agent: string, body: UspBody, msg_id: string = this.nextMsgId()): Promise<UspBody> {
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      if (!this.isOpen) {
        reject(new ConnectionClosed(1006, ''));
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(msg_id);
        reject(new Error(`no answer from ${agent} within ${timeoutMs / 1000} s (--timeout)`));
      }, timeoutMs);
      this.#waiting.set(msg_id, { agent, resolve, reject, timer });
      this.send(agent, { msg_id, body });
    });
  }

  /** Sends a Msg and expects nothing. */
  send(agent: string, msg: UspMsg): void {
    const payload = encodeMsg(msg);
    this.sendBytes(encodeRecord(plainRecord(agent, this.#options.controller, { kind: 'no_session_context', payload })));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes, { binary: true });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    this.#socket.close(1000);
    await once(this.#socket, 'close');
  }

  #receive(data: Buffer): void {
    const decoded = decodeRecord(data);
    if (!decoded.ok) return;
    const { record } = decoded;
    for (const listener of this.#onRecord) listener(record);
    if (record.record_type.kind === 'disconnect') {
      const { reason, reason_code } = record.record_type;
      this.#fail(new Error(`the Agent disconnected: ${reason_code} ${reason}`), record.from_id);
    }
    if (record.record_type.kind !== 'no_session_context') return;
    const msg = decodeMsg(record.record_type.payload);
    if (!msg.ok) return;
    const { msg_id, body } = msg.msg;
    if (body.kind === 'notify') {
      const received = { agent: record.from_id, msg_id, notify: body };
      if (this.#onNotify.length > 0) this.#tell(received);
      else if (this.#early.length < MOST_EARLY) this.#early.push(received);
      return;
    }
    const waiting = this.#waiting.get(msg_id);
    if (waiting === undefined) return;
    this.#waiting.delete(msg_id);
    clearTimeout(waiting.timer);
    waiting.resolve(body);
  }

  #tell(received: ReceivedNotify): void {
    const { agent, msg_id, notify } = received;
    if (notify.send_resp && this.answersNotifies) {
      const { subscription_id } = notify;
      this.send(agent, { msg_id, body: { kind: 'notify_resp', subscription_id } });
    }
    for (const listener of this.#onNotify) listener(received);
  }

  /** Ends what waits for the Agent, or for any. */
  #fail(error: Error, from?: string): void {
    for (const [msg_id, { agent, reject, timer }] of this.#waiting) {
      if (from !== undefined && agent !== from) continue;
      clearTimeout(timer);
      this.#waiting.delete(msg_id);
      reject(error);
    }
  }
}
