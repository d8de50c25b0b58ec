// A TR-098 CPE of a few objects, and rules of a few lines for it: what the engine does can be read beside what it is told.
import { EMPTY_CATALOGUE, mergeCatalogue } from '../../../proxy/device/instance-tree/catalogue.ts';
import { buildTree, type InstanceTree } from '../../../proxy/device/instance-tree/tree.ts';
import { parseRules } from '../../../proxy/mapping/rules/parse.ts';
import { translatedModel, type TranslatedModel } from '../../../proxy/mapping/rules/translated-model.ts';
import { loadStandardModel } from '../../../proxy/mapping/standard-model.ts';
import { loadTr098Model } from '../../../proxy/mapping/tr098-model.ts';
import { tr098Book } from '../../../proxy/mapping/views.ts';
import { translatedView } from '../../../proxy/mapping/translated-view.ts';
import type { KnownValues, View, ViewAccess, ViewValue } from '../../../proxy/mapping/view.ts';
import { lastNameOf, parentOf } from '../../../proxy/path/concrete.ts';

export const ROOT = 'InternetGatewayDevice.';

export class SmallDevice {
  readonly values: Map<string, string>;
  readonly #objects: ReadonlySet<string>;
  remembered = '';
  /** Names that were read, one list a GetParameterValues. */
  readonly reads: (readonly string[])[] = [];

  /** `values` by name below the root; `objects`: those without parameters, tables above all, as `name.`. */
  constructor(values: Readonly<Record<string, string>>, objects: readonly string[] = []) {
    this.values = new Map(Object.entries(values).map(([name, value]) => [ROOT + name, value]));
    this.#objects = new Set(objects.map((name) => ROOT + name));
  }

  tree(): InstanceTree {
    const names = [...this.values.keys(), ...this.#objects];
    // Everything can be written and made: what may not is for the rules to say.
    const above = names.flatMap((name) => ancestorsOf(name));
    return buildTree(
      ROOT,
      [...new Set([...above, ...names])].map((Name) => ({ Name, Writable: true })),
    );
  }

  get access(): ViewAccess {
    const remembered = (): string => this.remembered;
    const read: ViewAccess['read'] = (_method, request) => {
      const names = 'ParameterNames' in request ? request.ParameterNames : [];
      this.reads.push(names);
      const ParameterList = names.map((Name) => ({ Name, Value: this.values.get(Name) ?? '', Type: 'string' }));
      return Promise.resolve({ kind: 'response', value: { ParameterList } } as never);
    };
    return {
      readBatch: 100,
      get remembered() {
        return remembered();
      },
      remember: (text) => {
        this.remembered = text;
        return Promise.resolve();
      },
      read,
    };
  }

  get known(): KnownValues {
    return { type: () => undefined, value: (name) => this.values.get(name) };
  }

  /** The values that a Get of these parameters shows. */
  shown(view: View, tree: InstanceTree, paths: readonly string[]): readonly (string | undefined)[] {
    return paths.map((path) => {
      const value = this.show(view, tree, path);
      return value?.kind === 'value' ? value.value : undefined;
    });
  }

  /** What a Get of one parameter shows. */
  show(view: View, tree: InstanceTree, path: string): ViewValue | undefined {
    const reading = view.instances(tree).readings(parentOf(path)).get(lastNameOf(path));
    const values = new Map([...this.values].map(([Name, Value]) => [Name, { Name, Value, Type: 'string' }]));
    return reading?.valueOf({ values, missing: new Set(), failed: new Map() });
  }
}

function ancestorsOf(name: string): readonly string[] {
  const above: string[] = [];
  for (let path = parentOf(name); path.length > ROOT.length; path = parentOf(path)) above.push(path);
  return above;
}

export function smallModel(yaml: string, tree: InstanceTree): TranslatedModel {
  const parsed = parseRules('small.yaml', yaml);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const book = { files: [parsed.value], codecs: new Map(), standard: loadStandardModel(16), own: loadTr098Model() };
  return translatedModel(book, ROOT, mergeCatalogue(EMPTY_CATALOGUE, tree, new Map()), []);
}

/** By the rules that Causeway comes with. */
export const shippedModel = (tree: InstanceTree): TranslatedModel =>
  translatedModel(tr098Book(), ROOT, mergeCatalogue(EMPTY_CATALOGUE, tree, new Map()), []);

/** The view of the device as it is now, numbers given. */
export async function fitted(model: TranslatedModel, device: SmallDevice, tree: InstanceTree): Promise<View> {
  return translatedView(model, tree, device.remembered).fit(device.access, tree);
}
