// One session of a CPE as its owner sees it: the mailbox has the link, entry by entry; when nothing waits, parking
// decides. It ends with the device released in the store, whatever happened.
import { deferred } from '../operate/deferred.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry } from '../store/mailbox-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import type { CpeRequest, AcsMethodName } from '../rpc/methods.ts';
import { type Answer, RunInterrupted, type SafeMethodName } from './access.ts';
import { SessionCalls } from './calls.ts';
import { Derivation } from './derivation.ts';
import { applySettled, settleDoubt } from './doubt.ts';
import { reportEvent, valuesEvent } from './events.ts';
import type { HoldCounter } from './hold-counter.ts';
import { formatParking, noteHangUp, parseParking } from './hold-learning.ts';
import type { InformEvidence } from './journal/proof.ts';
import type { Link, LossReason } from './link.ts';
import { decidePark, type ParkDecision, type ParkEnd } from './parking.ts';
import { readValues } from './read-values.ts';
import type { DeviceContext } from './settings.ts';
import { modelOf, type Trees } from './trees.ts';
import { runTurn, settleLate, type Turn, type Unsettled } from './turn.ts';

/** How the session came to its end, by the south edge. */
export interface SessionEnd {
  readonly reason: 'done' | LossReason;
  /** How long the CPE had been held when it hung up; undefined when it was not held. */
  readonly heldMs: number | undefined;
}

export interface SessionStart {
  readonly record: DeviceRecord;
  readonly template: TemplateRecord;
  readonly evidence: InformEvidence;
  readonly sessionTimeoutMs: number | undefined;
}

/** What the sessions of one node share. */
export interface SessionShared {
  readonly trees: Trees;
  readonly holds: HoldCounter;
  /** Parks on this node now. */
  parked: number;
  stopping: boolean;
  /** The watched parameters of a device are to be armed anew. */
  arm(key: DeviceKey, force: boolean): void;
  /** The session is over; `waiting` requests want the CPE back. */
  over(session: DeviceSession, waiting: number): void;
}

/** The store did not take the release: it is offered again after this. */
const RELEASE_AGAIN_MS = 1000;
const TAKEN_OVER = 'another session has taken the device over';

export class DeviceSession {
  readonly key: DeviceKey;
  readonly epoch: number;
  readonly #context: DeviceContext;
  readonly #shared: SessionShared;
  readonly #sessionTimeoutMs: number | undefined;
  readonly #evidence: InformEvidence;
  readonly #derivation: Derivation;
  /** Given up while the CPE is held, and read again when it is wanted. */
  #record: DeviceRecord | undefined;
  /** Others have changed what is stored of the device, maybe while it was being read. */
  #stale = false;
  #calls: SessionCalls | undefined;
  #link: Link | undefined;
  #parkedSince = 0;
  #lastRequestAt: number | undefined;
  #lastPollAt: number | undefined;
  #parked = false;
  /** Something may wait in the mailbox. */
  #mayWait: boolean;
  /** An entry that enqueueing took for us at once. */
  #taken: MailboxEntry | undefined;
  /** Set while the CPE is held: ends the hold. */
  #wakeUp: (() => void) | undefined;
  #released = false;
  #end: SessionEnd | undefined;
  /** The tree is asked for once a session: a CPE that refuses is not asked for ever. */
  #treeAsked = false;
  /** Outcomes that the store could not take yet. */
  readonly #unsettled: Unsettled[] = [];
  readonly #unreadable = new Set<string>();

