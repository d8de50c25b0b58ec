// What Controllers are told of a device's events: Notifies, what TriggerAction sets, and what must be read of the CPE before.
import { parseEvent } from '../device/events.ts';
import type { NamedValue } from '../device/ledger.ts';
import type { DerivedNotifies } from '../device/settings.ts';
import { tellsOthers } from '../mapping/rules/doubts.ts';
import type { View } from '../mapping/view.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import { encodeMsg } from '../usp/msg-codec.ts';
import type { CommandSettings } from './commands/commands.ts';
import type { AgentContext } from './context.ts';
import { hasLoaded } from './firmware/moves.ts';
import type { LocalAgent } from './local-agent/local-agent.ts';
import { parseRows } from './local-agent/rows.ts';
import { execute } from './messages/messages.ts';
import { AgentModel, ROOT } from './model.ts';
import type { Operations } from './operations/operations.ts';
import { rightsOf } from './permissions/rights.ts';
import type { AgentState } from './state.ts';
import { bootReads } from './subscriptions/boot-reads.ts';
import { afterLocalChange } from './subscriptions/changed.ts';
import { CONFIG, tellSet, tellSubmitted } from './subscriptions/config-entries.ts';
import { type Derivation, deriveNotifies, valuesOf } from './subscriptions/derive.ts';
import type { Keeper } from './subscriptions/keeper.ts';
import { requestOf, withRows } from './subscriptions/trigger-action.ts';

/** A template of which somebody may be told something. */
const TOLD_OF_TEMPLATE = /Subscription|"OnBoardingComplete":"false"/;

/** Whether the device has booted, and a Controller wants values with the Boot!. */
const wantsBootParameters = ({ pendingEvents, local }: DeviceRecord, template: TemplateRecord): boolean =>
  pendingEvents.some(({ boot }) => boot !== undefined) &&
  [template.rows, local].some((rows) => rows.includes('.BootParameter.'));

const NOTHING_TOLD: DerivedNotifies = { rows: [], ledger: undefined, local: undefined, arm: 'no' };

/** Whether the device has told values by which the rows that are shown of it are others. */
function tellsOtherRows({ pendingEvents, facts, tree }: DeviceRecord): boolean {
  // Most devices have none that decide.
  if (tree?.remembered === undefined || tree.remembered === '' || facts.root === ROOT) return false;
  return tellsOthers(tree.remembered, facts.root, pendingEvents.map(parseEvent).flatMap(valuesOf));
}

export interface TellingContext extends AgentContext {
  readonly state: AgentState;
  readonly keeper: Keeper;
  readonly operations: Operations;
  readonly commandSettings: (key: DeviceKey, request: string) => CommandSettings;
}

export class Telling {
  readonly #context: TellingContext;
  readonly #state: AgentState;

  constructor(context: TellingContext) {
    this.#context = context;
    this.#state = context.state;
  }

  /** Parameters of the CPE, by its own names, that are to be read before Boot! is told; none for all other Informs. */
  async bootReads(record: DeviceRecord, template: TemplateRecord): Promise<readonly string[]> {
    if (!wantsBootParameters(record, template) || this.#state.isLeft(record)) return [];
    const [view, known] = [await this.#state.viewOf(record), await this.#context.trees.stored(record)];
    if (view === undefined || known === undefined) return [];
    return bootReads(
      this.#state.localOver(record, this.#state.template(record.key.tenant, template.rows)),
      view,
      known.tree,
    );
  }

  /** `read`: of the CPE, what `bootReads` wanted. */
  async derive(
    record: DeviceRecord,
    template: TemplateRecord,
    read: readonly NamedValue[] = [],
  ): Promise<DerivedNotifies | undefined> {
    if (this.#state.isLeft(record)) return undefined;
    if (hasLoaded(record)) await this.#context.operations.ring(record.key);
    const isOther = tellsOtherRows(record);
    const derived = await this.#deriveTold(record, template, read);
    if (!isOther || derived?.arm === 'force') return derived;
    return { ...(derived ?? NOTHING_TOLD), arm: 'anew' };
  }

  async #deriveTold(
    record: DeviceRecord,
    template: TemplateRecord,
    read: readonly NamedValue[],
  ): Promise<DerivedNotifies | undefined> {
    if (record.local === '' && record.ledger === '' && !TOLD_OF_TEMPLATE.test(template.rows)) return undefined;
    const { settings, schedule } = this.#context;
    const rows = this.#state.template(record.key.tenant, template.rows);
    const local = this.#state.localOver(record, rows);
    const view = await this.#state.viewOf(record);
    const known = wantsBootParameters(record, template) ? await this.#context.trees.stored(record) : undefined;
    const shown = known === undefined ? undefined : view?.instances(known.tree);
    const told = deriveNotifies({ record, local, view, shown, read, keepMs: settings.notifyKeepMs });
    const derived = told === undefined || told.configs.length === 0 ? told : await this.#configure(local, view, told);
    const ends = derived?.rows.map((row) => row.expiresAt) ?? [];
    // A Notify that finds no way to its Controller is nobody's business until its time is over.
    if (ends.length > 0) await schedule('notify', record.key, Math.min(...ends));
    if (derived?.restarted === true || record.periodicAt === 0) {
      await this.#context.keeper.begin(record, local, derived?.restarted === true);
    }
    return derived;
  }

  /** Sets what fired Subscriptions want to be set: of LocalAgent in the derivation itself. */
  async #configure(local: LocalAgent, view: View | undefined, derived: Derivation): Promise<DerivedNotifies> {
    const { submit, schedule, clock } = this.#context;
    const { key, identity } = local.record;
    const own = derived.local === undefined ? local.own : parseRows(derived.local.rows);
    const after = local.withOwn(own);
    for (const config of derived.configs) {
      const [here, there] = [requestOf(config, 'local'), requestOf(config, 'cpe')];
      const model = new AgentModel(after, view, undefined, '', rightsOf(after, config.controller));
      const origin = { from_id: config.controller, to_id: identity.endpointId, msg_id: config.id };
      if (here !== undefined) {
        const answer = await execute(model, here, config.controller, this.#context.commandSettings(key, ''));
        tellSet(this.#context, origin, answer, '');
      }
      if (there === undefined) continue;
      const payload = Buffer.from(encodeMsg({ msg_id: config.id, body: there })).toString('base64');
      // Before the events are marked as derived: a constant that is set twice is set.
      const submitted = await submit(key, { kind: CONFIG, payload, origin, returnPath: undefined });
      tellSubmitted(this.#context, origin, submitted);
    }
    if (after.own === own) return derived;
    // Ends of Subscriptions and Periodic! may be others now.
    await schedule('subscription', key, clock.now());
    const arm = derived.arm === 'no' && afterLocalChange(after, local.own, clock.now()).arm ? 'yes' : derived.arm;
    return withRows({ ...derived, arm }, local, after, derived.depth);
  }
}
