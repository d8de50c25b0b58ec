// The view of a device, by its root, its version of the standard and its model's catalogue. What devices of a model share is
// made when the first of them is asked for.
import type { Catalogue } from '../device/instance-tree/catalogue.ts';
import { buildTree, type InstanceTree } from '../device/instance-tree/tree.ts';
import { Recent } from '../operate/recent.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import { codecs } from './rules/codecs/registry.ts';
import { compileRules } from './rules/compile.ts';
import { loadOwnRules, loadRules } from './rules/load.ts';
import { type RuleBook, translatedModel, type TranslatedModel } from './rules/translated-model.ts';
import { loadCwmpDifference, loadStandardModel } from './standard-model.ts';
import { loadTr098Model } from './tr098-model.ts';
import { Tr181View } from './tr181-view.ts';
import { translatedView } from './translated-view.ts';
import type { View } from './view.ts';

/** Used where the CPE does not say which Device:2 it has. */
const NEWEST_MINOR = 19;
/** A CPE of TR-098 has much that later versions have deleted (facts: mapping-notes D1). */
const MINOR_OF_TRANSLATED = 16;
const TR098_ROOT = 'InternetGatewayDevice.';
const KEPT = 64;

const minorOf = (record: DeviceRecord): number => {
  const minor = /^2\.(\d+)$/.exec(record.facts.dataModel)?.[1];
  return minor === undefined ? NEWEST_MINOR : Number(minor);
};

const books = new Map<string, RuleBook>();
/**
 * Rules, codecs and both standards; read once in a process. `ownRules`: a folder with rule files that stand before
 * Causeway's, '' for none. Throws CAUSEWAY_MAPPING_INVALID, with file and line.
 */
export function tr098Book(ownRules = ''): RuleBook {
  const known = books.get(ownRules);
  if (known !== undefined) return known;
  const files = [...(ownRules === '' ? [] : loadOwnRules(ownRules)), ...loadRules()];
  const book = { files, codecs, standard: loadStandardModel(MINOR_OF_TRANSLATED), own: loadTr098Model() };
  books.set(ownRules, book);
  return book;
}

/** Whether all files can be used; throws as tr098Book does, also for what contradicts the standard. */
export function checkRules(ownRules: string): void {
  const { files, standard, codecs: known } = tr098Book(ownRules);
  compileRules(files, standard, known);
}

const NO_TREE = buildTree(TR098_ROOT, []);

export class Views {
  readonly #views = new Recent<View>(KEPT);
  readonly #translated = new Recent<TranslatedModel>(KEPT);
  readonly #ownRules: string;

  /** `ownRules`: as tr098Book has it. */
  constructor(ownRules = '') {
    this.#ownRules = ownRules;
  }

  /** Undefined for a CPE with a root that nothing translates. `tree`: what the device has, where that is known. */
  viewOf(record: DeviceRecord, catalogue: Catalogue, tree?: InstanceTree): View | undefined {
    const { root } = record.facts;
    if (root === 'Device.') return this.#tr181(record, catalogue);
    if (root !== TR098_ROOT) return undefined;
    const name = [catalogue.hash, ...record.methods].join(' ');
    let model = this.#translated.get(name);
    if (model === undefined) {
      model = translatedModel(tr098Book(this.#ownRules), root, catalogue, record.methods);
      this.#translated.set(name, model);
    }
    return translatedView(model, tree ?? NO_TREE, record.tree?.remembered ?? '');
  }

  #tr181(record: DeviceRecord, catalogue: Catalogue): View {
    const minor = minorOf(record);
    const name = [catalogue.hash, minor, ...record.methods].join(' ');
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const view = new Tr181View(loadStandardModel(minor), loadCwmpDifference(), catalogue, record.methods);
    this.#views.set(name, view);
    return view;
  }
}
