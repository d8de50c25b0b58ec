// Why the view of a device shows what it shows: for a path of Device:2 the rules that say so, and what of the CPE's they
// make it of. From what is stored; the CPE is not asked.
import type { Trees } from '../device/trees.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { Place } from './rules/document.ts';
import { TranslatedView } from './translated-view.ts';
import type { ViewTree } from './view.ts';
import type { Views } from './views.ts';

export interface ExplainedParameter {
  readonly path: string;
  /** Where the rules stand; none where no rule is needed, as for a CPE that has Device:2 itself. */
  readonly rules: readonly Place[];
  /** What it is made of; nothing of a constant, or a number of rows. */
  readonly cpeNames: readonly string[];
}

export interface Explained {
  /** Of the CPE's own model. */
  readonly root: string;
  readonly parameters: readonly ExplainedParameter[];
  /** There were more. */
  readonly cut: boolean;
}

/** Undefined: nothing is known of what the device has. */
export type Explain = (record: DeviceRecord, path: string) => Promise<Explained | undefined>;

const MOST = 1000;

/** All parameters at or below a path without wildcards. */
function* parametersAt({ objects }: ViewTree, path: string): Generator<string> {
  for (const object of objects.values()) {
    const isPart = object.path.startsWith(path) && path.endsWith('.');
    if (!isPart && !path.startsWith(object.path)) continue;
    for (const name of object.parameters.keys()) if (isPart || object.path + name === path) yield object.path + name;
  }
}

export const explainer =
  ({ trees, views }: { readonly trees: Trees; readonly views: Views }): Explain =>
  async (record, path) => {
    const stored = await trees.stored(record);
    if (stored === undefined) return undefined;
    const catalogue = (await trees.ofModel(record)) ?? stored.catalogue;
    const view = views.viewOf(record, catalogue, stored.tree);
    if (view === undefined) return undefined;
    const shown = view.instances(stored.tree);
    const parameters: ExplainedParameter[] = [];
    for (const found of parametersAt(shown, path)) {
      if (parameters.length === MOST) return { root: record.facts.root, parameters, cut: true };
      const explained = view instanceof TranslatedView ? view.explain(found) : undefined;
      const { rules, cpeNames } = explained ?? { rules: [], cpeNames: view.reading(found).cpeNames };
      parameters.push({ path: found, rules, cpeNames });
    }
    return { root: record.facts.root, parameters, cut: false };
  };
