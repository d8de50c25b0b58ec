// NodeSteps on Redis: until when each incarnation is alive, by the clock of its node; a node's clock that is off by a
// heartbeat's time makes it look dead, or alive for that long.
import type { NodeSteps } from '../node-steps.ts';
import type { Connection } from './connection.ts';
import type { Indexes } from './indexes.ts';
import { NODES } from './layout.ts';

export class RedisNodes implements NodeSteps {
  readonly #connection: Connection;
  readonly #indexes: Indexes;

  constructor(connection: Connection, indexes: Indexes) {
    this.#connection = connection;
    this.#indexes = indexes;
  }

  async heartbeat(incarnation: string, at: number, ttlMs: number): Promise<void> {
    await this.#connection.send((redis) => redis.hset(NODES, incarnation, String(at + ttlMs)));
  }

  listAlive(now: number): Promise<readonly string[]> {
    return this.#list((until) => until > now);
  }

  listDead(now: number): Promise<readonly string[]> {
    return this.#list((until) => until <= now);
  }

  forgetIncarnation(incarnation: string): Promise<void> {
    return this.#indexes.forgetIncarnation(incarnation);
  }

  async #list(wanted: (until: number) => boolean): Promise<readonly string[]> {
    const beats = await this.#connection.send((redis) => redis.hgetall(NODES));
    return Object.entries(beats).flatMap(([incarnation, until]) => (wanted(Number(until)) ? [incarnation] : []));
  }
}
