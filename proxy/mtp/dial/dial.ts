// One dial at work: the state machine with its timer, its turn in the queue, its handshake and its connection.
import type WebSocket from 'ws';
import type { DialTarget } from '../../agent/local-agent/dial-targets.ts';
import type { Timer } from '../../operate/clock.ts';
import type { Connection } from '../../endpoint/connection.ts';
import { openConnection, type SocketContext } from '../socket.ts';
import type { DialFailure } from './failures.ts';
import { beginHandshake, type Handshake, type HandshakeContext } from './handshake.ts';
import { type DialEffect, type DialInput, type DialState, IDLE, stepDial } from './machine.ts';
import type { StartQueue } from './start-queue.ts';

export interface DialContext extends SocketContext, HandshakeContext {
  readonly queue: StartQueue;
  /** Where the row has no KeepAliveInterval. */
  readonly pingMs: number;
  /** The Controller can be told what waits for it at this Agent. */
  readonly connected: (target: DialTarget) => void;
  /** Nothing is wanted of this dial any more, and nothing is left of it. */
  readonly ended: (dial: Dial) => void;
}

const placeOf = ({ host, port, encrypted }: DialTarget): string => `${host}:${port ?? (encrypted ? 443 : 80)}`;

export class Dial {
  /** Endpoint ID. */
  readonly controller: string;
  readonly #context: DialContext;
  #state: DialState = IDLE;
  #timer: Timer | undefined;
  /** Where it stands in the queue, or has a handshake, or a connection. */
  #place: string | undefined;
  #handshake: Handshake | undefined;
  #connection: Connection | undefined;
  /** Called when the connection is gone. */
  #gone: () => void = () => undefined;

  constructor(context: DialContext, controller: string) {
    this.#context = context;
    this.controller = controller;
  }

  /** Tries since it was last open, as CurrentRetryCount of TR-181 counts them. */
  get retries(): number {
    return this.#state.kind === 'waiting' || this.#state.kind === 'connecting' ? this.#state.retries : 0;
  }

  get isOpen(): boolean {
    return this.#state.kind === 'open';
  }

  feed(input: DialInput): void {
    const random = Buffer.from(this.#context.randomness(4)).readUInt32BE() / 2 ** 32;
    const { state, effects } = stepDial(this.#state, input, random);
    const wasIdle = this.#state.kind === 'idle';
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    if (state.kind !== 'idle' || wasIdle) return;
    this.#moveTo(undefined);
    this.#context.ended(this);
  }

  /** Lets go of everything; resolves when a connection that was open is gone. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#abandon();
    this.#state = IDLE;
    if (this.#connection === undefined) return;
    const gone = new Promise<void>((resolve) => (this.#gone = resolve));
    this.#connection.close('stopping');
    await gone;
  }

  #do(effect: DialEffect): void {
    switch (effect.kind) {
      case 'connect':
        this.#moveTo(placeOf(effect.target));
        this.#context.queue.enter(placeOf(effect.target), this, () => this.#begin(effect.target));
        return;
      case 'abandon':
        this.#abandon();
        return;
      case 'close':
        this.#connection?.close(effect.reason);
        return;
      case 'wait':
        this.#timer = this.#context.clock.after(effect.ms, () => this.feed({ kind: 'timer' }));
        return;
      case 'stop-waiting':
        this.#timer?.cancel();
    }
  }

  #begin(target: DialTarget): void {
    this.#handshake = beginHandshake(this.#context, target, {
      opened: (webSocket) => this.#opened(target, webSocket),
      failed: (reason, error) => this.#failed(target, reason, error),
    });
  }

  #opened(target: DialTarget, webSocket: WebSocket): void {
    const { connections, connected, metrics, pingMs } = this.#context;
    this.#handshake = undefined;
    this.#leaveQueue();
    metrics.count('dial', 'open');
    const scope = { kind: 'agent', key: target.key, endpointId: target.agent } as const;
    // Who it is says the row that was dialled; what it may, its AssignedRole alone: nothing was shown that names more roles.
    const standing = { standing: 'roles', roles: [] } as const;
    const peer = { tenant: target.key.tenant, controller: target.controller, ...standing, scope, dialled: true };
    const connection = openConnection(this.#context, webSocket, peer, target.keepAliveMs ?? pingMs);
    this.#connection = connection;
    webSocket.once('close', () => {
      this.#connection = undefined;
      this.#gone();
      this.feed({ kind: 'closed' });
    });
    this.feed({ kind: 'opened' });
    connections.add(connection);
    connected(target);
  }

  #failed({ key, controller, host }: DialTarget, reason: DialFailure, error: Error | undefined): void {
    const { metrics, log } = this.#context;
    this.#handshake = undefined;
    this.#leaveQueue();
    metrics.count('dial', reason);
    log.debug({ device: key.device, controller, host, reason, err: error }, 'a Controller could not be dialled');
    this.feed({ kind: 'failed' });
  }

  #abandon(): void {
    this.#handshake?.abandon();
    this.#handshake = undefined;
    this.#leaveQueue();
  }

  #leaveQueue(): void {
    if (this.#place !== undefined) this.#context.queue.done(this.#place, this);
  }

  #moveTo(place: string | undefined): void {
    if (place === this.#place) return;
    if (place !== undefined) this.#context.queue.join(place);
    if (this.#place !== undefined) this.#context.queue.leave(this.#place);
    this.#place = place;
  }
}
