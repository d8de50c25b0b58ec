// An object of the CPE that stands in the view as it is. There may be thousands that nobody ever looks at: what their
// parameters are made of is worked out when it is asked for.
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import type { SupportedObject } from '../supported.ts';
import { type Binding, bind } from './binding.ts';
import type { CompiledParameter, CompiledRules } from './compile.ts';
import type { ViewObject } from './materialise.ts';

const NOTHING: ReadonlyMap<string, boolean> = new Map();
const shapes = new WeakMap<ReadonlyMap<string, boolean>, WeakMap<object, ReadonlyMap<string, boolean>>>();

/** Of an object's own parameters those that are shown; objects of one shape share the answer. */
function shownOf(
  own: ReadonlyMap<string, boolean>,
  parameters: ReadonlyMap<string, CompiledParameter>,
): ReadonlyMap<string, boolean> {
  const ofShape = shapes.get(own) ?? new WeakMap<object, ReadonlyMap<string, boolean>>();
  shapes.set(own, ofShape);
  const known = ofShape.get(parameters) ?? new Map([...own].filter(([name]) => parameters.has(name)));
  ofShape.set(parameters, known);
  return known;
}

/** `object` with the parameters that its one member has. */
export function withMirrored(
  object: ViewObject,
  parameters: ReadonlyMap<string, CompiledParameter>,
  supported: SupportedObject | undefined,
  tree: InstanceTree,
  rules: CompiledRules,
): ViewObject {
  const [found] = object.members;
  let bindings: ReadonlyMap<string, Binding> | undefined;
  return {
    ...object,
    parameters: shownOf(tree.objects.get(found?.path ?? '')?.parameters ?? NOTHING, parameters),
    get bindings() {
      bindings ??= new Map(
        [...parameters.values()].flatMap((parameter): readonly (readonly [string, Binding])[] => {
          const shown = supported?.parameters.get(parameter.name);
          if (shown === undefined || found === undefined) return [];
          const binding = bind(parameter, shown, { found, itself: found, tree, guards: undefined }, rules);
          return binding === undefined ? [] : [[parameter.name, binding]];
        }),
      );
      return bindings;
    },
  };
}
