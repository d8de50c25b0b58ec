// The connections of this node: found by the return path of a request, or by Controller and Agent for a Notify. An Agent's
// Connect Record goes before its own first Record on each of them, and anew after a Disconnect Record (R-MTP.8).
import { encodeRecord, plainRecord, type RecordType } from '../usp/record.ts';
import type { CloseReason, Connection } from './connection.ts';

interface Open {
  readonly connection: Connection;
  /** Agents whose Connect Record has gone out here, with no Disconnect since. */
  readonly greeted: Set<string>;
}

/** The connections of one Controller: at most one for all Agents, and one for each single Agent (R-WS.4). */
interface Ways {
  all: Open | undefined;
  readonly own: Map<string, Open>;
}

const CONNECT: RecordType = { kind: 'websocket_connect' };

export class Connections {
  readonly #incarnation: string;
  readonly #open = new Map<string, Open>();
  readonly #ways = new Map<string, Ways>();

  constructor(incarnation: string) {
    this.#incarnation = incarnation;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Takes a connection in; an older one of the same pair is closed (R-WS.4), and nothing is sent there any more. But what
   * an Agent has dialled by itself stands, and a Controller's own is closed beside it: else each would end the other for
   * ever, since a dial that is lost is made anew. False when it was the new one that was closed.
   */
  add(connection: Connection): boolean {
    const { tenant, controller, scope } = connection;
    const ways = this.#ways.get(nameOf(tenant, controller));
    const older = scope.kind === 'all' ? ways?.all : ways?.own.get(scope.endpointId);
    if (older?.connection.dialled === true && connection.dialled !== true) {
      connection.close('agent-dials');
      return false;
    }
    if (older !== undefined) {
      this.remove(older.connection);
      older.connection.close('replaced');
    }
    const open: Open = { connection, greeted: new Set() };
    this.#open.set(connection.id, open);
    this.#place(open);
    if (scope.kind === 'agent') this.#greet(open, scope.endpointId);
    return true;
  }

  /** Forgets a connection that is over or about to be; once is enough, more do no harm. */
  remove({ id, tenant, controller, scope }: Connection): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    const name = nameOf(tenant, controller);
    const ways = this.#ways.get(name);
    if (ways === undefined) return;
    if (scope.kind === 'all') ways.all = undefined;
    else ways.own.delete(scope.endpointId);
    if (ways.all === undefined && ways.own.size === 0) this.#ways.delete(name);
  }

  returnPathOf(connection: Connection): string {
    return `${this.#incarnation}/${connection.id}`;
  }

  has(tenant: string, controller: string): boolean {
    return this.#ways.has(nameOf(tenant, controller));
  }

  /** How many a Controller has beside the one that a new one of this scope would take the place of (R-WS.4). */
  beside({ tenant, controller, scope }: Pick<Connection, 'tenant' | 'controller' | 'scope'>): number {
    const ways = this.#ways.get(nameOf(tenant, controller));
    if (ways === undefined) return 0;
    const replaced = scope.kind === 'all' ? ways.all !== undefined : ways.own.has(scope.endpointId);
    return ways.own.size + (ways.all === undefined ? 0 : 1) - (replaced ? 1 : 0);
  }

  /** All of a Controller's connections. */
  of(tenant: string, controller: string): readonly Connection[] {
    const ways = this.#ways.get(nameOf(tenant, controller));
    if (ways === undefined) return [];
    const own = [...ways.own.values()];
    return (ways.all === undefined ? own : [ways.all, ...own]).map(({ connection }) => connection);
  }

  /** Where an Agent's Notify goes: its own connection is preferred. Undefined when the Controller is not here. */
  wayTo(tenant: string, controller: string, agent: string): Connection | undefined {
    const ways = this.#ways.get(nameOf(tenant, controller));
    return (ways?.own.get(agent) ?? ways?.all)?.connection;
  }

  /** Sends an Agent's Record where a request came from; false when that way is gone, or another node's. */
  answer(returnPath: string, agent: string, record: RecordType): boolean {
    const connection = this.ofReturnPath(returnPath);
    return connection !== undefined && this.send(connection, agent, record);
  }

  /** Where a request came from; undefined when that way is gone, or another node's. */
  ofReturnPath(returnPath: string): Connection | undefined {
    const slash = returnPath.indexOf('/');
    if (returnPath.slice(0, slash) !== this.#incarnation) return undefined;
    return this.#open.get(returnPath.slice(slash + 1))?.connection;
  }

  /** Sends an Agent's Record on a connection; false when it is over. */
  send({ id }: Connection, agent: string, record: RecordType): boolean {
    const open = this.#open.get(id);
    return open !== undefined && this.#send(open, agent, record);
  }

  /** A Disconnect Record came, or went: the Agent's next Record is a Connect Record again (R-MTP.8). */
  disconnected({ id }: Connection, agent: string): void {
    this.#open.get(id)?.greeted.delete(agent);
  }

  closeAll(reason: CloseReason): void {
    for (const { connection } of [...this.#open.values()]) {
      this.remove(connection);
      connection.close(reason);
    }
  }

  #place(open: Open): void {
    const { tenant, controller, scope } = open.connection;
    const name = nameOf(tenant, controller);
    const ways = this.#ways.get(name) ?? { all: undefined, own: new Map<string, Open>() };
    if (scope.kind === 'all') ways.all = open;
    else ways.own.set(scope.endpointId, open);
    this.#ways.set(name, ways);
  }

  #greet(open: Open, agent: string): void {
    if (open.greeted.has(agent)) return;
    open.greeted.add(agent);
    open.connection.send(encodeRecord(plainRecord(open.connection.controller, agent, CONNECT)));
  }

  #send(open: Open, agent: string, record: RecordType): boolean {
    this.#greet(open, agent);
    return open.connection.send(encodeRecord(plainRecord(open.connection.controller, agent, record)));
  }
}

const nameOf = (tenant: string, controller: string): string => `${tenant}/${controller}`;