  constructor(context: DeviceContext, shared: SessionShared, start: SessionStart) {
    this.#context = context;
    this.#shared = shared;
    this.#record = start.record;
    this.key = start.record.key;
    this.epoch = start.record.epoch;
    this.#evidence = start.evidence;
    this.#sessionTimeoutMs = start.sessionTimeoutMs;
    this.#mayWait = start.record.waiting > 0;
    this.#derivation = new Derivation(context, this.key, (arm) => {
      this.#record = undefined;
      if (arm !== 'no') shared.arm(this.key, arm === 'force');
    });
    this.#derivation.begin(start.record, start.template);
  }

  /** The CPE is held and nothing waits: an entry that is enqueued now may start at once. */
  get idle(): boolean {
    return this.#wakeUp !== undefined && this.#taken === undefined && this.#link?.over === false;
  }

  /** A report of the CPE's own; it may be acknowledged when this says `done` or `repeat`. */
  async report(method: AcsMethodName, value: unknown): Promise<'done' | 'repeat' | 'stale'> {
    const { store, clock } = this.#context;
    const event = reportEvent(clock.now(), { method, value });
    const saved = await store.devices.saveReport(this.key, this.epoch, JSON.stringify([method, value]), event);
    if (saved === 'done') this.#derivation.again();
    return saved;
  }

  /** The CPE has made its empty POST: the link is ours. Resolves when it is not any more. */
  async serve(link: Link): Promise<void> {
    this.#link = link;
    this.#parkedSince = this.#context.clock.now();
    try {
      await this.#derivation.settled;
      await this.#settleDoubts(link);
      while (!link.over) {
        const next = await this.#turn(link);
        if (next === 'over') break;
        // Held from here, where nothing that the turn has worked with is in reach: a hold is long, and there are many.
        if (next !== 'again') await this.#hold(next.until);
      }
    } catch (error) {
      if (!(error instanceof RunInterrupted)) this.#fail('serve', error);
    } finally {
      this.#countPark(false);
      link.end();
    }
  }

  /** A request for this device has come, or something it caches has changed. */
  ring(): void {
    this.#mayWait = true;
    this.#stale = true;
    this.#wakeUp?.();
  }

  /** An entry that the store already marked as running under our epoch. */
  start(entry: MailboxEntry): void {
    this.#taken = entry;
    this.#wakeUp?.();
  }

  /** What is stored of the device has changed: it is read again. */
  renew(): void {
    this.#stale = true;
  }

  /** Events that an earlier derivation left. */
  async deriveAgain(): Promise<undefined> {
    this.#derivation.again();
    await this.#derivation.settled;
  }

  /** The south edge has closed the session; whatever runs will find the link lost. */
  async ended(end: SessionEnd): Promise<void> {
    this.#end = end;
    this.#wakeUp?.();
    await this.#derivation.settled;
    // A device that is not given up could not be called any more.
    while (!(await this.#tryRelease()) && !this.#shared.stopping) {
      await new Promise<void>((resolve) => this.#context.clock.after(RELEASE_AGAIN_MS, resolve));
    }
  }

  async #tryRelease(): Promise<boolean> {
    try {
      return await this.#release(true);
    } catch (error) {
      this.#fail('release', error);
      return false;
    }
  }

  async #turn(link: Link): Promise<'again' | 'over' | { readonly until: number }> {
    // Still away: the session ends, and the release asks again and again.
    await this.#settleLate();
    const turn = await this.#next();
    if (turn !== undefined) {
      await this.#run(turn, link);
      return 'again';
    }
    const calls = await this.#use(link);
    // An entry may have given up waiting for an answer that is still to come.
    await calls.answered;
    if (!this.#treeAsked && calls.treeIsDue(this.#context.clock.now())) {
      this.#treeAsked = true;
      await calls.discover(this.#patience());
      return 'again';
    }
    const decision = this.#decide(link, calls);
    if (decision.kind === 'hold') return decision;
    if (decision.kind === 'end') return (await this.#finish(decision.reason)) ? 'over' : 'again';
    await this.#read(decision.kind, calls);
    return 'again';
  }

  async #next(): Promise<Turn | undefined> {
    // What has not begun is left to the next run; the release puts it back.
    if (this.#shared.stopping) return undefined;
    if (this.#taken !== undefined) {
      const entry = this.#taken;
      this.#taken = undefined;
      return { entry, steps: [] };
    }
    if (!this.#mayWait || this.#calls?.closing === true) return undefined;
    this.#mayWait = false;
    const taken = await this.#context.store.mailbox.take(this.key, this.epoch);
    if (taken.kind === 'stale') throw new RunInterrupted('link-lost', TAKEN_OVER);
    if (taken.kind === 'empty') return undefined;
    this.#mayWait = true;
    return taken;
  }

  async #run(turn: Turn, link: Link): Promise<void> {
    this.#countPark(false);
    // Whatever others changed since the last look counts from here on.
    this.#record = undefined;
    const calls = await this.#use(link);
    const { raised, unsettled } = await runTurn(this.#context, calls, this.epoch, turn, (step, limit) =>
      settleDoubt(calls, step, this.#evidence, limit),
    );
    if (unsettled !== undefined) this.#unsettled.push(unsettled);
    this.#lastRequestAt = this.#context.clock.now();
    if (raised) this.#derivation.again();
    await calls.saveTree();
  }

  /** The session's calls, on a record that is as new as the store's. */
  async #use(link: Link): Promise<SessionCalls> {
    if (this.#stale) this.#record = undefined;
    this.#stale = false;
    const record = this.#record ?? (await this.#context.store.devices.readDevice(this.key));
    if (record?.epoch !== this.epoch) throw new RunInterrupted('link-lost', TAKEN_OVER);
    this.#record = record;
    this.#calls ??= new SessionCalls(this.#context, this.#shared.trees, link, this.epoch, record);
    this.#calls.renew(record);
    return this.#calls;
  }

  async #settleDoubts(link: Link): Promise<void> {
    const calls = await this.#use(link);
    const doubt = calls.record.inDoubt;
    if (doubt === undefined) return;
    await calls.knownTree();
    applySettled(calls, doubt, await settleDoubt(calls, doubt, this.#evidence, this.#patience()));
    await this.#context.store.devices.clearDoubt(this.key, this.epoch);
    await this.#raiseRevealed(calls);
    await calls.saveTree();
  }

  #decide(link: Link, calls: SessionCalls): ParkDecision {
    const { settings, clock, behaviourOf } = this.#context;
    const { identity, facts, parking, attachments, quiet } = calls.record;
    const now = clock.now();
    return decidePark(settings.park, {
      policy: behaviourOf({ ...identity, SoftwareVersion: facts.SoftwareVersion }).park,
      now,
      parkedSince: this.#parkedSince,
      heldSince: link.heldSince,
      lastRequestAt: this.#lastRequestAt,
      lastPollAt: this.#lastPollAt,
      attached: attachments.some((incarnation) => this.#context.isAlive(incarnation)),
      watched: calls.ledger.size,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      learnedHoldMs: this.#shared.holds.learned(calls.record, parseParking(parking)),
      closing: calls.closing,
      quiet: quiet !== undefined && quiet.until > now,
      full: !this.#parked && this.#shared.parked >= settings.parkCap,
      stopping: this.#shared.stopping,
    });
  }

  /** Holds the CPE until a request comes or the time is over. Nothing of the device stays in memory meanwhile. */
  async #hold(until: number): Promise<void> {
    const { clock } = this.#context;
    if (this.#mayWait || this.#taken !== undefined) return;
    this.#countPark(true);
    this.#record = undefined;
    this.#calls = undefined;
    const wakeUp = deferred<undefined>();
    const timer = clock.after(Math.max(0, until - clock.now()), () => wakeUp.resolve(undefined));
    this.#wakeUp = () => wakeUp.resolve(undefined);
    await wakeUp.promise;
    this.#wakeUp = undefined;
    timer.cancel();
  }

  async #read(kind: 'poll' | 'ask', calls: SessionCalls): Promise<void> {
    const { root } = calls.record.facts;
    if (kind === 'poll') await this.#poll(calls);
    else {
      const ParameterNames = [`${root}DeviceInfo.SoftwareVersion`];
      await calls.call('GetParameterValues', { ParameterNames }, this.#patience(), 'deadline');
    }
    this.#lastPollAt = this.#context.clock.now();
    this.#shared.holds.held(modelOf(calls.record));
    await this.#raiseRevealed(calls);
  }

  /** Reads what is watched. One name that is gone must not hide the others (quirk 21): it is left out from then on. */
  async #poll(calls: SessionCalls): Promise<void> {
    const names = [...calls.ledger.keys()];
    const readable = names.filter((name) => !this.#unreadable.has(name));
    const readBatch = calls.readBatch;
    const read = <N extends SafeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>> =>
      calls.call(method, request, this.#patience(), 'deadline');
    const { missing } = await readValues({ readBatch, read }, readable.length === 0 ? names : readable);
    for (const name of missing) this.#unreadable.add(name);
  }

  /** False when a request came in the last moment. */
  async #finish(reason: ParkEnd): Promise<boolean> {
    await this.#derivation.settled;
    const released = await this.#release(reason === 'closing' || reason === 'stopping');
    if (released) this.#context.metrics.count('park_end', reason);
    else this.#mayWait = true;
    return released;
  }

  async #release(force: boolean): Promise<boolean> {
    if (this.#released) return true;
    await this.#settleLate();
    const hungUpAfter = this.#end?.reason === 'closed' ? this.#end.heldMs : undefined;
    const clean = this.#end === undefined || this.#end.reason === 'done';
    const step = await this.#context.store.devices.release(this.key, this.epoch, {
      eventsDone: this.#derivation.eventsDone,
      clean,
      force,
      ...(hungUpAfter === undefined ? {} : { parking: await this.#parkingAfterHangUp(hungUpAfter) }),
    });
    if (step.kind === 'waiting') return false;
    this.#released = true;
    this.#shared.over(this, step.kind === 'released' ? step.waiting : 0);
    return true;
  }

  async #settleLate(): Promise<void> {
    for (let owed = this.#unsettled[0]; owed !== undefined; owed = this.#unsettled[0]) {
      await settleLate(this.#context, this.key, this.epoch, owed);
      this.#unsettled.shift();
    }
  }

  async #parkingAfterHangUp(heldMs: number): Promise<string> {
    const { store, clock } = this.#context;
    const record = await store.devices.readDevice(this.key);
    return formatParking(noteHangUp(parseParking(record?.parking ?? ''), clock.now(), heldMs));
  }

  async #raiseRevealed(calls: SessionCalls): Promise<void> {
    const revealed = calls.takeRevealed();
    if (revealed.length === 0) return;
    const { store, clock } = this.#context;
    await store.devices.raiseEvents(this.key, this.epoch, [valuesEvent(clock.now(), revealed)]);
    this.#derivation.again();
    await this.#derivation.settled;
  }

  #countPark(parked: boolean): void {
    if (parked === this.#parked) return;
    this.#parked = parked;
    this.#shared.parked += parked ? 1 : -1;
  }

  #patience(): number {
    return this.#context.clock.now() + this.#context.settings.rpcTimeoutMs;
  }

  #fail(where: string, error: unknown): void {
    this.#context.metrics.count('failure', where);
    this.#context.log.error({ device: this.key.device, where, err: error }, 'a session of a device failed');
  }
}
