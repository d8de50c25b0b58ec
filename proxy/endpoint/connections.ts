// The connections of this node: found by the return path of a request, or by Controller and Agent for a Notify. An Agent's
// Connect Record goes before its own first Record on each of them (R-MTP.8).
import { encodeRecord, plainRecord, type RecordType } from '../usp/record.ts';
import type { CloseReason, Connection } from './connection.ts';

interface Open {
  readonly connection: Connection;
  /** Agents whose Connect Record has gone out here. */
  readonly connected: Set<string>;
}

const CONNECT: RecordType = { kind: 'websocket_connect' };

export class Connections {
  readonly #incarnation: string;
  readonly #open = new Map<string, Open>();
  readonly #byController = new Map<string, Set<Open>>();

  constructor(incarnation: string) {
    this.#incarnation = incarnation;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Takes a connection in; an older one of the same pair is closed (R-WS.4). */
  add(connection: Connection): void {
    const open: Open = { connection, connected: new Set() };
    const { tenant, controller, scope } = connection;
    const others = this.#of(tenant, controller);
    for (const other of [...others]) {
      if (sameScope(other.connection, connection)) other.connection.close('replaced');
    }
    this.#open.set(connection.id, open);
    this.#byController.set(nameOf(tenant, controller), new Set([...others, open]));
    if (scope.kind === 'agent') this.#greet(open, scope.endpointId);
  }

  remove(connection: Connection): void {
    const open = this.#open.get(connection.id);
    if (open === undefined) return;
    this.#open.delete(connection.id);
    const name = nameOf(connection.tenant, connection.controller);
    const left = this.#byController.get(name);
    left?.delete(open);
    if (left?.size === 0) this.#byController.delete(name);
  }

  returnPathOf(connection: Connection): string {
    return `${this.#incarnation}/${connection.id}`;
  }

  has(tenant: string, controller: string): boolean {
    return this.#byController.has(nameOf(tenant, controller));
  }

  /** Sends an Agent's Record where a request came from; false when that way is gone, or another node's. */
  answer(returnPath: string, agent: string, record: RecordType): boolean {
    const slash = returnPath.indexOf('/');
    if (returnPath.slice(0, slash) !== this.#incarnation) return false;
    const open = this.#open.get(returnPath.slice(slash + 1));
    return open !== undefined && this.#send(open, agent, record);
  }

  /** Sends an Agent's Record to a Controller; the Agent's own connection is preferred. */
  notify(tenant: string, controller: string, agent: string, record: RecordType): boolean {
    const open = [...this.#of(tenant, controller)];
    const own = open.find(({ connection: { scope } }) => scope.kind === 'agent' && scope.endpointId === agent);
    const way = own ?? open.find(({ connection: { scope } }) => scope.kind === 'all');
    return way !== undefined && this.#send(way, agent, record);
  }

  closeAll(reason: CloseReason): void {
    for (const { connection } of [...this.#open.values()]) connection.close(reason);
  }

  #of(tenant: string, controller: string): ReadonlySet<Open> {
    return this.#byController.get(nameOf(tenant, controller)) ?? new Set();
  }

  #greet(open: Open, agent: string): void {
    if (open.connected.has(agent)) return;
    open.connected.add(agent);
    open.connection.send(encodeRecord(plainRecord(open.connection.controller, agent, CONNECT)));
  }

  #send(open: Open, agent: string, record: RecordType): boolean {
    this.#greet(open, agent);
    return open.connection.send(encodeRecord(plainRecord(open.connection.controller, agent, record)));
  }
}

const nameOf = (tenant: string, controller: string): string => `${tenant}/${controller}`;

const sameScope = ({ scope: one }: Connection, { scope: other }: Connection): boolean =>
  one.kind === 'agent' ? other.kind === 'agent' && other.endpointId === one.endpointId : other.kind === 'all';
