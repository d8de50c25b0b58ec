// Parameters of the CPE that say the same: of those a rule takes the first that a device has. Pure.
import type { ObjectRule, ParameterRule, RuleFile } from './document.ts';

const single = (rule: ParameterRule): readonly Exclude<ParameterRule, { kind: 'first' }>[] =>
  rule.kind === 'first' ? rule.rules.flatMap(single) : [rule];

const general = (path: string): string => path.replace(/\{\w+\}/g, '{i}').replace(/\.\d+(?=\.)/g, '.{i}');

/** What each parameter of the view is made of, rule by rule, over all files. */
function* sourcesOf(objects: Iterable<ObjectRule>, root: string): Generator<readonly [string, readonly string[]]> {
  for (const { sources, to, parameters } of objects) {
    for (const { at } of sources) {
      for (const [name, rule] of parameters) {
        for (const one of single(rule)) {
          if (one.kind !== 'source') continue;
          const from = one.from.map((path) => root + general(path.startsWith('/') ? path.slice(1) : at + path));
          yield [`${root}${general(at)} ${to}${name}`, from];
        }
      }
    }
  }
}

/** By generalised name, those of which one may be taken in its place. */
export function alternativesOf(files: readonly RuleFile[], root: string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, (readonly string[])[]>();
  for (const [group, from] of sourcesOf(
    files.flatMap(({ objects }) => objects),
    root,
  )) {
    groups.set(group, [...(groups.get(group) ?? []), from]);
  }
  const alternatives = new Map<string, Set<string>>();
  for (const rules of groups.values()) {
    for (const from of rules.length > 1 ? rules : []) {
      for (const name of from) {
        const others = alternatives.get(name) ?? new Set<string>();
        for (const other of rules.flat()) if (!from.includes(other)) others.add(other);
        alternatives.set(name, others);
      }
    }
  }
  return new Map([...alternatives].map(([name, others]) => [name, [...others]]));
}
