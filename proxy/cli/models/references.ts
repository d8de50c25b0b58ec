// Turns the relative targets of pathRef and enumRef (TR-106) into generalised paths from the root, and checks that
// the model has them: `##.IP.Interface.` becomes `Device.IP.Interface.{i}.`.
import { type Report } from './facts-table.ts';
import { operationOf, parentOf, type ModelFact } from './model-facts.ts';
import { escapeToken } from './value-tokens.ts';

/** Objects from which a target may be meant, the likeliest first. */
function origins(path: string): readonly string[] {
  const operation = operationOf(path);
  if (operation === undefined) return [parentOf(path)];
  // The standard's arguments count the way up sometimes from the command or event, sometimes from its Input or Output,
  // and an enumRef means an argument beside its own; the target that exists tells which.
  return [path.slice(0, path.lastIndexOf('.') + 1), `${operation}.`, `${operation}.Output.`];
}

interface Model {
  /** With its dot. */
  readonly root: string;
  /** All paths of the model. */
  readonly paths: ReadonlySet<string>;
  readonly report: Report;
}

function climb(from: string, target: string, root: string): string {
  if (target.startsWith(root)) return target;
  const hashes = /^#*/.exec(target)?.[0].length ?? 0;
  if (hashes === 0) return target.startsWith('.') ? root + target.slice(1) : from + target;
  let base = from;
  for (let step = 0; step < hashes; step += 1) base = parentOf(base);
  return base + target.slice(hashes).replace(/^\./, '');
}

function resolve(fact: ModelFact, target: string, { root, paths }: Model): string | undefined {
  for (const origin of origins(fact.path)) {
    const path = climb(origin, target, root);
    const found = [`${path}{i}.`, path].find((candidate) => paths.has(candidate));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A target that cannot be found is a problem. */
export function referenceTokens(fact: ModelFact, model: Model): readonly string[] {
  const { report } = model;
  // A reference to anything at all says nothing of the value.
  if (fact.ref === '' || fact.ref === 'weak any') return [];
  const words = fact.ref.split(' ');
  const nullValue = words.find((word) => word.startsWith('null='));
  const targetsFrom = words[0] === 'enumRef' ? 1 : 2;
  const targets = words.slice(targetsFrom).filter((word) => word !== nullValue);
  const found = targets.map((target) => {
    const path = resolve(fact, target, model);
    if (path === undefined) report(fact.line, `reference to "${target}", which the model does not have`);
    return path ?? '';
  });
  if (words[0] === 'enumRef') {
    if (targets.length !== 1) report(fact.line, `an enumRef has one target, not "${fact.ref}"`);
    return [`valuesOf=${found.join(',')}`, ...(nullValue === undefined ? [] : [escapeToken(nullValue)])];
  }
  const [strength = '', what = ''] = words;
  const known = ['strong', 'weak'].includes(strength) && ['row', 'parameter'].includes(what);
  if (!known || nullValue !== undefined) report(fact.line, `unknown reference "${fact.ref}"`);
  return [`${what}=${[strength, ...found].join(',')}`];
}
