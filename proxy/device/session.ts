// One session of a CPE as its owner sees it: the mailbox has the link, entry by entry; when nothing waits, parking
// decides. It ends with the device released in the store, whatever happened.
import { deferred } from '../operate/deferred.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry, RequestStep } from '../store/mailbox-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import type { AcsMethodName } from '../rpc/methods.ts';
import { RunInterrupted } from './access.ts';
import { type CallsShared, SessionCalls } from './calls.ts';
import { Derivation } from './derivation.ts';
import { applySettled, doubtOf, settleDoubt } from './doubt.ts';
import { readForBoot } from './boot-read.ts';
import { announcesReports, BOOTSTRAP, hasEvent, tellsBoot, valuesEvent } from './events.ts';
import { GivingUp, type SessionEnd } from './giving-up.ts';
import { type InformEvidence, wasReset } from './journal/proof.ts';
import type { Link } from './link.ts';
import { SPREAD } from './inform-spread.ts';
import { Park, type ParkShared } from './park.ts';
import type { ParkEnd } from './parking.ts';
import type { Arming, DeviceContext } from './settings.ts';
import { type ReportTaken, saveReport } from './transfers/save-report.ts';
import { runTurn, type Turn } from './turn.ts';

export interface SessionStart {
  readonly record: DeviceRecord;
  readonly template: TemplateRecord;
  readonly evidence: InformEvidence;
  readonly sessionTimeoutMs: number | undefined;
}

/** What the sessions of one node share. */
export interface SessionShared extends ParkShared, CallsShared {
  /** The watched parameters of a device are to be armed anew. */
  arm(key: DeviceKey, how: Arming): void;
  /** The device's periodic Informs are to be spread; resolves when that waits in its mailbox. */
  spread(key: DeviceKey): Promise<void>;
  /** The session is over; `waiting` requests want the CPE back. */
  over(session: DeviceSession, waiting: number): void;
}

/** The store did not take the release: it is offered again after this. */
const RELEASE_AGAIN_MS = 1000;
/** Boot! waits for the CPE no longer than this. */
const BOOT_READ_MS = 10_000;
const TAKEN_OVER = 'another session has taken the device over';

export class DeviceSession {
  readonly key: DeviceKey;
  readonly epoch: number;
  readonly #context: DeviceContext;
  readonly #shared: SessionShared;
  readonly #evidence: InformEvidence;
  readonly #derivation: Derivation;
  readonly #givingUp: GivingUp;
  readonly #park: Park;
  /** Given up while the CPE is held, and read again when it is wanted. */
  #record: DeviceRecord | undefined;
  /** Others have changed what is stored of the device, maybe while it was being read. */
  #stale = false;
  #calls: SessionCalls | undefined;
  /** Kept over a hold: the store does not know it before the next Inform. */
  #parameterKey: string | undefined;
  #link: Link | undefined;
  /** Something may wait in the mailbox. */
  #mayWait: boolean;
  /** An entry that enqueueing took for us at once. */
  #taken: Turn | undefined;
  /** Set while the CPE is held: ends the hold. */
  #wakeUp: (() => void) | undefined;
  /** The tree is asked for once a session: a CPE that refuses is not asked for ever. */
  #treeAsked = false;

