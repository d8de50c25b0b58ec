// What an Agent is made of: rows of its tenant's template beneath its own, and the view of its CPE's model, both from what
// is stored.
import { EMPTY_CATALOGUE } from '../device/instance-tree/catalogue.ts';
import type { View } from '../mapping/view.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { AgentContext } from './context.ts';
import { withBanks } from './firmware/bank-view.ts';
import { templateRows } from './local-agent/factory-rows.ts';
import { LocalAgent } from './local-agent/local-agent.ts';
import { FIRST_DEVICE_ROW, parseRows, type Rows } from './local-agent/rows.ts';
import { ROOT } from './model.ts';

export class AgentState {
  readonly #context: Pick<AgentContext, 'store' | 'settings' | 'clock' | 'trees' | 'views'>;
  /** By tenant. */
  readonly #templates = new Map<string, { readonly stored: string; readonly rows: Rows }>();

  constructor(context: Pick<AgentContext, 'store' | 'settings' | 'clock' | 'trees' | 'views'>) {
    this.#context = context;
  }

  /** Whether the device is left to the USP Agent that it runs itself: then it has none here. */
  isLeft({ tree }: DeviceRecord): boolean {
    return this.#context.settings.leavesNative && tree?.nativeAgent !== undefined;
  }

  /** The Agent of a device; with rows of its own other than those that are stored. */
  async localAgent(record: DeviceRecord, own?: Rows): Promise<LocalAgent> {
    const { rows } = await this.#context.store.tenants.readTemplate(record.key.tenant);
    return this.localOver(record, this.template(record.key.tenant, rows), own);
  }

  /** The rows of a tenant's template. It hardly ever changes. */
  template(tenant: string, stored: string): Rows {
    const known = this.#templates.get(tenant);
    if (known?.stored === stored) return known.rows;
    const rows = templateRows(stored);
    this.#templates.set(tenant, { stored, rows });
    return rows;
  }

  /** `localAgent` where the template is at hand. */
  localOver(record: DeviceRecord, template: Rows, own = parseRows(record.local)): LocalAgent {
    const { settings, clock } = this.#context;
    const space = { under: template, own, first: () => FIRST_DEVICE_ROW };
    return new LocalAgent(record, space, settings, clock.now());
  }

  /** The Device:2 view of a CPE; undefined where nothing but `Device.LocalAgent.` can be shown. */
  async viewOf(record: DeviceRecord): Promise<View | undefined> {
    const { trees, views } = this.#context;
    // With new software nothing is known of the model until it is discovered anew: what the device had before is nearer.
    const catalogue = await trees.ofModel(record);
    // A view that translates is one of what the device has; any other needs its model only.
    const stored = catalogue === undefined || record.facts.root !== ROOT ? await trees.stored(record) : undefined;
    return withBanks(views.viewOf(record, catalogue ?? stored?.catalogue ?? EMPTY_CATALOGUE, stored?.tree), record);
  }
}
