// The Agent of every device: a function of a request, the stored state and, where the request needs it, a way to the CPE.
// It has no life between requests. What touches the CPE goes whole and unstarted into the device's mailbox.
import type { CpeAccess, Runner, RunResult } from '../device/access.ts';
import { ARM, ARM_FORCE, type Submission, type Submitted } from '../device/room.ts';
import { EMPTY_CATALOGUE } from '../device/instance-tree/catalogue.ts';
import type { DerivedNotifies } from '../device/settings.ts';
import type { Trees } from '../device/trees.ts';
import type { View } from '../mapping/view.ts';
import type { Views } from '../mapping/views.ts';
import type { Clock } from '../operate/clock.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry, RequestOutcome } from '../store/mailbox-steps.ts';
import type { DeviceKey, Store } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import { codes } from '../usp/codes.ts';
import { decodeMsg, encodeMsg } from '../usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../usp/msg.ts';
import { errorMsg } from './failure.ts';
import type { LocalSettings } from './local-agent/definition.ts';
import { LocalAgent } from './local-agent/local-agent.ts';
import { templateRows } from './local-agent/factory-rows.ts';
import { FIRST_DEVICE_ROW, formatRows, parseRows, type Rows } from './local-agent/rows.ts';
import { LOCAL_ROOT } from './local-agent/root.ts';
import { execute, type Knowledge, needsCpe } from './messages/messages.ts';
import { outcomeAnswer } from './outcome-answer.ts';
import { AgentModel, ROOT, supportedOf } from './model.ts';
import { arm } from './subscriptions/arm.ts';
import { deriveNotifies } from './subscriptions/derive.ts';
import { afterLocalChange, changesRows, watchesValues } from './subscriptions/changed.ts';

/** Kind of the mailbox entry that carries a Msg. */
export const USP = 'usp';

/** Durations in milliseconds. */
export interface AgentSettings extends LocalSettings {
  readonly rebootGraceMs: number;
  readonly notifyKeepMs: number;
}

export interface AgentContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: AgentSettings;
  readonly trees: Trees;
  readonly views: Views;
  readonly submit: (key: DeviceKey, submission: Submission, record?: DeviceRecord) => Promise<Submitted>;
  /** Deletes a Subscription at the end of its TimeToLive. */
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

/** A request of a Controller that `endpoint` has let in. */
export interface AgentRequest {
  readonly device: DeviceRecord;
  readonly from_id: string;
  /** Names of roles that its credential gives the Controller: its InheritedRole. */
  readonly roles: readonly string[];
  readonly msg: UspMsg;
  /** In the words of `endpoint`. */
  readonly returnPath: string;
}
export type Handled =
  | { readonly kind: 'answered'; readonly msg: UspMsg }
  /** It succeeded, and its Controller wants no answer (R-OPR.4). */
  | { readonly kind: 'silent' }
  /** The mailbox has it; its answer comes by `answered` of the device room. */
  | { readonly kind: 'queued' };

const CHANGED_MEANWHILE = 'the rows of this Agent have changed meanwhile; those of the device are written';
/** Attempts to store a change of LocalAgent that others change at the same moment: each time one of them succeeds. */
const LOCAL_ATTEMPTS = 100;

export class Agent {
  readonly #context: AgentContext;
  #template: { readonly stored: string; readonly rows: Rows } = { stored: '', rows: templateRows('') };

  constructor(context: AgentContext) {
    this.#context = context;
  }

  async handle({ device, from_id, roles, msg, returnPath }: AgentRequest): Promise<Handled> {
    const { msg_id } = msg;
    const view = await this.#viewOf(device);
    if (!needsCpe(msg.body, supportedOf(view), knowledgeOf(device))) {
      const body = await this.#local(device.key, from_id, msg);
      return wantsAnswer(msg.body, body) ? { kind: 'answered', msg: { msg_id, body } } : { kind: 'silent' };
    }
    const origin = { from_id, to_id: device.identity.endpointId, msg_id, ...(roles.length > 0 && { roles }) };
    const payload = Buffer.from(encodeMsg(msg)).toString('base64');
    const submitted = await this.#context.submit(device.key, { kind: USP, payload, origin, returnPath }, device);
    if (submitted.kind !== 'refused') return { kind: 'queued' };
    const body =
      submitted.reason === 'full'
        ? errorMsg(codes.resourcesExceeded, 'too many requests wait for this device')
        : errorMsg(codes.internalError, 'the device is not known any more');
    return { kind: 'answered', msg: { msg_id, body } };
  }

