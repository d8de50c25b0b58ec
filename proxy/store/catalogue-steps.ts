// Steps on catalogues: names, types and access of a model, immutable under their hash (DESIGN mechanism 5); and on what
// all CPEs of a model teach together about holds.

/** Holds of one model on one day. */
export interface HoldCounts {
  readonly holds: number;
  /** Hang-ups by how long the hold had lasted, in whole seconds. */
  readonly hangUps: Readonly<Record<string, number>>;
  /** Distinct devices that hung up, 16 at most. */
  readonly devices: readonly string[];
}
export interface HangUp {
  readonly device: string;
  readonly heldMs: number;
}

export interface CatalogueSteps {
  /** Nothing happens when the hash is known. */
  saveCatalogue(hash: string, catalogue: string): Promise<void>;
  readCatalogue(hash: string): Promise<string | undefined>;
  /** Hash of the newest catalogue of (OUI, ProductClass, SoftwareVersion). */
  currentCatalogue(model: string): Promise<string | undefined>;
  setCurrentCatalogue(model: string, expected: string | undefined, hash: string): Promise<'changed' | 'conflict'>;
  /**
   * Adds to the model's counts of `day` (YYYY-MM-DD) and returns them; with nothing to add it reads them. Forgotten 7 days
   * after the last addition.
   */
  countHolds(model: string, day: string, holds: number, hangUps: readonly HangUp[]): Promise<HoldCounts>;
  /** The hold, in milliseconds, that CPEs of the model were seen to bear; forgotten 7 days after it was saved. */
  modelHold(model: string): Promise<number | undefined>;
  /** Saves and returns the shorter of this and what was known. */
  saveModelHold(model: string, holdMs: number): Promise<number>;
}
