// A CPE that is nothing but a dump: it answers GetParameterValues, at once and without a session. What the rules make of a
// device is tried out on it.
import type { Answer, SafeMethodName } from '../../device/access.ts';
import { type Catalogue, EMPTY_CATALOGUE, mergeCatalogue } from '../../device/instance-tree/catalogue.ts';
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import type { ReadValues } from '../../device/read-values.ts';
import { generalise } from '../../path/concrete.ts';
import type { CpeRequest } from '../../rpc/methods.ts';
import type { Dump } from './dump.ts';

export class DumpCpe {
  readonly tree: InstanceTree;
  /** As if it were the only device of its model. */
  readonly catalogue: Catalogue;
  readonly readBatch = Infinity;
  readonly #values: Dump['values'];
  #remembered: string;

  /** `remembered`: what a view wrote of the device earlier. */
  constructor({ tree, values }: Dump, remembered = '') {
    this.tree = tree;
    this.#remembered = remembered;
    this.#values = values;
    const types = [...values.values()].map(({ Name, Type }) => [generalise(Name), Type] as const);
    this.catalogue = mergeCatalogue(EMPTY_CATALOGUE, tree, new Map(types));
  }

  get remembered(): string {
    return this.#remembered;
  }

  async remember(text: string): Promise<void> {
    this.#remembered = text;
  }

  /** All that it would tell. */
  get told(): ReadValues {
    return { values: this.#values, missing: new Set(), failed: new Map() };
  }

  /** What it does not have it leaves out (quirk 21); other methods than GetParameterValues it does not know. */
  async read<N extends SafeMethodName>(method: N, request: CpeRequest<N>): Promise<Answer<N>> {
    if (method !== 'GetParameterValues' || !('ParameterNames' in request)) return { kind: 'empty' };
    const ParameterList = request.ParameterNames.flatMap((name) => this.#values.get(name) ?? []);
    const answer: Answer<SafeMethodName> = { kind: 'response', value: { ParameterList } };
    return answer as Answer<N>;
  }
}