  constructor(context: DeviceContext, shared: SessionShared, start: SessionStart) {
    this.#context = context;
    this.#shared = shared;
    this.#record = start.record;
    this.key = start.record.key;
    this.epoch = start.record.epoch;
    this.#evidence = start.evidence;
    this.#park = new Park(context, shared, start.sessionTimeoutMs);
    this.#mayWait = start.record.waiting > 0;
    this.#derivation = new Derivation(context, this.key, (arm) => {
      this.#record = undefined;
      if (arm !== 'no') shared.arm(this.key, arm);
    });
    const { eventCodes } = start.evidence;
    const reports = tellsBoot(eventCodes) && announcesReports(eventCodes);
    this.#derivation.begin(start.record, start.template, reports);
    const { key, epoch } = this;
    const over = (waiting: number): void => shared.over(this, waiting);
    this.#givingUp = new GivingUp(context, { key, epoch, derivation: this.#derivation, over });
  }

  /** The CPE is held and nothing waits: an entry that is enqueued now may start at once. */
  get idle(): boolean {
    return this.#wakeUp !== undefined && this.#taken === undefined && this.#link?.over === false;
  }

  /** A report of the CPE's own; it may be acknowledged when this says `done` or `repeat`. */
  async report(method: AcsMethodName, value: unknown): Promise<ReportTaken> {
    const saved = await saveReport(this.#context, this.key, this.epoch, method, value);
    if (saved === 'done') this.#derivation.again();
    return saved;
  }

  /** The CPE has made its empty POST: the link is ours. Resolves when it is not any more. */
  async serve(link: Link): Promise<void> {
    this.#link = link;
    this.#park.begin();
    try {
      await this.#derivation.settled;
      if (this.#derivation.waits) await this.#goOn(link);
      await this.#settleDoubts(link);
      // Only now, when the CPE is here to take it: no session is opened for it.
      const reset = hasEvent(this.#evidence.eventCodes, BOOTSTRAP);
      if (reset && this.#context.settings.spreadInforms) await this.#shared.spread(this.key);
      while (!link.over) {
        const next = await this.#turn(link);
        if (next === 'over') break;
        // Held from here, where nothing that the turn has worked with is in reach: a hold is long, and there are many.
        if (next !== 'again') await this.#hold(next.until);
      }
    } catch (error) {
      if (!(error instanceof RunInterrupted)) this.#fail('serve', error);
    } finally {
      this.#park.count(false);
      link.end();
    }
  }

  /** The CPE has brought its reports. What a boot wants read is read; it is told without where the CPE does not say. */
  async #goOn(link: Link): Promise<void> {
    const calls = await this.#use(link);
    const limit = Math.min(this.#patience(), this.#context.clock.now() + BOOT_READ_MS);
    this.#derivation.goOn(await readForBoot(calls, this.#derivation.wants, limit));
    await this.#derivation.settled;
    await this.#raiseRevealed(calls);
  }

  /** The CPE is gone: what waited for it is told without. */
  async #tellWithout(): Promise<void> {
    await this.#derivation.settled;
    this.#derivation.goOn([]);
    await this.#derivation.settled;
  }

  /** A request for this device has come, or something it caches has changed. */
  ring(): void {
    this.#mayWait = true;
    this.#stale = true;
    this.#wakeUp?.();
  }

  /** An entry that the store already marked as running under our epoch; `record`: the device at that moment. */
  start(entry: MailboxEntry, record: DeviceRecord | undefined): void {
    this.#taken = { entry, steps: [], ...(record?.epoch === this.epoch ? { record } : {}) };
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
    this.#givingUp.ended(end);
    this.#wakeUp?.();
    await this.#tellWithout();
    // A device that is not given up could not be called any more.
    while (!(await this.#tryRelease()) && !this.#shared.stopping) {
      await new Promise<void>((resolve) => this.#context.clock.after(RELEASE_AGAIN_MS, resolve));
    }
  }

  async #tryRelease(): Promise<boolean> {
    try {
      return await this.#givingUp.release(true);
    } catch (error) {
      this.#fail('release', error);
      return false;
    }
  }

  async #turn(link: Link): Promise<'again' | 'over' | { readonly until: number }> {
    // Still away: the session ends, and the release asks again and again.
    await this.#givingUp.settleOwed();
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
      // Whoever watches rows is told what the whole look has found.
      if ([...calls.ledger.values()].some(({ rows }) => rows !== undefined)) this.#shared.arm(this.key, 'yes');
      return 'again';
    }
    const decision = this.#park.decide(link, calls);
    if (decision.kind === 'hold') return decision;
    if (decision.kind === 'end') return (await this.#finish(decision.reason)) ? 'over' : 'again';
    await this.#park.read(decision.kind, calls);
    await this.#raiseRevealed(calls);
    return 'again';
  }

  async #next(): Promise<Turn | undefined> {
    // What has not begun is left to the next run; the release puts it back.
    if (this.#shared.stopping) return undefined;
    if (this.#taken !== undefined) {
      const taken = this.#taken;
      this.#taken = undefined;
      return taken;
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
    this.#park.count(false);
    // Whatever others changed since the last look counts from here on.
    this.#record = turn.record;
    const calls = await this.#use(link);
    const { raised, unsettled } = await runTurn(this.#context, calls, this.epoch, turn, {
      wasReset: (step) => wasReset(doubtOf(step), this.#evidence),
      settle: (step, limit) => settleDoubt(calls, step, this.#evidence, limit),
    });
    if (unsettled !== undefined) this.#givingUp.owe(unsettled);
    // Nobody asked for it: it is no reason to hold a CPE, least of all after all have booted together.
    if (turn.entry.kind !== SPREAD) this.#park.served();
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
    this.#calls ??= new SessionCalls(this.#context, this.#shared, link, this.epoch, record, this.#parameterKey);
    this.#calls.renew(record);
    return this.#calls;
  }

  async #settleDoubts(link: Link): Promise<void> {
    const calls = await this.#use(link);
    const doubt = calls.record.inDoubt;
    if (doubt === undefined) return;
    await calls.knownTree();
    await this.#settleOne(calls, doubt);
    await this.#context.store.devices.clearDoubt(this.key, this.epoch);
    await this.#raiseRevealed(calls);
    await calls.saveTree();
  }

  async #settleOne(calls: SessionCalls, doubt: RequestStep): Promise<void> {
    try {
      applySettled(calls, doubt, await settleDoubt(calls, doubt, this.#evidence, this.#patience()));
    } catch (error) {
      // A CPE that reboots when it is asked leaves it unknown for good; everything else would wait behind it.
      if (!(error instanceof RunInterrupted) || error.why !== 'reboot-loop') throw error;
    }
  }

  /** Holds the CPE until a request comes or the time is over. Nothing of the device stays in memory meanwhile. */
  async #hold(until: number): Promise<void> {
    const { clock } = this.#context;
    if (this.#mayWait || this.#taken !== undefined) return;
    this.#park.count(true);
    this.#record = undefined;
    this.#parameterKey = this.#calls?.parameterKey;
    this.#calls = undefined;
    const wakeUp = deferred<undefined>();
    const timer = clock.after(Math.max(0, until - clock.now()), () => wakeUp.resolve(undefined));
    this.#wakeUp = () => wakeUp.resolve(undefined);
    await wakeUp.promise;
    this.#wakeUp = undefined;
    timer.cancel();
  }

  /** False when a request came in the last moment. */
  async #finish(reason: ParkEnd): Promise<boolean> {
    await this.#derivation.settled;
    const released = await this.#givingUp.release(reason === 'closing' || reason === 'stopping');
    if (released) this.#context.metrics.count('park_end', reason);
    else this.#mayWait = true;
    return released;
  }

  async #raiseRevealed(calls: SessionCalls): Promise<void> {
    const revealed = calls.takeRevealed();
    if (revealed.length === 0) return;
    const { store, clock } = this.#context;
    await store.devices.raiseEvents(this.key, this.epoch, [valuesEvent(clock.now(), revealed)]);
    this.#derivation.again();
    await this.#derivation.settled;
  }

  #patience(): number {
    return this.#context.clock.now() + this.#context.settings.rpcTimeoutMs;
  }

  #fail(where: string, error: unknown): void {
    this.#context.metrics.count('failure', where);
    this.#context.log.error({ device: this.key.device, where, err: error }, 'a session of a device failed');
  }
}
