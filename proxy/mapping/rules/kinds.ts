// What all CPEs of a model are known to have, asked for by patterns: which objects and parameters there are, and what may
// be written. Of a table without a row that anybody has seen nothing is known but that rows can come. Pure.
import type { Catalogue } from '../../device/instance-tree/catalogue.ts';
import { generalise } from '../../path/concrete.ts';
import type { Condition } from './document.ts';

const ROW = '{i}.';
const NAME = /\{\w+\}/g;

export type Presence = 'absent' | 'readOnly' | 'writable';

export class Kinds {
  readonly #catalogue: Catalogue;
  readonly root: string;
  readonly #parameters = new Map<string, ReadonlyMap<string, boolean>>();

  constructor(catalogue: Catalogue, root: string) {
    this.#catalogue = catalogue;
    this.root = root;
    for (const [path, shapes] of catalogue.shapes) {
      const merged = new Map<string, boolean>();
      for (const { parameters } of shapes) {
        for (const [name, writable] of parameters) merged.set(name, writable || (merged.get(name) ?? false));
      }
      this.#parameters.set(path, merged);
    }
  }

  /** The path of a rule, `/` or relative to the object `base`, with `{i}` in place of names and numbers. */
  general(text: string, base: string): string {
    const path = text.startsWith('/') ? this.root + text.slice(1) : base + text;
    return generalise(path.replace(NAME, '{i}'));
  }

  hasObject(general: string): boolean {
    return this.#parameters.has(general) || this.isAssumed(general);
  }

  /** Below a table, here or further up, of which no row was ever seen. */
  isAssumed(general: string): boolean {
    if (this.#parameters.has(general)) return false;
    for (let end = general.lastIndexOf(ROW); end > 0; end = general.lastIndexOf(ROW, end - 1)) {
      if (this.#parameters.has(general.slice(0, end + ROW.length))) return false;
      if (this.#parameters.has(general.slice(0, end))) return true;
    }
    return false;
  }

  parameter(general: string): Presence {
    const dot = general.lastIndexOf('.') + 1;
    const object = general.slice(0, dot);
    if (this.isAssumed(object)) return 'writable';
    const writable = this.#parameters.get(object)?.get(general.slice(dot));
    return writable === undefined ? 'absent' : writable ? 'writable' : 'readOnly';
  }

  /** Of a table: rows can be added; of a row: it can be deleted. */
  isWritableObject(general: string): boolean {
    return this.#catalogue.shapes.get(general)?.some(({ writable }) => writable) ?? this.isAssumed(general);
  }

  /** xsi:type as CPEs of the model send it. */
  type(general: string): string | undefined {
    return this.#catalogue.types.get(general);
  }

  objects(): readonly string[] {
    return this.#catalogue.paths;
  }

  parametersOf(general: string): ReadonlyMap<string, boolean> {
    return this.#parameters.get(general) ?? new Map<string, boolean>();
  }

  /** Whether some device of the model may be what the conditions want: what a value is nobody knows of a model. */
  mayHold(conditions: readonly Condition[], base: string): boolean {
    return conditions.every((condition) => {
      if (condition.kind === 'value') return true;
      const path = this.general(condition.path, base);
      const isThere = path.endsWith('.') ? this.hasObject(path) : this.parameter(path) !== 'absent';
      return isThere || condition.negated;
    });
  }
}
