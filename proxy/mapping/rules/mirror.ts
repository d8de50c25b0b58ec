// Parts of the CPE's own model that stand in the view as they are, with their names, numbers and rights: what a prefix rule
// names, and the raw place, where everything is that no rule maps. Pure.
import { parentOf } from '../../path/concrete.ts';
import { typeOfStandard, typeOfXsi } from '../value-type.ts';
import type { StandardModel } from '../standard-model.ts';
import { byType, type CompiledParameter } from './compile.ts';
import type { Kinds } from './kinds.ts';

/** Shown only to whom a Permission names it; see `agent/permissions`. */
export const RAW_PLACE = 'Device.X_CAUSEWAY_IGD.';
/** It holds what makes the CPE ours: no Controller sees it (DESIGN mechanism 7). */
const HIDDEN = 'ManagementServer.';

export interface Mirror {
  /** Object of the CPE, with its root. */
  readonly from: string;
  /** Object of the view. */
  readonly to: string;
  /** By generalised object of the CPE; objects that have nothing to show stand between those that have. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, CompiledParameter>>;
}

function parameterAs(name: string, general: string, kinds: Kinds, own: StandardModel): CompiledParameter {
  const known = own.parameter(general);
  const type = known === undefined ? typeOfXsi(kinds.type(general) ?? 'string') : typeOfStandard(known);
  const place = { file: 'prefix', line: 0 };
  const rule = { kind: 'source', place, from: [name], needed: 1, as: undefined, write: true } as const;
  return {
    name,
    place,
    standard: undefined,
    type,
    secured: known?.secured ?? false,
    rules: [
      {
        kind: 'source',
        rule: { ...rule, everywhere: false, all: false, keys: [], order: 0, secret: false },
        codec: byType(type),
        references: undefined,
      },
    ],
  };
}

/** `isMapped`: parameters, generalised, that have another place in the view. */
export function mirrorOf(
  from: string,
  to: string,
  kinds: Kinds,
  own: StandardModel,
  isMapped: (general: string) => boolean,
): Mirror {
  const objects = new Map<string, ReadonlyMap<string, CompiledParameter>>();
  const hidden = kinds.root + HIDDEN;
  for (const path of kinds.objects()) {
    if (!path.startsWith(from) || path.startsWith(hidden)) continue;
    const parameters = new Map<string, CompiledParameter>();
    for (const name of kinds.parametersOf(path).keys()) {
      if (!isMapped(path + name)) parameters.set(name, parameterAs(name, path + name, kinds, own));
    }
    if (parameters.size === 0) continue;
    for (let above = path; above.length > from.length && !objects.has(above); above = aboveOf(above)) {
      objects.set(above, NONE);
    }
    objects.set(path, parameters);
  }
  return { from, to, objects };
}
const NONE: ReadonlyMap<string, CompiledParameter> = new Map();

const ROW = '{i}.';
const aboveOf = (path: string): string => (path.endsWith(ROW) ? path.slice(0, -ROW.length) : parentOf(path));

/** The object of the view for one of the CPE, generalised or not; undefined where the mirror does not reach. */
export const mirrored = ({ from, to }: Mirror, path: string): string | undefined =>
  path.startsWith(from) ? to + path.slice(from.length) : undefined;

/** The way back. */
export const originOf = (mirrors: readonly Mirror[], path: string): string | undefined => {
  const mirror = mirrors.find(({ to }) => path.startsWith(to));
  return mirror === undefined ? undefined : mirror.from + path.slice(mirror.to.length);
};
