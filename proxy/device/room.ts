// The device room: where Informs arrive from the south and requests from the north, and where the sessions of this node
// are known. It holds no truth: what is here of a device is its live session; the rest is in the store.
import { isStoreError } from '../errors.ts';
import { randomName } from '../operate/clock.ts';
import type { DeviceIdentity, DeviceRecord, InformSaved, InformToSave, SaidFacts } from '../store/device-steps.ts';
import type { EndedEntry, MailboxEntry, RequestOrigin, RequestOutcome } from '../store/mailbox-steps.ts';
import { type DeviceKey, nameOfDevice } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import { agentEndpointId, deviceIdOf, type IdentityFault } from '../usp/device-id.ts';
import type { OwnCredentials } from './credentials/own-credentials.ts';
import { Derivation } from './derivation.ts';
import { hasEvent, informEvent, tellsBoot } from './events.ts';
import { HoldCounter } from './hold-counter.ts';
import { formatParking, judgeHangUp, parseParking } from './hold-learning.ts';
import { type Arrival, factsOf, informDigest } from './inform.ts';
import { SPREAD } from './inform-spread.ts';
import { isOurKey, requestIdLength } from './journal/keys.ts';
import { ModelLessons } from './model-lessons.ts';
import { DeviceSession, type SessionShared } from './session.ts';
import type { Arming, DeviceContext } from './settings.ts';
import { modelOf, Trees } from './trees.ts';
import { whyUnserved } from './unserved.ts';
import { WakeGate, type WakeResult } from './wake-gate.ts';

/** `other-tenant`: it is not this listener's, or of a tenant that is none any more. */
type RefusedInform = Exclude<InformSaved['kind'], 'saved' | 'elsewhere'> | 'other-tenant';
export type InformVerdict =
  | { readonly kind: 'accepted'; readonly session: DeviceSession; readonly repeat: boolean }
  | { readonly kind: 'refused'; readonly reason: IdentityFault | RefusedInform };

interface Identified {
  readonly device: string;
  readonly identity: DeviceIdentity;
}

/** A request for a device, before it has an id. */
export interface Submission {
  readonly kind: string;
  readonly payload: string;
  readonly origin: RequestOrigin | undefined;
  readonly returnPath: string | undefined;
}
export type Submitted =
  | { readonly kind: 'queued'; readonly id: string }
  | { readonly kind: 'joined'; readonly id: string }
  | { readonly kind: 'refused'; readonly reason: 'full' | 'unknown-device' };

/** Kind of the entry that brings ledger, attributes and Subscriptions together; the agent runs it. */
export const ARM = 'arm';
/** Its payload when the CPE has forgotten all attributes. */
export const ARM_FORCE = 'force';
/** Its payload when the CPE has told of values by which the view says otherwise. */
export const ARM_ANEW = 'anew';
const ARM_PAYLOADS: Readonly<Record<Arming, string>> = { yes: '', force: ARM_FORCE, anew: ARM_ANEW };

/** When it is looked whether a CPE that requests wait for has been called. */
const WAKE_CHECK_MS = 3000;
const DIAGNOSTICS_COMPLETE = 8;
/** Due work that looks after what a dead incarnation left of a device. */
const LEFT_BEHIND = ['deadline', 'events', 'wake'] as const;

/** What an Inform says, worked out once. */
interface Said {
  readonly now: number;
  readonly codes: readonly string[];
  readonly boot: boolean;
  readonly facts: SaidFacts;
}

export class DeviceRoom {
  readonly #context: DeviceContext;
  readonly #sessions = new Map<string, DeviceSession>();
  readonly #shared: SessionShared;
  readonly #gate: WakeGate;

  constructor(context: DeviceContext) {
    this.#context = context;
    const { store, clock } = context;
    this.#shared = {
      trees: new Trees(store),
      lessons: new ModelLessons(store, clock, (error) => this.#notLearnt(error)),
      changed: (key) => this.ring(key),
      holds: new HoldCounter(store, clock),
      parked: 0,
      stopping: false,
      over: (session, waiting) => this.#over(session, waiting),
      arm: (key, how) => this.#arm(key, how),
      spread: (key) => this.#spread(key),
    };
    this.#gate = new WakeGate(context, (key, reason) => this.#failWaiting(key, reason));
  }

  get parked(): number {
    return this.#shared.parked;
  }

  get trees(): Trees {
    return this.#shared.trees;
  }

