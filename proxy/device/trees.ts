// Trees of devices, decoded when somebody looks and forgotten soon after: the truth is in the store. Trees and catalogues
// are immutable: the former are shared by all devices that have the same, the latter may stay under their hash.
import { Recent } from '../operate/recent.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import type { Store } from '../store/store.ts';
import {
  type Catalogue,
  EMPTY_CATALOGUE,
  formatCatalogue,
  mergeCatalogue,
  parseCatalogue,
} from './instance-tree/catalogue.ts';
import { decodeTree, encodeTree } from './instance-tree/encoding.ts';
import type { InstanceTree } from './instance-tree/tree.ts';

export interface KnownTree {
  readonly tree: InstanceTree;
  readonly catalogue: Catalogue;
}

const TREES_KEPT = 256;
const CATALOGUES_KEPT = 128;
/** Another node may merge at the same moment; it cannot go on for ever. */
const MERGE_ATTEMPTS = 5;

export const modelOf = (record: DeviceRecord): string =>
  [record.identity.OUI, record.identity.ProductClass, record.facts.SoftwareVersion].join('\n');

export class Trees {
  readonly #store: Store;
  readonly #trees = new Recent<KnownTree>(TREES_KEPT);
  readonly #catalogues = new Recent<Catalogue>(CATALOGUES_KEPT);

  constructor(store: Store) {
    this.#store = store;
  }

  async #catalogue(hash: string): Promise<Catalogue | undefined> {
    const known = this.#catalogues.get(hash);
    if (known !== undefined) return known;
    const stored = await this.#store.catalogues.readCatalogue(hash);
    if (stored === undefined) return undefined;
    const catalogue = parseCatalogue(hash, stored);
    this.#catalogues.set(hash, catalogue);
    return catalogue;
  }

  /** The stored tree of a device; undefined when it was never discovered. */
  async stored(record: DeviceRecord): Promise<KnownTree | undefined> {
    const stored = record.tree;
    if (stored === undefined) return undefined;
    // Devices of a model that have the same rows share one tree, and with it all that is worked out from it.
    const name = `${stored.catalogue}/${stored.instances}`;
    const known = this.#trees.get(name);
    if (known !== undefined) return known;
    const catalogue = await this.#catalogue(stored.catalogue);
    if (catalogue === undefined) return undefined;
    const decoded = { tree: decodeTree(catalogue, stored.instances), catalogue };
    this.#trees.set(name, decoded);
    return decoded;
  }

  /** The newest catalogue of a device's model; undefined before the first of its kind was discovered. */
  async ofModel(record: DeviceRecord): Promise<Catalogue | undefined> {
    const hash = await this.#store.catalogues.currentCatalogue(modelOf(record));
    return hash === undefined ? undefined : this.#catalogue(hash);
  }

  /** Saves a tree and what it and the observed types add to its model's catalogue. */
  async save(
    record: DeviceRecord,
    epoch: number,
    tree: InstanceTree,
    types: ReadonlyMap<string, string>,
    at: number,
    nativeAgent = '',
  ): Promise<KnownTree> {
    const catalogue = await this.#merge(record, tree, types);
    const instances = encodeTree(tree, catalogue);
    const { SoftwareVersion } = record.facts;
    await this.#store.devices.saveTree(record.key, epoch, {
      catalogue: catalogue.hash,
      instances,
      SoftwareVersion,
      at,
      ...(nativeAgent === '' ? {} : { nativeAgent }),
    });
    return { tree, catalogue };
  }

  async #merge(record: DeviceRecord, tree: InstanceTree, types: ReadonlyMap<string, string>): Promise<Catalogue> {
    const model = modelOf(record);
    let merged = EMPTY_CATALOGUE;
    for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt += 1) {
      const hash = await this.#store.catalogues.currentCatalogue(model);
      const current = (hash === undefined ? undefined : await this.#catalogue(hash)) ?? EMPTY_CATALOGUE;
      merged = mergeCatalogue(current, tree, types);
      if (merged === current) return current;
      await this.#store.catalogues.saveCatalogue(merged.hash, formatCatalogue(merged));
      this.#catalogues.set(merged.hash, merged);
      if ((await this.#store.catalogues.setCurrentCatalogue(model, hash, merged.hash)) === 'changed') break;
    }
    return merged;
  }
}
