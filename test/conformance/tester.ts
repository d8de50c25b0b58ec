// The Controller of the plan's "traffic generator": it speaks over a real WebSocket, keeps every Record that goes by, and
// waits for answers and Notifies by event.
import { once } from 'node:events';
import type { TLSSocketOptions } from 'node:tls';
import WebSocket from 'ws';
import { encodeEid } from '../../proxy/usp/eid.ts';
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { BodyOf, UspBody, UspMsg } from '../../proxy/usp/msg.ts';
import type { NotifyRequest } from '../../proxy/usp/messages/notify.ts';
import { decodeRecord, encodeRecord, plainRecord, type RecordType, type UspRecord } from '../../proxy/usp/record.ts';
import { get } from '../agent/requests.ts';
import { Unmet } from './case.ts';
import { universalFaults, wholePayload } from './universal.ts';

/** Only to name what did not come, instead of hanging: nothing waits for it where all is well. */
const PATIENCE_MS = 15_000;

export interface Notify extends NotifyRequest {
  readonly msg_id: string;
}

export interface TesterOptions {
  readonly url: string;
  readonly agent: string;
  readonly eid: string;
  /** One socket for the Agent alone, unless told: `/usp` is for all. */
  readonly resource?: 'agent' | 'all';
  /** Shown as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** The certificate that it shows. */
  readonly shows?: Pick<TLSSocketOptions, 'cert' | 'key'>;
  /** Of a gateway that speaks TLS: its CA. */
  readonly ca?: string | undefined;
}

export class Tester {
  readonly eid: string;
  readonly #agent: string;
  readonly socket: WebSocket;
  readonly #bodies: UspMsg[] = [];
  readonly #notifies: Notify[] = [];
  readonly records: UspRecord[] = [];
  /** What the universal metrics found wrong since they were last looked at. */
  readonly faults: string[] = [];
  /** Bytes of the longest Record that came. */
  longest = 0;
  /** Records of both directions. */
  seen = 0;
  readonly #waiting = new Set<() => void>();
  #sequence = 0;
  /** A Notify that asks for it is answered at once; switch off to see it again. */
  answers = true;

  private constructor(options: TesterOptions, socket: WebSocket) {
    this.eid = options.eid;
    this.#agent = options.agent;
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('close', () => this.#ring());
    socket.on('error', () => undefined);
  }

  static async connect(options: TesterOptions): Promise<Tester> {
    const { url, agent, eid, resource = 'agent', token, shows, ca } = options;
    const path = resource === 'all' ? '' : `/${encodeEid(agent)}`;
    const socket = new WebSocket(`${url}/usp${path}?eid=${encodeEid(eid)}`, 'v1.usp', {
      perMessageDeflate: false,
      ...(ca !== undefined && { ca }),
      ...shows,
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
    const tester = new Tester(options, socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return tester;
  }

  /** The Controller's side of a connection that the Agent has opened. */
  static over(options: TesterOptions, socket: WebSocket): Tester {
    return new Tester(options, socket);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close(1000);
    await once(this.socket, 'close');
  }

  nextMsgId(): string {
    this.#sequence += 1;
    return `${this.eid}-${process.pid}-${this.#sequence}`;
  }

  /** Sends a Msg and expects nothing. */
  send(body: UspBody, msg_id = this.nextMsgId()): string {
    this.sendRecord({ kind: 'no_session_context', payload: encodeMsg({ msg_id, body }) });
    return msg_id;
  }

  sendRecord(type: RecordType): void {
    const bytes = encodeRecord(plainRecord(this.#agent, this.eid, type));
    this.#look(bytes, 'from the Controller');
    this.sendBytes(bytes);
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.send(bytes, { binary: true });
  }

  /** The answer, be it an Error. */
  async ask(body: UspBody): Promise<UspBody> {
    const msg_id = this.send(body);
    return this.until(`an answer to ${body.kind}`, () => {
      const at = this.#bodies.findIndex((msg) => msg.msg_id === msg_id);
      return at < 0 ? undefined : this.#bodies.splice(at, 1)[0]?.body;
    });
  }

  /** The answer, which the plan says is of this kind. */
  async expect<K extends UspBody['kind']>(kind: K, body: UspBody): Promise<BodyOf<K>> {
    const answer = await this.ask(body);
    if (answer.kind !== kind) {
      throw new Unmet(`${body.kind} is answered by ${kind}`, brief(answer));
    }
    // The kind was just compared.
    return answer as BodyOf<K>;
  }

  /** All that was sent before has been taken in when this resolves. */
  async fence(): Promise<void> {
    await this.ask(get('Device.LocalAgent.EndpointID'));
  }

  /** The next Notify that nobody has taken. */
  notify(accept: (notify: Notify) => boolean = () => true): Promise<Notify> {
    return this.until('a Notify', () => {
      const at = this.#notifies.findIndex(accept);
      return at < 0 ? undefined : this.#notifies.splice(at, 1)[0];
    });
  }

  /** Notifies that nobody has taken. */
  get waiting(): readonly Notify[] {
    return this.#notifies;
  }

  forget(): void {
    this.#notifies.splice(0);
    this.#bodies.splice(0);
    this.records.splice(0);
    this.longest = 0;
  }

  /** Answers that nobody asked `ask` for: to msg_ids of `send`. */
  get unclaimed(): readonly UspMsg[] {
    return this.#bodies;
  }

  respond({ msg_id, subscription_id }: Notify): void {
    this.send({ kind: 'notify_resp', subscription_id }, msg_id);
  }

  /** Resolves with what `look` finds, looked at whenever something comes. */
  until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined) resolve(found);
        else if (this.socket.readyState < WebSocket.CLOSING) return;
        else reject(new Unmet(`${what} comes`, 'the connection was closed'));
        end();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Unmet(`${what} comes`, 'nothing came'));
      }, PATIENCE_MS);
      this.#waiting.add(check);
      check();
    });
  }

  #look(bytes: Uint8Array, direction: Parameters<typeof universalFaults>[1]): void {
    this.seen += 1;
    this.faults.push(...universalFaults(bytes, direction).map((fault) => `${direction}: ${fault}`));
  }

  #receive(bytes: Buffer): void {
    this.#look(bytes, 'from the Agent');
    this.longest = Math.max(this.longest, bytes.length);
    const decoded = decodeRecord(bytes);
    if (!decoded.ok) return;
    this.records.push(decoded.record);
    const payload = wholePayload(decoded.record);
    const msg = payload === undefined ? undefined : decodeMsg(payload);
    if (msg?.ok === true) this.#take(msg.msg);
    this.#ring();
  }

  #ring(): void {
    for (const check of [...this.#waiting]) check();
  }

  #take({ msg_id, body }: UspMsg): void {
    if (body.kind !== 'notify') {
      this.#bodies.push({ msg_id, body });
      return;
    }
    const notify = { ...body, msg_id };
    this.#notifies.push(notify);
    if (body.send_resp && this.answers) this.respond(notify);
  }
}

/** A body on one line, short enough for a note. */
export const brief = (body: UspBody): string => JSON.stringify(body, withMaps).slice(0, 300);

const withMaps = (_key: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries<unknown>(value) : value;
