// Which changes of the device's own the ACS wants to hear of: an active notification opens a session for it, a passive
// one waits for the next (TR-069 A.3.2.4). What the ACS changed itself never comes here.
import type { AttributeStore } from './attributes.ts';
import type { DataModel } from './data-model.ts';

/** Changed paths, each with the number of its latest change. */
export type Noted = ReadonlyMap<string, number>;

export interface ChangeNotices {
  /** The device changed these paths; returns the strongest wish of the ACS to know. */
  note(paths: readonly string[]): 'active' | 'passive' | 'none';
  /** What the next Inform reports. */
  pending(): Noted;
  /** An Inform with these arrived; what changed again since it was written stays. */
  delivered(noted: Noted): void;
  clear(): void;
}

export function createChangeNotices(model: DataModel, attributes: AttributeStore): ChangeNotices {
  const noted = new Map<string, number>();
  let count = 0;
  return {
    note: (paths) => {
      let strongest: 'active' | 'passive' | 'none' = 'none';
      for (const path of paths) {
        const node = model.parameter(path)?.node;
        const notification = node === undefined ? 0 : attributes.of(path, node.facets).notification;
        if (notification === 0) continue;
        count += 1;
        noted.set(path, count);
        if (notification === 2 || strongest === 'none') strongest = notification === 2 ? 'active' : 'passive';
      }
      return strongest;
    },
    pending: () => new Map(noted),
    delivered: (arrived) => {
      for (const [path, change] of arrived) if (noted.get(path) === change) noted.delete(path);
    },
    clear: () => noted.clear(),
  };
}
