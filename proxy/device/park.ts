// The park of one session: what parking decides by, counted and kept, and what is read meanwhile (DESIGN mechanism 2,
// Listening). It outlives every hold, so nothing large of the device may be kept here.
import type { CpeRequest } from '../rpc/methods.ts';
import type { Answer, SafeMethodName } from './access.ts';
import { isParameter } from './ledger.ts';
import type { SessionCalls } from './calls.ts';
import type { HoldCounter } from './hold-counter.ts';
import { parseParking } from './hold-learning.ts';
import type { Link } from './link.ts';
import { decidePark, type ParkDecision } from './parking.ts';
import { readValues } from './read-values.ts';
import type { DeviceContext } from './settings.ts';
import { modelOf } from './trees.ts';

/** What the parks of one node share. */
export interface ParkShared {
  readonly holds: HoldCounter;
  /** Parks on this node now. */
  parked: number;
  stopping: boolean;
}

export class Park {
  readonly #context: DeviceContext;
  readonly #shared: ParkShared;
  readonly #sessionTimeoutMs: number | undefined;
  #since = 0;
  #lastRequestAt: number | undefined;
  #lastReadAt: number | undefined;
  #counted = false;
  /** Watched names that the CPE does not have. */
  readonly #unreadable = new Set<string>();

  constructor(context: DeviceContext, shared: ParkShared, sessionTimeoutMs: number | undefined) {
    this.#context = context;
    this.#shared = shared;
    this.#sessionTimeoutMs = sessionTimeoutMs;
  }

  /** The CPE has made its empty POST. */
  begin(): void {
    this.#since = this.#context.clock.now();
  }

  /** A request has been served. */
  served(): void {
    this.#lastRequestAt = this.#context.clock.now();
  }

  /** The CPE is parked now, or not any more. */
  count(parked: boolean): void {
    if (parked === this.#counted) return;
    this.#counted = parked;
    this.#shared.parked += parked ? 1 : -1;
  }

  decide(link: Link, calls: SessionCalls): ParkDecision {
    const { settings, clock, isAlive } = this.#context;
    const { facts, parking, attachments, quiet } = calls.record;
    const now = clock.now();
    return decidePark(settings.park, {
      policy: calls.behaviour.park,
      now,
      parkedSince: this.#since,
      heldSince: link.heldSince,
      lastRequestAt: this.#lastRequestAt,
      lastPollAt: this.#lastReadAt,
      attached: attachments.some((incarnation) => isAlive(incarnation)),
      watched: [...calls.ledger.keys()].filter(isParameter).length,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      learnedHoldMs: this.#shared.holds.learned(calls.record, parseParking(parking)),
      closing: calls.closing,
      quiet: quiet !== undefined && quiet.until > now,
      listens: link.mayHold,
      askable: facts.root !== '',
      full: !this.#counted && this.#shared.parked >= settings.parkCap,
      stopping: this.#shared.stopping,
    });
  }

  /** Reads what was decided. What the values reveal is left to the caller. */
  async read(kind: 'poll' | 'ask', calls: SessionCalls): Promise<void> {
    const read = <N extends SafeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>> => {
      const { clock, settings } = this.#context;
      return calls.call(method, request, clock.now() + settings.rpcTimeoutMs, 'deadline');
    };
    if (kind === 'poll') await this.#poll(calls, read);
    else await read('GetParameterValues', { ParameterNames: [`${calls.record.facts.root}DeviceInfo.SoftwareVersion`] });
    this.#lastReadAt = this.#context.clock.now();
    this.#shared.holds.held(modelOf(calls.record));
  }

  /** Reads what is watched. One name that is gone must not hide the others (quirk 21): it is left out from then on. */
  async #poll(
    calls: SessionCalls,
    read: <N extends SafeMethodName>(method: N, request: CpeRequest<N>) => Promise<Answer<N>>,
  ): Promise<void> {
    const taught = calls.taught;
    if (taught !== undefined) await taught;
    const { ledger, readBatch, memory } = calls;
    const names = [...ledger.keys()].filter(isParameter);
    const readable = names.filter((name) => !this.#unreadable.has(name));
    const { missing } = await readValues({ readBatch, read, memory }, readable.length === 0 ? names : readable);
    for (const name of missing) this.#unreadable.add(name);
  }
}
