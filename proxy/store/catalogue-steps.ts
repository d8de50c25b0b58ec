// Steps on catalogues: names, types and access of a model, immutable under their hash (DESIGN mechanism 5); and on what
// all CPEs of a model teach together about holds and about reading.

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

/** A general name (`Device.IP.Interface.{i}.Status`) that CPEs of a model said they do not have. */
export interface BadName {
  /** How often it was told, by one device or several. */
  readonly times: number;
  /** When it was told last. */
  readonly at: number;
}
/** What reading CPEs of one model has taught; each part is forgotten 7 days after it was learnt. */
export interface ModelLessons {
  /** The largest GetParameterValues that a CPE of the model answered; 0 when none is known. */
  readonly borne: number;
  /** Parameters in one GetParameterValues that CPEs of the model bear; undefined: as many as the settings say. */
  readonly readBatch: number | undefined;
  /** By general name, the one told last at the end. */
  readonly badNames: ReadonlyMap<string, BadName>;
}
/** What one read of one device has taught. */
export interface Lesson {
  /** The largest GetParameterValues that was answered; 0 when none was. */
  readonly borne: number;
  /** `failed` parameters at once were too many, `bore` were not. */
  readonly tooLarge: { readonly failed: number; readonly bore: number } | undefined;
  /** General names that the CPE does not have. */
  readonly bad: readonly string[];
  /** General names that it does have, though they were held for bad. */
  readonly good: readonly string[];
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
  modelLessons(model: string): Promise<ModelLessons>;
  /**
   * Adds a lesson to the model's and returns them all. Of batch sizes the smallest counts, but what CPEs of the model were
   * seen to bear is not too large for the model because one of them failed on it once. 256 bad names are kept.
   */
  learn(model: string, lesson: Lesson): Promise<ModelLessons>;
}
