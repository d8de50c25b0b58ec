// The templates of tenants in the store: read, and changed under their version, so that no change takes back another.
import type { Clock } from '../../operate/clock.ts';
import type { Store } from '../../store/store.ts';
import type { LocalSettings } from '../local-agent/definition.ts';
import { formatRows, parseRows, type Rows } from '../local-agent/rows.ts';
import { replaceTemplate, type TemplateObjects, templateObjects } from './document.ts';
import { type EditContext, type Edited, editTemplate, type TemplateChange, type TemplateFault } from './edit.ts';

export interface Template {
  /** Another one after every change, that of a Controller that came for the first time included. */
  readonly version: number;
  readonly objects: TemplateObjects;
}

export type TemplateOutcome =
  | { readonly kind: 'changed'; readonly template: Template; readonly created: readonly string[] }
  /** It is not of the version any more that was to be changed. */
  | { readonly kind: 'conflict'; readonly version: number }
  | ({ readonly kind: 'refused' } & TemplateFault);

export interface TemplatesContext {
  readonly store: Pick<Store, 'tenants'>;
  readonly clock: Clock;
  readonly settings: LocalSettings;
  /** A bell; who has changed something is told so once it was heard. */
  readonly changed?: () => Promise<void>;
}

/** As many may change it at the same moment: each time one of them succeeds. */
const ATTEMPTS = 100;

export class Templates {
  readonly #context: TemplatesContext;

  constructor(context: TemplatesContext) {
    this.#context = context;
  }

  async read(tenant: string): Promise<Template> {
    const { version, rows } = await this.#context.store.tenants.readTemplate(tenant);
    return { version, objects: templateObjects(parseRows(rows)) };
  }

  /** `version`: the one to change; undefined: the one that there is. */
  change(tenant: string, version: number | undefined, changes: readonly TemplateChange[]): Promise<TemplateOutcome> {
    return this.#edit(tenant, version, (rows, context) => editTemplate(rows, changes, context));
  }

  replace(tenant: string, version: number | undefined, objects: TemplateObjects): Promise<TemplateOutcome> {
    return this.#edit(tenant, version, (rows, context) => replaceTemplate(rows, objects, context));
  }

  async #edit(
    tenant: string,
    wanted: number | undefined,
    edit: (rows: Rows, context: EditContext) => Edited,
  ): Promise<TemplateOutcome> {
    const { store, clock, settings } = this.#context;
    let version = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = await store.tenants.readTemplate(tenant);
      version = stored.version;
      if (wanted !== undefined && wanted !== version) break;
      const edited = edit(parseRows(stored.rows), { tenant, settings, now: clock.now() });
      if (!edited.ok) return { kind: 'refused', path: edited.path, code: edited.code, why: edited.why };
      const { rows, created } = edited;
      if ((await store.tenants.changeTemplate(tenant, version, formatRows(rows))) === 'conflict') continue;
      await this.#context.changed?.();
      return { kind: 'changed', template: { version: version + 1, objects: templateObjects(rows) }, created };
    }
    return { kind: 'conflict', version };
  }
}
