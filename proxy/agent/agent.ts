// The Agent of every device: a function of a request, the stored state and, where the request needs it, a way to the CPE.
// It has no life between requests. What touches the CPE goes whole and unstarted into the device's mailbox.
import type { CpeAccess, Runner, RunResult } from '../device/access.ts';
import { ARM, ARM_ANEW, ARM_FORCE } from '../device/room.ts';
import type { InstanceTree } from '../device/instance-tree/tree.ts';
import type { View } from '../mapping/view.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { MailboxEntry, RequestOutcome } from '../store/mailbox-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import { codes } from '../usp/codes.ts';
import { decodeMsg, encodeMsg } from '../usp/msg-codec.ts';
import type { UspBody, UspMsg } from '../usp/msg.ts';
import { challengeEffects, type MessageChallenges } from './commands/challenge-effects.ts';
import type { CommandSettings } from './commands/commands.ts';
import type { AgentContext } from './context.ts';
import { errorMsg } from './failure.ts';
import { type DialTarget, dialTargetsOf } from './local-agent/dial-targets.ts';
import {
  mentionsSessions,
  ownSessionPolicies,
  type SessionPolicy,
  sessionPolicyOf,
  STANDARD_POLICY,
} from './local-agent/controller/e2e-session.ts';
import type { LocalAgent } from './local-agent/local-agent.ts';
import { parseRows, type Rows } from './local-agent/rows.ts';
import { LOCAL_ROOT } from './local-agent/root.ts';
import { execute, type Knowledge, needsCpe } from './messages/messages.ts';
import { Operations } from './operations/operations.ts';
import { NOT_SERVED } from './permissions/denied.ts';
import { refusal } from './permissions/refusal.ts';
import { FULL, rightsOf } from './permissions/rights.ts';
import { outcomeAnswer } from './outcome-answer.ts';
import { forgetGoneRows } from './overlay/forget.ts';
import { mergeRows } from './overlay/merge.ts';
import { AgentModel, supportedOf } from './model.ts';
import { AgentState } from './state.ts';
import { arm } from './subscriptions/arm.ts';
import { configRunner } from './subscriptions/config-entries.ts';
import { Keeper } from './subscriptions/keeper.ts';
import { changesRows, watchesCpe } from './subscriptions/changed.ts';
import { Telling } from './telling.ts';

/** Kind of the mailbox entry that carries a Msg. */
export const USP = 'usp';

/** Whose rights count. */
type Asker = Pick<AgentRequest, 'from_id' | 'roles'>;

/** A request of a Controller that `endpoint` has let in. */
export interface AgentRequest {
  readonly device: DeviceRecord;
  readonly from_id: string;
  /** Names of roles that its credential gives the Controller: its InheritedRole. */
  readonly roles: readonly string[];
  readonly msg: UspMsg;
  /** In the words of `endpoint`. */
  readonly returnPath: string;
  /** It came in a Session Context; absent: outside. */
  readonly inSession?: boolean;
}
export type Handled =
  | { readonly kind: 'answered'; readonly msg: UspMsg }
  /** It succeeded, and its Controller wants no answer (R-OPR.4). */
  | { readonly kind: 'silent' }
  /** The mailbox has it; its answer comes by `answered` of the device room. */
  | { readonly kind: 'queued' }
  /** Nothing was done: its Controller's Msgs are to come in a Session Context (SessionMode Require). */
  | { readonly kind: 'session-required' };

const CHANGED_MEANWHILE = 'the rows of this Agent have changed meanwhile; those of the device are written';
/** Attempts to store a change of LocalAgent that others change at the same moment: each time one of them succeeds. */
const LOCAL_ATTEMPTS = 100;

export class Agent {
  readonly #context: AgentContext;
  readonly operations: Operations;
  readonly telling: Telling;
  readonly #state: AgentState;
  readonly #keeper: Keeper;

