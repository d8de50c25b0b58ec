// Steps on catalogues: names, types and access of a model, immutable under their hash (DESIGN mechanism 5).
export interface HoldCounts {
  /** Holds of the model that day, and how many of them the CPEs hung up on, by hang-up time in whole seconds. */
  readonly holds: number;
  readonly hangUps: Readonly<Record<string, number>>;
  /** Distinct devices among the hang-ups, at most 16 of them. */
  readonly devices: readonly string[];
}

export interface CatalogueSteps {
  saveCatalogue(hash: string, catalogue: string): Promise<void>;
  readCatalogue(hash: string): Promise<string | undefined>;
  /** The newest catalogue of (OUI, ProductClass, SoftwareVersion). */
  currentCatalogue(model: string): Promise<string | undefined>;
  setCurrentCatalogue(model: string, expected: string | undefined, hash: string): Promise<'changed' | 'conflict'>;
  /** Counts a hold of a model that ended on `day`; `hungUpAfter` in seconds when the CPE ended it. */
  countHold(model: string, day: string, device: string, hungUpAfter: number | undefined): Promise<HoldCounts>;
}
