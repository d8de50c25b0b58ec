// A small USP Controller over WebSocket: requests with their answers, and Notifies as they come. Used by the command line,
// the demo and the tests.
import { once } from 'node:events';
import WebSocket from 'ws';
import { encodeEid } from '../../usp/eid.ts';
import { decodeMsg, encodeMsg } from '../../usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../../usp/msg.ts';
import type { NotifyRequest } from '../../usp/messages/notify.ts';
import { decodeRecord, encodeRecord, plainRecord, type UspRecord } from '../../usp/record.ts';

export interface ControllerOptions {
  /** `ws://127.0.0.1:8080` */
  readonly url: string;
  /** Endpoint ID of this Controller. */
  readonly controller: string;
  /** Endpoint ID of one Agent, for its own resource; undefined: one socket for all Agents. */
  readonly agent?: string;
  readonly token?: string;
  readonly timeoutMs?: number;
}

export interface ReceivedNotify {
  readonly agent: string;
  readonly msg_id: string;
  readonly notify: NotifyRequest;
}

const DEFAULT_TIMEOUT_MS = 40_000;

interface Waiting {
  readonly resolve: (body: UspBody) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #onNotify: ((notify: ReceivedNotify) => void)[] = [];
  readonly #onRecord: ((record: UspRecord) => void)[] = [];
  #sequence = 0;
  /** Answers Notifies that ask for it; switch off to be a Controller that does not. */
  answersNotifies = true;

  private constructor(options: ControllerOptions, socket: WebSocket) {
    this.#options = options;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('close', (code, reason) =>
      this.#failAll(new Error(`the gateway closed the connection: ${code} ${reason.toString()}`)),
    );
  }

  /** Rejects with what the gateway said when it refuses the connection. */
  static async connect(options: ControllerOptions): Promise<Controller> {
    const agent = options.agent === undefined ? '' : `/${encodeEid(options.agent)}`;
    const url = `${options.url}/usp${agent}?eid=${encodeEid(options.controller)}`;
    const headers = options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
    const socket = new WebSocket(url, 'v1.usp', { headers, perMessageDeflate: false });
    const refused = new Promise<never>((_resolve, reject) => {
      socket.on('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
        });
        response.on('end', () =>
          reject(new Error(`${options.url} refused: ${response.statusCode ?? 0} ${text.trim()}`)),
        );
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
  }

  onRecord(listener: (record: UspRecord) => void): void {
    this.#onRecord.push(listener);
  }

  nextMsgId(): string {
    this.#sequence += 1;
    return `${process.pid}-${this.#sequence}`;
  }

  /** The answer's body, an Error included; rejects when none comes in time. */
  request(agent: string, body: UspBody, msg_id: string = this.nextMsgId()): Promise<UspBody> {
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(msg_id);
        reject(new Error(`no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.#waiting.set(msg_id, { resolve, reject, timer });
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
    if (record.record_type.kind !== 'no_session_context') return;
    const msg = decodeMsg(record.record_type.payload);
    if (!msg.ok) return;
    const { msg_id, body } = msg.msg;
    if (body.kind === 'notify') {
      if (body.send_resp && this.answersNotifies) {
        const { subscription_id } = body;
        this.send(record.from_id, { msg_id, body: { kind: 'notify_resp', subscription_id } });
      }
      for (const listener of this.#onNotify) listener({ agent: record.from_id, msg_id, notify: body });
      return;
    }
    const waiting = this.#waiting.get(msg_id);
    if (waiting === undefined) return;
    this.#waiting.delete(msg_id);
    clearTimeout(waiting.timer);
    waiting.resolve(body);
  }

  #failAll(error: Error): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}