  /** Runs Msgs whose turn has come. */
  readonly runner: Runner = {
    run: (entry, access) => this.#run(entry, access),
    answerFor: (entry, outcome) => this.#answerFor(entry, outcome),
  };

  /** Arms what is watched. */
  readonly armRunner: Runner = {
    run: async (entry, access) => {
      const model = await this.#model(access);
      await arm(model, access, entry.payload === ARM_FORCE);
      return { state: 'succeeded', error: '', answer: undefined };
    },
    answerFor: () => undefined,
  };

  async derive(record: DeviceRecord, template: TemplateRecord): Promise<DerivedNotifies | undefined> {
    if (record.local === '' && record.ledger === '' && !template.rows.includes('Subscription')) return undefined;
    const { settings, schedule } = this.#context;
    const rows = this.#parseTemplate(template.rows);
    const local = this.#localOver(record, rows);
    const view = await this.#viewOf(record);
    const derived = deriveNotifies({ record, local, template: rows, view, keepMs: settings.notifyKeepMs });
    const ends = derived?.rows.map((row) => row.expiresAt) ?? [];
    // A Notify that finds no way to its Controller is nobody's business until its time is over.
    if (ends.length > 0) await schedule('notify', record.key, Math.min(...ends));
    return derived;
  }

  /** Due work `subscription`: ends Subscriptions whose TimeToLive is over; says when the next one ends. */
  async endSubscriptions(key: DeviceKey): Promise<number | undefined> {
    const device = await this.#context.store.devices.readDevice(key);
    if (device === undefined) return undefined;
    const local = await this.#localAgent(device);
    const after = afterLocalChange(local, local.own, this.#context.clock.now());
    // Others changed the rows at the same moment: they are looked at again at once.
    if (after.ended !== undefined && !(await this.#save(device, after.ended, local.own)))
      return this.#context.clock.now();
    return after.nextEnd;
  }

  async #local(key: DeviceKey, from_id: string, msg: UspMsg): Promise<UspBody> {
    for (let attempt = 0; attempt < LOCAL_ATTEMPTS; attempt += 1) {
      const device = await this.#context.store.devices.readDevice(key);
      if (device === undefined) break;
      const local = await this.#localAgent(device);
      const before = local.own;
      const model = new AgentModel(local, await this.#viewOf(device), undefined, limitsOf(device));
      const body = await execute(model, msg.body, from_id, this.#context.settings);
      if (body.kind === 'error' || local.own === before || (await this.#save(device, local.own, before))) return body;
    }
    return errorMsg(codes.internalError, 'the rows of this Agent change too fast; try again');
  }

  async #run(entry: MailboxEntry, access: CpeAccess): Promise<RunResult> {
    const decoded = decodeMsg(Buffer.from(entry.payload, 'base64'));
    if (!decoded.ok) return { state: 'failed', error: decoded.detail, answer: undefined };
    const { msg } = decoded;
    const model = await this.#model(access);
    const before = model.local.own;
    const from_id = entry.origin?.from_id ?? '';
    let body = await execute(model, msg.body, from_id, this.#context.settings);
    if (body.kind !== 'error' && model.local.own !== before) {
      const saved = await this.#save(access.record, model.local.own, before);
      if (!saved) body = errorMsg(codes.internalError, CHANGED_MEANWHILE);
    }
    if (watchesValues(model.local) && (changesRows(body) || (await model.hasNewRows()))) {
      await this.#arm(access.record.key);
    }
    const answer = wantsAnswer(msg.body, body)
      ? Buffer.from(encodeMsg({ msg_id: msg.msg_id, body })).toString('base64')
      : undefined;
    return body.kind === 'error'
      ? { state: 'failed', error: `${body.err_code} ${body.err_msg}`, answer }
      : { state: 'succeeded', error: '', answer, onlyRead: model.local.own === before };
  }

  #answerFor(entry: MailboxEntry, outcome: RequestOutcome): string | undefined {
    const decoded = decodeMsg(Buffer.from(entry.payload, 'base64'));
    if (!decoded.ok) return undefined;
    const { msg_id, body } = decoded.msg;
    return Buffer.from(encodeMsg({ msg_id, body: outcomeAnswer(body, outcome) })).toString('base64');
  }

  async #model(access: CpeAccess): Promise<AgentModel> {
    const tree = await access.tree();
    const { record } = access;
    const view = await this.#viewOf(record);
    const local = await this.#localAgent(record);
    const cpe = view === undefined || tree === undefined ? undefined : { view, access, tree };
    return new AgentModel(local, view, cpe, cpe === undefined ? limitsOf(record) : '');
  }

  async #localAgent(record: DeviceRecord, own?: Rows): Promise<LocalAgent> {
    const { rows } = await this.#context.store.tenants.readTemplate(record.key.tenant);
    return this.#localOver(record, this.#parseTemplate(rows), own);
  }

  /** It hardly ever changes. */
  #parseTemplate(stored: string): Rows {
    if (this.#template.stored !== stored) this.#template = { stored, rows: templateRows(stored) };
    return this.#template.rows;
  }

  #localOver(record: DeviceRecord, template: Rows, own = parseRows(record.local)): LocalAgent {
    const { settings, clock } = this.#context;
    const space = { under: template, own, first: () => FIRST_DEVICE_ROW };
    return new LocalAgent(record, space, settings, clock.now());
  }

  async #viewOf(record: DeviceRecord): Promise<View | undefined> {
    const { trees, views } = this.#context;
    // With new software nothing is known of the model until it is discovered anew: what the device had before is nearer.
    const catalogue = (await trees.ofModel(record)) ?? (await trees.stored(record))?.catalogue;
    return views.viewOf(record, catalogue ?? EMPTY_CATALOGUE);
  }

  /** Stores changed rows, and sees to what follows from changed Subscriptions. False when others were faster. */
  async #save(device: DeviceRecord, rows: Rows, before: Rows): Promise<boolean> {
    const { store, schedule, clock } = this.#context;
    const { key } = device;
    const stored = formatRows(rows);
    if ((await store.devices.changeLocal(key, device.localVersion, stored)) === 'conflict') return false;
    const local = await this.#localAgent(device, rows);
    const after = afterLocalChange(local, before, clock.now());
    for (const subscription of after.silenced) await store.outbox.dropNotifies(key, subscription);
    if (after.nextEnd !== undefined) await schedule('subscription', key, after.nextEnd);
    if (after.arm) await this.#arm(key);
    return true;
  }

  async #arm(key: DeviceKey): Promise<void> {
    await this.#context.submit(key, { kind: ARM, payload: '', origin: undefined, returnPath: undefined });
  }
}

function knowledgeOf({ facts, tree }: DeviceRecord): Knowledge {
  if (facts.root !== '' && facts.root !== ROOT) return 'untranslated';
  return tree?.SoftwareVersion === facts.SoftwareVersion ? 'known' : 'unknown';
}

/** Told to a Controller that asks for what is not shown. */
function limitsOf({ facts }: DeviceRecord): string {
  if (facts.root === ROOT) return '';
  const root = facts.root === '' ? 'is not known' : `is ${facts.root}`;
  return ` (of a device whose root ${root} only ${LOCAL_ROOT} is shown)`;
}

/** Operate with send_resp=false is answered only when something failed (R-OPR.4). */
function wantsAnswer(request: UspBody, answer: UspBody): boolean {
  if (request.kind !== 'operate' || request.send_resp || answer.kind !== 'operate_resp') return true;
  return answer.operation_results.some(({ operation_resp }) => operation_resp.kind === 'cmd_failure');
}
