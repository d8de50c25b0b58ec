// A view of a CPE that has just the given paths, as its GetParameterNames would list them.
import { EMPTY_CATALOGUE, mergeCatalogue } from '../../proxy/device/instance-tree/catalogue.ts';
import { buildTree, type InstanceTree } from '../../proxy/device/instance-tree/tree.ts';
import type { ReadValues } from '../../proxy/device/read-values.ts';
import { loadCwmpDifference, loadStandardModel } from '../../proxy/mapping/standard-model.ts';
import { Tr181View } from '../../proxy/mapping/tr181-view.ts';

export interface ViewOptions {
  /** xsi:types that the CPE was seen to use, by generalised path. */
  readonly types?: Readonly<Record<string, string>>;
  readonly methods?: readonly string[];
  readonly minor?: number;
}

/** A path that ends in `=` is writable. */
export function viewOver(
  paths: readonly string[],
  { types = {}, methods = [], minor = 19 }: ViewOptions = {},
): { readonly view: Tr181View; readonly tree: InstanceTree } {
  const entries = paths.map((path) => ({ Name: path.replace(/=$/, ''), Writable: path.endsWith('=') }));
  const tree = buildTree('Device.', entries);
  const catalogue = mergeCatalogue(EMPTY_CATALOGUE, tree, new Map(Object.entries(types)));
  return { view: new Tr181View(loadStandardModel(minor), loadCwmpDifference(), catalogue, methods), tree };
}

export const readOf = (values: Readonly<Record<string, string>>): ReadValues => ({
  values: new Map(Object.entries(values).map(([Name, Value]) => [Name, { Name, Value, Type: 'string' }])),
  missing: new Set(),
  failed: new Map(),
});
