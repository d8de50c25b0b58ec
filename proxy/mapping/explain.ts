// Why the view of a device shows what it shows: for a path of Device:2 the rules that say so, and what of the CPE's they
// make it of. From what is stored, or with what the CPE says now: of both sides, in one round of reads.
import type { Runner } from '../device/access.ts';
import { EMPTY_CATALOGUE } from '../device/instance-tree/catalogue.ts';
import type { InstanceTree } from '../device/instance-tree/tree.ts';
import type { Trees } from '../device/trees.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import { readAll } from './parameters.ts';
import type { Place } from './rules/document.ts';
import { TranslatedView } from './translated-view.ts';
import type { View, ViewTree } from './view.ts';
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

/** With what is said now. What is secret is left out on both sides. */
export interface ExplainedNow extends Explained {
  /** By path of the view, as it is shown. */
  readonly values: Readonly<Record<string, string>>;
  /** By the CPE's names, in its own words. */
  readonly cpeValues: Readonly<Record<string, string>>;
}

/** Undefined: nothing is known of what the device has. */
export type Explain = (record: DeviceRecord, path: string) => Promise<Explained | undefined>;

interface Known {
  readonly trees: Trees;
  readonly views: Views;
}

const MOST = 1000;

/** All parameters at or below a path without wildcards. */
function* parametersAt({ objects }: ViewTree, path: string): Generator<string> {
  for (const object of objects.values()) {
    const isPart = object.path.startsWith(path) && path.endsWith('.');
    if (!isPart && !path.startsWith(object.path)) continue;
    for (const name of object.parameters.keys()) if (isPart || object.path + name === path) yield object.path + name;
  }
}

function explained(view: View, tree: InstanceTree, path: string): Explained {
  const parameters: ExplainedParameter[] = [];
  for (const found of parametersAt(view.instances(tree), path)) {
    if (parameters.length === MOST) return { root: tree.root, parameters, cut: true };
    const known = view instanceof TranslatedView ? view.explain(found) : undefined;
    const { rules, cpeNames } = known ?? { rules: [], cpeNames: view.reading(found).cpeNames };
    parameters.push({ path: found, rules, cpeNames });
  }
  return { root: tree.root, parameters, cut: false };
}

export const explainer =
  ({ trees, views }: Known): Explain =>
  async (record, path) => {
    const stored = await trees.stored(record);
    if (stored === undefined) return undefined;
    const catalogue = (await trees.ofModel(record)) ?? stored.catalogue;
    const view = views.viewOf(record, catalogue, stored.tree);
    return view === undefined ? undefined : explained(view, stored.tree, path);
  };

/** Kind of the mailbox entry whose payload is a path, and whose answer is `ExplainedNow` or `{ error }` in JSON. */
export const EXPLAIN = 'explain';

export const explainRunner = ({ trees, views }: Known): Runner => ({
  async run({ payload: path }, access) {
    let tree = await access.tree();
    const catalogue = (await trees.ofModel(access.record)) ?? EMPTY_CATALOGUE;
    let view = views.viewOf(access.record, catalogue, tree);
    if (tree === undefined || view === undefined) return failed('nothing is known of the model of this device');
    view = await view.fit(access, tree);
    const asked = path.endsWith('.') ? view.cpeObjects(path) : [];
    for (const object of asked) tree = (await access.refresh(object)) ?? tree;
    view = await view.fit(access, tree, { asked });
    const found = explained(view, tree, path);
    const readings = found.parameters.map((one) => ({ path: one.path, reading: view.reading(one.path) }));
    const read = await readAll(
      access,
      readings.map(({ reading }) => reading),
    );
    const secret = new Set(readings.flatMap(({ reading }) => (reading.secured ? reading.cpeNames : [])));
    const values = readings.flatMap(({ path, reading }) => {
      const value = reading.valueOf(read);
      return reading.secured || value.kind !== 'value' ? [] : [[path, value.value] as const];
    });
    const cpeValues = [...read.values].flatMap(([name, { Value }]) =>
      secret.has(name) ? [] : [[name, Value] as const],
    );
    const now = { ...found, values: Object.fromEntries(values), cpeValues: Object.fromEntries(cpeValues) };
    return { state: 'succeeded', error: '', answer: JSON.stringify(now satisfies ExplainedNow), onlyRead: true };
  },
  answerFor: (_entry, { error }) => JSON.stringify({ error }),
});

const failed = (error: string): Awaited<ReturnType<Runner['run']>> => ({
  state: 'failed',
  error,
  answer: JSON.stringify({ error }),
  onlyRead: true,
});