  /** The device whose Inform this is, before anything of it is saved; undefined for one that is refused. */
  async keyOf(arrival: Arrival): Promise<DeviceKey | undefined> {
    const identity = this.#identity(arrival);
    if ('reason' in identity) return undefined;
    const { device } = identity;
    return { tenant: await this.#context.tenancy.of(device, arrival.tenant), device };
  }

  /** An authenticated Inform: saved with its events before this resolves, so that it may be answered. */
  async inform(arrival: Arrival): Promise<InformVerdict> {
    const identity = this.#identity(arrival);
    if ('reason' in identity) return { kind: 'refused', reason: identity.reason };
    const { clock, ownCredentials } = this.#context;
    const { inform } = arrival;
    const codes = inform.Event.map(({ EventCode }) => EventCode);
    const boot = tellsBoot(codes);
    const now = clock.now();
    const facts = factsOf(arrival);
    const [saved, template] = await this.#save(arrival, identity, { now, codes, boot, facts });
    if (saved.kind !== 'saved') return this.#refused(saved, identity.device);
    const { record } = saved;
    this.#gate.arrived(record.key);
    const session = new DeviceSession(this.#context, this.#shared, {
      record,
      template,
      sessionTimeoutMs: arrival.sessionTimeoutMs,
      evidence: {
        ParameterKey: facts.ParameterKey,
        keysSeen: record.keysSeen,
        eventCodes: codes,
        commandKeys: inform.Event.map(({ CommandKey }) => CommandKey),
      },
    });
    // Two Informs at once may be told in another order than the store took them in.
    const other = this.#sessions.get(nameOfDevice(record.key));
    if (other === undefined || other.epoch < session.epoch) this.#sessions.set(nameOfDevice(record.key), session);
    if (await this.#learnFromHangUp(record, boot, now)) session.renew();
    if (ownCredentials?.isDue(record, arrival) === true) await this.#giveCredentials(record.key, ownCredentials);
    if (record.operations.length > 0) await this.#context.needs.operationsWait(record, codes);
    if (record.waitingTransfers > 0) await this.#context.needs.transfersWait(record.key);
    return { kind: 'accepted', session, repeat: saved.repeat };
  }

  /**
   * Puts a request into a device's mailbox and sees to it that somebody takes it out. `record`: the device as it was read
   * for this request; it is not read again when nothing has changed since.
   */
  async submit(key: DeviceKey, submission: Submission, record?: DeviceRecord): Promise<Submitted> {
    const { store, clock, randomness, settings, needs, metrics } = this.#context;
    const now = clock.now();
    const id = randomName(randomness, requestIdLength);
    const entry: MailboxEntry = { id, ...submission, enqueuedAt: now, deadline: now + settings.requestDeadlineMs };
    const session = this.#sessions.get(nameOfDevice(key));
    const takeAs = session?.idle === true ? session.epoch : undefined;
    const [queued] = await Promise.all([
      store.mailbox.enqueue(key, entry, { entries: settings.mailboxEntries }, takeAs),
      needs.schedule('deadline', key, entry.deadline),
      // Should this process die before the call below is made, due work makes it.
      takeAs === undefined ? needs.schedule('wake', key, now + WAKE_CHECK_MS) : undefined,
    ]);
    if (queued.kind === 'joined') return queued;
    if (queued.kind !== 'queued') {
      metrics.count('request_refused', queued.kind);
      return { kind: 'refused', reason: queued.kind };
    }
    if (queued.taken) session?.start(entry, record?.version === queued.version ? record : undefined);
    else if (session !== undefined && queued.owner === this.#context.incarnation) session.ring();
    else if (queued.owner === undefined) await this.#call(key, queued.quiet?.until);
    return { kind: 'queued', id };
  }

  /** A bell: something that a live session caches has changed. */
  ring(key: DeviceKey): void {
    this.#sessions.get(nameOfDevice(key))?.ring();
  }

  /** Due work `deadline`: ends what waited too long; says when to look again. */
  async expire(key: DeviceKey): Promise<number | undefined> {
    const { store, clock, settings } = this.#context;
    const now = clock.now();
    const record = await store.devices.readDevice(key);
    const why = whyUnserved(record, { now, waitedMs: settings.requestDeadlineMs, calling: this.#gate.isCalling(key) });
    const { ended, next } = await store.mailbox.expireRequests(key, now, settings.requestMaxMs, why);
    this.#tell(ended);
    return next;
  }

  /** Due work `wake`: the time in which the CPE was not to be called is over. */
  async wakeIfWaiting(key: DeviceKey): Promise<undefined> {
    const record = await this.#context.store.devices.readDevice(key);
    if (record !== undefined && record.waiting > 0 && record.owner === undefined) {
      await this.#call(key, record.quiet?.until);
    }
    return undefined;
  }

  /** Due work `events`: derives what an earlier run or a failure left. */
  async deriveLeft(key: DeviceKey): Promise<undefined> {
    const session = this.#sessions.get(nameOfDevice(key));
    if (session !== undefined) return session.deriveAgain();
    const derivation = new Derivation(this.#context, key, (arm) => {
      if (arm !== 'no') this.#arm(key, arm);
    });
    derivation.again();
    await derivation.settled;
    return undefined;
  }

  /** A bell: what the Agent itself knows to have happened waits to be derived. */
  noticed(key: DeviceKey): void {
    this.deriveLeft(key).catch((error: unknown) => {
      this.#context.log.error({ device: key.device, err: error }, 'events could not be derived; they stay stored');
    });
  }

  /** Asks the CPE to come, once, and says what became of it. */
  probe(record: DeviceRecord): Promise<WakeResult> {
    return this.#gate.attempt(record);
  }

  /** What an incarnation that is dead held: its devices are free again, and their requests are looked after. */
  async inherit(incarnation: string): Promise<void> {
    const { store, clock, needs } = this.#context;
    for (const key of await store.devices.ownedBy(incarnation)) {
      await store.devices.disown(key, incarnation);
      const now = clock.now();
      await Promise.all(LEFT_BEHIND.map((kind) => needs.schedule(kind, key, now)));
    }
  }

  /** Holds are released; new sessions are not parked. Resolves when no session is left or `limitMs` are over. */
  async stop(limitMs: number): Promise<void> {
    this.#shared.stopping = true;
    this.#gate.stop();
    for (const session of this.#sessions.values()) session.ring();
    const end = this.#context.clock.now() + limitMs;
    while (this.#sessions.size > 0 && this.#context.clock.now() < end) {
      await new Promise<void>((resolve) => this.#context.clock.after(20, resolve));
    }
  }

  /** In the tenant that the device is guessed to be of; where the store knows better, there. */
  async #save(
    arrival: Arrival,
    { device, identity }: Identified,
    { now, codes, boot, facts }: Said,
  ): Promise<readonly [InformSaved, TemplateRecord]> {
    const { store, incarnation, settings, tenancy, ownCredentials } = this.#context;
    const { inform } = arrival;
    const wanted: Omit<InformToSave, 'key'> = {
      identity,
      facts,
      incarnation,
      at: now,
      eventCodes: codes,
      digest: informDigest(inform),
      retryCount: inform.RetryCount,
      boot,
      endsQuiet: boot || hasEvent(codes, DIAGNOSTICS_COMPLETE),
      ourKey: isOurKey(facts.ParameterKey ?? ''),
      event: informEvent(now, {
        events: inform.Event,
        values: inform.ParameterList.map(({ Name, Value }) => [Name.trim(), Value]),
      }),
      registryCap: settings.registryCap,
      mustBeEnrolled: settings.mustBeEnrolled,
      claimsTenant: tenancy.several,
      ...ownCredentials?.claimOf(arrival),
    };
    // The template is asked for in the same turn, so that it takes no round trip of its own (promise 7).
    const saveAs = (tenant: string): Promise<[InformSaved, TemplateRecord]> =>
      Promise.all([
        store.devices.saveInform({ ...wanted, key: { tenant, device } }),
        store.tenants.readTemplate(tenant),
      ]);
    const first = await saveAs(tenancy.guess(device, arrival.tenant));
    const [saved] = first;
    if (saved.kind !== 'elsewhere') return first;
    tenancy.learn(device, saved.tenant);
    return arrival.tenant === undefined && tenancy.has(saved.tenant) ? saveAs(saved.tenant) : first;
  }

  #refused(saved: Exclude<InformSaved, { readonly kind: 'saved' }>, device: string): InformVerdict {
    const { log } = this.#context;
    if (saved.kind === 'elsewhere') {
      log.warn(
        { device, tenant: saved.tenant },
        'a device came to a listener of another tenant, or its tenant is none any more',
      );
      return { kind: 'refused', reason: 'other-tenant' };
    }
    // By this name the operator may enrol it.
    if (saved.kind === 'not-enrolled') log.info({ device }, 'a device that is not enrolled was refused');
    return { kind: 'refused', reason: saved.kind };
  }

  #identity(arrival: Arrival): Identified | { readonly reason: IdentityFault } {
    const { DeviceId } = arrival.inform;
    const { emptySerial } = this.#context.behaviourOf({ ...DeviceId, SoftwareVersion: '' });
    const SerialNumber =
      DeviceId.SerialNumber.trim() === '' && emptySerial === 'username' ? arrival.username : DeviceId.SerialNumber;
    const named = { ...DeviceId, SerialNumber };
    const device = deviceIdOf(named);
    if (!device.ok) return { reason: device.reason };
    const endpoint = agentEndpointId(named);
    if (!endpoint.ok) return { reason: endpoint.reason };
    return { device: device.deviceId, identity: { ...named, endpointId: endpoint.endpointId } };
  }

  /** True when the CPE has taught something. A statistic: no Inform is refused for it. */
  async #learnFromHangUp(record: DeviceRecord, boot: boolean, at: number): Promise<boolean> {
    if (record.parking === '') return false;
    const { store, log, metrics } = this.#context;
    const { SoftwareVersion } = record.facts;
    const { record: parking, countedMs } = judgeHangUp(parseParking(record.parking), { at, boot, SoftwareVersion });
    const formatted = formatParking(parking);
    if (formatted === record.parking) return false;
    try {
      await store.devices.saveParking(record.key, formatted);
      if (countedMs === undefined) return false;
      await this.#shared.holds.hungUp(modelOf(record), { device: record.key.device, heldMs: countedMs });
    } catch (error) {
      metrics.count('failure', 'hold-learning');
      log.warn({ device: record.key.device, err: error }, 'what a hang-up taught could not be kept');
    }
    return true;
  }

  /** Before the Inform is answered, so that the session does not end without it. What fails now is due again. */
  async #giveCredentials(key: DeviceKey, own: OwnCredentials): Promise<void> {
    try {
      await this.submit(key, own.submission(key.device));
    } catch (error) {
      if (!isStoreError(error)) throw error;
      this.#context.metrics.count('failure', 'credentials');
      this.#context.log.warn({ device: key.device, err: error }, 'a device is given credentials another time');
    }
  }

