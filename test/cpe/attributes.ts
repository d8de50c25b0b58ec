// Parameter attributes (TR-069 A.3.2.4): who wants to hear of changes, and who else may write. A dump says what they
// are in the factory; a device remembers only what the ACS has set.
import type { Facets } from './value-type.ts';

export type Notification = 0 | 1 | 2;
export interface Attributes {
  readonly notification: Notification;
  readonly accessList: readonly string[];
}

export interface AttributeStore {
  of(path: string, facets: Facets): Attributes;
  /** Keeps what was set; a forced notification stays active whatever is asked. */
  set(path: string, facets: Facets, change: Partial<Attributes>): void;
  reset(): void;
}

/** What TR-069 gives a parameter of which nothing else is said: the subscriber may write it. */
const FACTORY_ACCESS: readonly string[] = ['Subscriber'];

export function createAttributeStore(): AttributeStore {
  const known = new Map<string, Attributes>();
  const factory = (facets: Facets): Attributes => ({
    notification: facets.notification === 'forced' || facets.notification === 'active' ? 2 : 0,
    accessList: FACTORY_ACCESS,
  });
  const of = (path: string, facets: Facets): Attributes => known.get(path) ?? factory(facets);
  return {
    of,
    set: (path, facets, change) => {
      const attributes = { ...of(path, facets), ...change };
      known.set(path, facets.notification === 'forced' ? { ...attributes, notification: 2 } : attributes);
    },
    reset: () => known.clear(),
  };
}
