// Paths → objects that are there. Names and types come from the supported model, instances from what is known of the CPE
// now; it is asked again only where rows may have come or gone (facts: cwmp-usp-translation §3.2).
import { lastNameOf, parentOf, rowNumberOf, rowOf } from '../path/concrete.ts';
import type { Comparison, Segment } from '../path/path.ts';
import { codes } from '../usp/codes.ts';
import type { AgentModel } from './model.ts';
import { refused, type Refused } from './problem.ts';
import { referredBy, searchRows } from './search.ts';
import { kindOf } from './supported-check.ts';

export interface Resolved {
  readonly ok: true;
  /** Concrete objects that are there, objects of LocalAgent and of the CPE alike, each with its last dot. */
  readonly objects: readonly string[];
  /** A wildcard, a search or a reference was in the path: nothing found is no error (R-MSG.4a). */
  readonly searched: boolean;
  /** Generalised path of what was looked for, found or not; undefined behind a reference. */
  readonly kind: string | undefined;
}
export type Resolution = Resolved | Refused;

/** Objects one path may resolve to. */
const MOST_OBJECTS = 10_000;

class Walk {
  readonly #model: AgentModel;
  candidates: readonly string[] = [''];
  searched = false;

  constructor(model: AgentModel) {
    this.#model = model;
  }

  /** A problem, or undefined when the segment was taken. */
  async take(segment: Segment, next: Segment | undefined): Promise<Refused | undefined> {
    switch (segment.kind) {
      case 'name':
        return next?.kind === 'reference' ? this.#follow(segment.name, next.item) : this.#name(segment.name);
      case 'instance':
        return this.#rows((table) => [rowOf(table, segment.number)]);
      case 'wildcard':
        return this.#rowsThatAre();
      case 'search':
        return (await this.#rowsThatAre()) ?? this.#search(segment.comparisons);
      case 'reference':
        // Taken together with the name before it.
        return undefined;
    }
  }

  /** Behind a reference the objects may be of several kinds: those that have no such child are left out. */
  #name(name: string): Refused | undefined {
    const known = this.candidates
      .map((path) => `${path}${name}.`)
      .filter((path) => this.#model.object(path) !== undefined);
    if (known.length === 0 && this.candidates.length > 0)
      return refused(codes.invalidPath, `${name} is not in the model`);
    this.candidates = known;
    return undefined;
  }

  #rows(rowsOf: (table: string) => readonly string[]): Refused | undefined {
    const rows: string[] = [];
    for (const table of this.candidates) {
      if (!this.#model.isTable(table)) return refused(codes.invalidPath, `${lastNameOf(table)} is no table`);
      for (const row of rowsOf(table)) rows.push(row);
      if (rows.length > MOST_OBJECTS) return refused(codes.resourcesExceeded, `more than ${MOST_OBJECTS} objects`);
    }
    this.candidates = rows;
    return undefined;
  }

  async #rowsThatAre(): Promise<Refused | undefined> {
    this.searched = true;
    for (const table of this.candidates) if (this.#model.isTable(table)) await this.#model.freshen(table);
    return this.#rows((table) => this.#model.rows(table).map((number) => rowOf(table, number)));
  }

  async #search(comparisons: readonly Comparison[]): Promise<Refused | undefined> {
    const found = await searchRows(this.#model, this.candidates, comparisons);
    if (!found.ok) return found;
    this.candidates = found.rows;
    return undefined;
  }

  async #follow(name: string, item: number | 'all'): Promise<Refused | undefined> {
    this.searched = true;
    const parameters = this.candidates.map((path) => path + name);
    const targets = await referredBy(this.#model, parameters, item);
    if ('ok' in targets) return targets;
    this.candidates = [...new Set([...targets.values()].flat())];
    return undefined;
  }
}

/** The table whose rows decide whether an object is there; undefined where no row is in the path. */
function decidingTable(path: string): string | undefined {
  for (let object = path; object !== ''; object = parentOf(object)) {
    if (rowNumberOf(object) !== undefined) return parentOf(object);
  }
  return undefined;
}

export async function resolveObjects(model: AgentModel, segments: readonly Segment[]): Promise<Resolution> {
  const kind = kindOf(model.supported, segments);
  if (!kind.ok) return { ...kind, why: `${kind.why}${model.limits}` };
  const walk = new Walk(model);
  for (const [index, segment] of segments.entries()) {
    const taken = await walk.take(segment, segments[index + 1]);
    if (taken !== undefined) return taken;
  }
  const isThere = (path: string): boolean => model.has(path) || isKnownTable(model, path);
  const missing = walk.candidates.find((path) => !isThere(path));
  if (missing !== undefined && !walk.searched) {
    const table = decidingTable(missing);
    if (table !== undefined) await model.freshen(table);
  }
  return { ok: true, objects: walk.candidates.filter(isThere), searched: walk.searched, kind: kind.object };
}

/** An empty table is there when the object that holds it is, even if the CPE does not list it. */
function isKnownTable(model: AgentModel, path: string): boolean {
  return model.isTable(path) && rowNumberOf(path) === undefined && model.has(parentOf(path));
}