  #arm(key: DeviceKey, how: Arming): void {
    const submission = { kind: ARM, payload: ARM_PAYLOADS[how], origin: undefined, returnPath: undefined };
    this.submit(key, submission).catch((error: unknown) => {
      this.#context.log.error({ device: key.device, err: error }, 'watched parameters could not be armed');
    });
  }

  async #spread(key: DeviceKey): Promise<void> {
    await this.submit(key, { kind: SPREAD, payload: '', origin: undefined, returnPath: undefined });
  }

  #notLearnt(error: unknown): void {
    this.#context.metrics.count('failure', 'model-lessons');
    this.#context.log.warn({ err: error }, 'what reading taught of a model could not be kept or asked for');
  }

  #over(session: DeviceSession, waiting: number): void {
    if (this.#sessions.get(nameOfDevice(session.key)) === session) this.#sessions.delete(nameOfDevice(session.key));
    if (waiting === 0) return;
    this.wakeIfWaiting(session.key).catch((error: unknown) => {
      this.#context.metrics.count('failure', 'wake');
      this.#context.log.error({ device: session.key.device, err: error }, 'a device could not be called again');
    });
  }

  /** Calls the CPE now or, when it is rebooting or in a diagnostic, once that is over. */
  async #call(key: DeviceKey, quietUntil: number | undefined): Promise<void> {
    const { clock, needs, log } = this.#context;
    if (quietUntil !== undefined && quietUntil > clock.now()) {
      await needs.schedule('wake', key, quietUntil);
      return;
    }
    this.#gate.wake(key).catch((error: unknown) => log.error({ device: key.device, err: error }, 'waking failed'));
  }

  async #failWaiting(key: DeviceKey, error: string): Promise<void> {
    const outcome: RequestOutcome = { state: 'failed', at: this.#context.clock.now(), error, answer: '' };
    this.#tell(await this.#context.store.mailbox.failWaiting(key, outcome));
  }

  #tell(ended: readonly EndedEntry[]): void {
    const { needs, metrics } = this.#context;
    for (const { entry, outcome } of ended) {
      metrics.count('request', outcome.state);
      const answer = needs.runner(entry.kind)?.answerFor(entry, outcome);
      if (answer !== undefined) needs.answered(entry, entry.returnPath, answer);
    }
  }
}