  constructor(context: AgentContext) {
    this.#context = context;
    this.#state = new AgentState(context);
    this.operations = new Operations(context);
    this.configRunner = configRunner((entry, access) => this.#run(entry, access), context);
    this.#keeper = new Keeper({
      ...context,
      arm: (key) => this.#arm(key),
      localAgent: (record, own) => this.#state.localAgent(record, own),
    });
    this.telling = new Telling({
      ...context,
      state: this.#state,
      keeper: this.#keeper,
      operations: this.operations,
      commandSettings: (key, request) => this.#commandSettings(key, request),
    });
  }

  async handle(request: AgentRequest): Promise<Handled> {
    const { device, from_id, roles, msg, returnPath } = request;
    const { msg_id } = msg;
    const view = await this.#state.viewOf(device);
    if (!needsCpe(msg.body, supportedOf(view), knowledgeOf(device, view))) {
      const body = await this.#local(device.key, request, msg);
      if (body === 'session-required') return { kind: body };
      return wantsAnswer(msg.body, body) ? { kind: 'answered', msg: { msg_id, body } } : { kind: 'silent' };
    }
    // What is refused in any case wakes no CPE.
    const local = await this.#state.localAgent(device);
    if (lacksSession(local, request)) return { kind: 'session-required' };
    const rights = rightsOf(local, from_id, roles);
    const refused = refusal(supportedOf(view), rights, msg.body);
    if (refused !== undefined) return { kind: 'answered', msg: { msg_id, body: refused } };
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

  /** Sets what a Subscription's TriggerAction sets at the CPE; nobody is answered. */
  readonly configRunner: Runner;

  /** Arms what is watched. */
  readonly armRunner: Runner = {
    run: async (entry, access) => {
      const model = await this.#model(access);
      if (entry.payload === ARM_ANEW) await model.reconsider(true);
      await arm(model, access, entry.payload === ARM_FORCE);
      return { state: 'succeeded', error: '', answer: undefined };
    },
    answerFor: () => undefined,
  };

  /** Looks after the tests that the CPE runs. */
  readonly operationRunner: Runner = {
    run: async (_entry, access) => {
      const { cpe } = await this.#model(access);
      if (cpe !== undefined) await this.operations.look(cpe);
      return { state: 'succeeded', error: '', answer: undefined };
    },
    answerFor: () => undefined,
  };

  /** Before the tree of a device is stored: what names rows that are not in it goes. */
  async forgetGoneRows(record: DeviceRecord, tree: InstanceTree): Promise<void> {
    await forgetGoneRows(this.#context.store, record, (device) => this.#state.viewOf(device), tree);
  }

  /** Whether the device is left to the USP Agent that it runs itself: then it has none here. */
  isLeft(record: DeviceRecord): boolean {
    return this.#state.isLeft(record);
  }

  /** Whom this Agent is to dial. */
  dialTargets(record: DeviceRecord, template: TemplateRecord): readonly DialTarget[] {
    if (this.#state.isLeft(record)) return [];
    if (![template.rows, record.local].some((rows) => rows.includes('.MTP.'))) return [];
    return dialTargetsOf(this.#localWith(record, template));
  }

  /** What counts between this Agent and a Controller where Session Contexts are concerned. */
  sessionPolicy(record: DeviceRecord, { rows }: TemplateRecord, controller: string): SessionPolicy {
    const template = this.#state.template(record.key.tenant, rows);
    if (!mentionsSessions(template, record.local)) return STANDARD_POLICY;
    return sessionPolicyOf(this.#state.localOver(record, template), controller);
  }

  /** The same of all Controllers of whom the device's own rows say something of it. */
  ownSessionPolicies(record: DeviceRecord, template: TemplateRecord): ReadonlyMap<string, SessionPolicy> {
    return ownSessionPolicies(this.#localWith(record, template));
  }

  /** Due work `subscription`: what time brings to the rows of a device; says when there is more. */
  lookAfter(key: DeviceKey): Promise<number | undefined> {
    return this.#keeper.lookAfter(key);
  }

  /** A Controller has answered its OnBoardRequest. */
  onBoarded(key: DeviceKey, controller: string): Promise<void> {
    return this.#keeper.onBoarded(key, controller);
  }

  #localWith(record: DeviceRecord, template: TemplateRecord): LocalAgent {
    return this.#state.localOver(record, this.#state.template(record.key.tenant, template.rows));
  }

  async #local(key: DeviceKey, asker: AgentRequest, msg: UspMsg): Promise<UspBody | 'session-required'> {
    const { from_id, roles } = asker;
    for (let attempt = 0; attempt < LOCAL_ATTEMPTS; attempt += 1) {
      const device = await this.#context.store.devices.readDevice(key);
      if (device === undefined) break;
      const local = await this.#state.localAgent(device);
      const before = local.own;
      const rights = rightsOf(local, from_id, roles);
      if (rights.refused) return NOT_SERVED;
      if (lacksSession(local, asker)) return 'session-required';
      const view = await this.#state.viewOf(device);
      const model = new AgentModel(local, view, undefined, limitsOf(device, view), rights);
      const settings = this.#commandSettings(key, '');
      const body = await execute(model, msg.body, from_id, settings);
      if (body.kind === 'error' || local.own === before || (await this.#keeper.save(device, local.own, before))) {
        settings.challenges.settled();
        return body;
      }
    }
    return errorMsg(codes.internalError, 'the rows of this Agent change too fast; try again');
  }

  async #run(entry: MailboxEntry, access: CpeAccess): Promise<RunResult> {
    const decoded = decodeMsg(Buffer.from(entry.payload, 'base64'));
    if (!decoded.ok) return { state: 'failed', error: decoded.detail, answer: undefined };
    const { msg } = decoded;
    const from_id = entry.origin?.from_id ?? '';
    const model = await this.#model(access, { from_id, roles: entry.origin?.roles ?? [] });
    if (model.rights.refused) return refusedRun(msg.msg_id);
    const before = model.local.own;
    let body = await execute(model, msg.body, from_id, this.#commandSettings(access.record.key, entry.id));
    if (body.kind !== 'error' && model.local.own !== before) {
      const saved = await this.#saveOver(access.record, model.local.own, before);
      if (!saved) body = errorMsg(codes.internalError, CHANGED_MEANWHILE);
    }
    await model.reconsider();
    if (watchesCpe(model.local) && (changesRows(body) || (await model.hasOtherRows()))) {
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

  /** `asker`: the Controller whose request it is; without one the Agent itself looks. */
  async #model(access: CpeAccess, asker?: Asker): Promise<AgentModel> {
    const tree = await access.tree();
    const { record } = access;
    const view = await this.#state.viewOf(record);
    const local = await this.#state.localAgent(record);
    const cpe =
      view === undefined || tree === undefined ? undefined : { view: await view.fit(access, tree), access, tree };
    const rights = asker === undefined ? FULL : rightsOf(local, asker.from_id, asker.roles);
    return new AgentModel(local, view, cpe, cpe === undefined ? limitsOf(record, view) : '', rights);
  }

  #commandSettings(key: DeviceKey, request: string): CommandSettings & { readonly challenges: MessageChallenges } {
    const challenges = challengeEffects(this.#context, key);
    return { ...this.#context.settings, operations: this.operations.of(key, request), challenges };
  }

  /** As `save` of the keeper, over what others have stored of other tables since the message began: it was long at the CPE. */
  async #saveOver(record: DeviceRecord, rows: Rows, before: Rows): Promise<boolean> {
    if (await this.#keeper.save(record, rows, before)) return true;
    for (let attempt = 0; attempt < LOCAL_ATTEMPTS; attempt += 1) {
      const device = await this.#context.store.devices.readDevice(record.key);
      if (device === undefined) return false;
      const theirs = parseRows(device.local);
      const merged = mergeRows(before, rows, theirs);
      if (merged === undefined) return false;
      if (await this.#keeper.save(device, merged, theirs)) return true;
    }
    return false;
  }

  async #arm(key: DeviceKey): Promise<void> {
    await this.#context.submit(key, { kind: ARM, payload: '', origin: undefined, returnPath: undefined });
  }
}

function refusedRun(msg_id: string): RunResult {
  const answer = Buffer.from(encodeMsg({ msg_id, body: NOT_SERVED })).toString('base64');
  return { state: 'failed', error: NOT_SERVED.err_msg, answer, onlyRead: true };
}

function knowledgeOf({ facts, tree }: DeviceRecord, view: View | undefined): Knowledge {
  if (facts.root !== '' && view === undefined) return 'untranslated';
  return tree?.SoftwareVersion === facts.SoftwareVersion ? 'known' : 'unknown';
}

/** Told to a Controller that asks for what is not shown. */
function limitsOf({ facts }: DeviceRecord, view: View | undefined): string {
  if (view !== undefined) return '';
  const root = facts.root === '' ? 'is not known' : `is ${facts.root}`;
  return ` (of a device whose root ${root} only ${LOCAL_ROOT} is shown)`;
}

/** Operate with send_resp=false is answered only when something failed (R-OPR.4). */
function wantsAnswer(request: UspBody, answer: UspBody): boolean {
  if (request.kind !== 'operate' || request.send_resp || answer.kind !== 'operate_resp') return true;
  return answer.operation_results.some(({ operation_resp }) => operation_resp.kind === 'cmd_failure');
}

const lacksSession = (local: LocalAgent, { from_id, inSession }: AgentRequest): boolean =>
  inSession !== true && sessionPolicyOf(local, from_id).mode === 'Require';
