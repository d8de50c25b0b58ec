// The view of a device, by its root, its version of the standard and its model's catalogue. Views are shared by all
// devices of a model and made when the first of them is asked for.
import type { Catalogue } from '../device/instance-tree/catalogue.ts';
import { Recent } from '../operate/recent.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import { loadCwmpDifference, loadStandardModel } from './standard-model.ts';
import { Tr181View } from './tr181-view.ts';
import type { View } from './view.ts';

/** Used where the CPE does not say which Device:2 it has. */
const NEWEST_MINOR = 19;
const VIEWS_KEPT = 64;

const minorOf = (record: DeviceRecord): number => {
  const minor = /^2\.(\d+)$/.exec(record.facts.dataModel)?.[1];
  return minor === undefined ? NEWEST_MINOR : Number(minor);
};

export class Views {
  readonly #views = new Recent<View>(VIEWS_KEPT);

  /** Undefined for a CPE with another root than Device.: nothing translates its model yet. */
  viewOf(record: DeviceRecord, catalogue: Catalogue): View | undefined {
    if (record.facts.root !== 'Device.') return undefined;
    const minor = minorOf(record);
    const name = [catalogue.hash, minor, ...record.methods].join(' ');
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const view = new Tr181View(loadStandardModel(minor), loadCwmpDifference(), catalogue, record.methods);
    this.#views.set(name, view);
    return view;
  }
}
