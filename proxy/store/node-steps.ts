// Steps on nodes: one run of one node is an incarnation, alive while its heartbeat is young.
export interface NodeSteps {
  /** Alive, or alive again, until `at + ttlMs`. */
  heartbeat(incarnation: string, at: number, ttlMs: number): Promise<void>;
  /** Incarnations whose heartbeat has not run out. */
  listAlive(now: number): Promise<readonly string[]>;
  /** Known incarnations that are dead by `now`, to be looked after and then forgotten. */
  listDead(now: number): Promise<readonly string[]>;
  forgetIncarnation(incarnation: string): Promise<void>;
}
