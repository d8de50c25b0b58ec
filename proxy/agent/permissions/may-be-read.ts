// Whether a Controller may read anything of what a path names, before any row is known.
import type { SupportedModel } from '../../mapping/supported.ts';
import type { Path } from '../../path/path.ts';
import { kindOf } from '../supported-check.ts';
import type { Rights } from './rights.ts';

interface Reader {
  readonly supported: SupportedModel;
  readonly rights: Rights;
}

/** True where only values could tell, and of what is not in the model: others say so. */
export function mayBeRead({ supported, rights }: Reader, { segments, leaf }: Path): boolean {
  if (rights.all) return true;
  const kind = kindOf(supported, segments);
  if (!kind.ok || kind.object === undefined) return true;
  const { object } = kind;
  if (leaf.kind !== 'parameter-or-object') return leaf.kind !== 'object' || rights.object(object).r;
  if (supported.objects.get(object)?.parameters.has(leaf.name) === true)
    return rights.object(object).r && rights.param(object + leaf.name).r;
  return rights.object(`${object}${leaf.name}.`).r;
}
