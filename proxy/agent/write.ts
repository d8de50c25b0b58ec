// Writing judged settings to the CPE in as few SetParameterValues as its faults allow. One SetParameterValues is all or
// nothing; what a fault blames is taken out, and the rest is sent again (facts: cwmp-usp-translation §4.5).
import type { NamedValue } from '../device/ledger.ts';
import { readValues } from '../device/read-values.ts';
import { writeParameters } from '../mapping/parameters.ts';
import type { CpeSetting } from '../mapping/view.ts';
import type { CwmpFault } from '../rpc/fault.ts';
import { codes } from '../usp/codes.ts';
import { emptyAnswer, uspFault } from './faults.ts';
import type { AgentModel } from './model.ts';
import { type Problem, type Setting, unseenNames } from './settings.ts';

const INVALID_ARGUMENTS = 9003;
const INVALID_VALUE = 9007;

export type WriteOutcome =
  /** Every setting without a problem is written. */
  | { readonly kind: 'written' }
  /** Nothing is written: the whole was refused, and no setting could be blamed. */
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Writes the settings that have no problem. After a fault, `drop` is told which settings are to blame and says which
 * others go with them; all of these get a problem and are not sent again.
 */
export async function writeSettings(
  model: AgentModel,
  settings: readonly Setting[],
  drop: (blamed: readonly Setting[]) => readonly Setting[],
): Promise<WriteOutcome> {
  const access = model.cpe?.access;
  if (access === undefined) return { kind: 'written' };
  const before = await valuesBefore(model, settings);
  for (;;) {
    const active = settings.filter(({ problem, cpe }) => problem === undefined && cpe.length > 0);
    if (active.length === 0) return { kind: 'written' };
    const answer = await writeParameters(access, toSend(model, active), before);
    if (answer.kind === 'response') return { kind: 'written' };
    if (answer.kind === 'empty') {
      const { code, text } = emptyAnswer('SetParameterValues', 'write');
      return { kind: 'refused', problem: { code, why: text } };
    }
    const blamed = blame(model, active, answer.fault);
    if (blamed.size === 0) {
      const { code, text } = uspFault(answer.fault, 'write');
      return { kind: 'refused', problem: { code, why: text } };
    }
    for (const [setting, problem] of blamed) setting.problem = problem;
    for (const setting of drop([...blamed.keys()])) {
      setting.problem ??= {
        code: codes.requiredParameterFailed,
        why: 'not written: a required parameter of its object failed',
      };
    }
  }
}

/** A parameter named twice would be a fault of its own: the last word counts. */
function toSend(model: AgentModel, active: readonly Setting[]): readonly CpeSetting[] {
  const byName = new Map<string, CpeSetting>();
  for (const { cpe } of active) {
    for (const setting of cpe) {
      // A type that the CPE gave meanwhile is better than the standard's.
      const Type = model.cpe?.access.wireType(setting.Name) ?? setting.Type;
      byName.set(setting.Name, { ...setting, Type });
    }
  }
  return [...byName.values()];
}

/** Values as they are before the change, of parameters whose type is not known yet: one read serves both. */
async function valuesBefore(model: AgentModel, settings: readonly Setting[]): Promise<readonly NamedValue[]> {
  const access = model.cpe?.access;
  const names = unseenNames(
    model,
    settings.filter(({ problem }) => problem === undefined),
  );
  if (access === undefined || names.length === 0) return [];
  const read = await readValues(access, names);
  return [...read.values].map(([name, { Value }]): NamedValue => [name, Value]);
}

/** The settings that a fault means, by its list or, where the CPE gives none, by what the standard does not allow. */
function blame(model: AgentModel, active: readonly Setting[], fault: CwmpFault): ReadonlyMap<Setting, Problem> {
  const blamed = new Map<Setting, Problem>();
  for (const listed of fault.SetParameterValuesFault) {
    const { code, text } = uspFault({ FaultCode: listed.FaultCode, FaultString: listed.FaultString }, 'write');
    for (const setting of named(active, listed.ParameterName)) blamed.set(setting, { code, why: text });
  }
  if (blamed.size > 0) return blamed;
  if (fault.FaultCode !== INVALID_ARGUMENTS && fault.FaultCode !== INVALID_VALUE) {
    const only = active.length === 1 ? active[0] : undefined;
    const { code, text } = uspFault(fault, 'write');
    return only === undefined ? blamed : new Map([[only, { code, why: text }]]);
  }
  const suspects = active.filter(({ path, value }) => model.cpe?.view.allows(path, value) === false);
  const guilty = suspects.length > 0 ? suspects : active.length === 1 ? active : [];
  const { text } = uspFault(fault, 'write');
  return new Map(guilty.map((setting) => [setting, { code: codes.invalidValue, why: text }]));
}

/** CPEs list names in another case, or without their root (facts: §10.2). */
function named(active: readonly Setting[], name: string): readonly Setting[] {
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return [];
  const matches = (exact: boolean): Setting[] =>
    active.filter(({ cpe }) =>
      cpe.some(({ Name }) => (exact ? Name.toLowerCase() === wanted : Name.toLowerCase().endsWith(`.${wanted}`))),
    );
  const exact = matches(true);
  return exact.length > 0 ? exact : matches(false);
}
