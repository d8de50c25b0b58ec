// An Agent over a CPE at hand: messages in, answers out, and between them nothing but the code that is tested. What a
// message changes of LocalAgent is kept as the gateway would store it.
import { enabledSubscriptions } from '../../proxy/agent/subscriptions/enabled.ts';
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import { templateRows } from '../../proxy/agent/local-agent/factory-rows.ts';
import { aliasFor, type ChallengeEffects, type ChallengeOutcome } from '../../proxy/agent/local-agent/definition.ts';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import {
  addRow,
  FIRST_DEVICE_ROW,
  FIRST_TEMPLATE_ROW,
  formatRows,
  NO_ROWS,
  type Rows,
} from '../../proxy/agent/local-agent/rows.ts';
import { execute } from '../../proxy/agent/messages/messages.ts';
import type { DeviceOperations } from '../../proxy/agent/operations/device-operations.ts';
import { FULL, type Rights } from '../../proxy/agent/permissions/rights.ts';
import { AgentModel } from '../../proxy/agent/model.ts';
import type { Subscription } from '../../proxy/agent/local-agent/subscription.ts';
import { EMPTY_CATALOGUE, mergeCatalogue } from '../../proxy/device/instance-tree/catalogue.ts';
import type { InstanceTree } from '../../proxy/device/instance-tree/tree.ts';
import type { View } from '../../proxy/mapping/view.ts';
import { Views } from '../../proxy/mapping/views.ts';
import type { BodyOf, UspBody } from '../../proxy/usp/msg.ts';
import { type DumpName, loadDump } from '../cpe/dumps.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { CpeAtHand } from './cpe-at-hand.ts';
import { noOperations } from './no-operations.ts';

export const CONTROLLER = 'proto::controller-1';
export const OTHER_CONTROLLER = 'proto::controller-2';

export const SETTINGS = {
  softwareVersion: '0.1.0',
  subscriptionCap: 100,
  webSocket: { port: 8080, encrypted: false, keepAliveSeconds: 30 },
  rebootGraceMs: 90_000,
};

const controllerRow = (endpointId: string, number: number): Readonly<Record<string, string>> => ({
  EndpointID: endpointId,
  Alias: aliasFor(number),
  Enable: 'true',
  ControllerCode: '',
  ProvisioningCode: '',
});

/** Two Controllers, as a listener would have let them in. */
export const TEMPLATE: Rows = templateRows(
  formatRows(
    [CONTROLLER, OTHER_CONTROLLER].reduce(
      (rows, id, index) => addRow(rows, FIRST_TEMPLATE_ROW, CONTROLLER_TABLE, controllerRow(id, index + 1)).rows,
      NO_ROWS,
    ),
  ),
);

export interface AgentOptions extends Omit<CpeOptions, 'acsUrl' | 'dump'> {
  readonly dump?: DumpName | CpeOptions['dump'];
  readonly subscriptionCap?: number;
  /** In place of the one that the CPE's root asks for. */
  readonly view?: View;
}

export class AgentAtHand {
  readonly cpe: CpeAtHand;
  readonly #views = new Views();
  readonly #subscriptionCap: number;
  readonly #view: View | undefined;
  #seen: { readonly tree: InstanceTree | undefined; readonly view: View | undefined } | undefined;
  own: Rows = NO_ROWS;
  /** Commands that go on need a store. */
  operations: DeviceOperations = noOperations();
  /** What was told of Challenges. */
  readonly told: (readonly [outcome: ChallengeOutcome, controller: string, challenge: string])[] = [];
  readonly challenges: ChallengeEffects = {
    newId: () => `id-${this.told.length + 1}`,
    told: (...told) => this.told.push(told),
  };

  constructor({ dump = 'tiny-tr181', subscriptionCap = 100, view, ...options }: AgentOptions = {}) {
    this.cpe = new CpeAtHand({ ...options, dump: typeof dump === 'string' ? loadDump(dump) : dump });
    this.#subscriptionCap = subscriptionCap;
    this.#view = view;
  }

  async view(): Promise<View | undefined> {
    if (this.#view !== undefined) return this.#view;
    const tree = await this.cpe.tree();
    if (tree !== undefined && tree === this.#seen?.tree) return this.#seen.view;
    const view = this.#viewOf(tree);
    this.#seen = { tree, view };
    return view;
  }

  #viewOf(tree: InstanceTree | undefined): View | undefined {
    const catalogue = tree === undefined ? EMPTY_CATALOGUE : mergeCatalogue(EMPTY_CATALOGUE, tree, new Map());
    return this.#views.viewOf(this.cpe.record, catalogue, tree);
  }

  local(): LocalAgent {
    const settings = { ...SETTINGS, subscriptionCap: this.#subscriptionCap };
    const space = { under: TEMPLATE, own: this.own, first: () => FIRST_DEVICE_ROW };
    return new LocalAgent(this.cpe.record, space, settings, this.cpe.now());
  }

  async model(rights: Rights = FULL): Promise<AgentModel> {
    const view = await this.view();
    const tree = await this.cpe.tree();
    return new AgentModel(
      this.local(),
      view,
      view === undefined || tree === undefined
        ? undefined
        : { view: await view.fit(this.cpe, tree), access: this.cpe, tree },
      '',
      rights,
    );
  }

  /** The answer to a request; RPCs that it cost are in `cpe.rpcs`. */
  async ask(body: UspBody, from_id = CONTROLLER, rights = FULL): Promise<UspBody> {
    const model = await this.model(rights);
    this.cpe.beginTurn();
    const answer = await execute(model, body, from_id, {
      ...SETTINGS,
      operations: this.operations,
      challenges: this.challenges,
    });
    if (answer.kind !== 'error') this.own = model.local.own;
    return answer;
  }

  /** The answer, which must be of this kind. */
  async expect<K extends UspBody['kind']>(kind: K, body: UspBody, from_id = CONTROLLER): Promise<BodyOf<K>> {
    const answer = await this.ask(body, from_id);
    if (answer.kind !== kind) throw new Error(`${kind} was expected, not ${JSON.stringify(answer)}`);
    // The kind was just compared.
    return answer as BodyOf<K>;
  }

  subscriptions(): readonly Subscription[] {
    return enabledSubscriptions(this.local());
  }
}
