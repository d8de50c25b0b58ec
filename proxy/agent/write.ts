// Writing judged settings to the CPE in as few SetParameterValues as its faults allow. One SetParameterValues is all or
// nothing; what a fault blames is taken out, and the rest is sent again (facts: cwmp-usp-translation §4.5).
import type { NamedValue } from '../device/ledger.ts';
import { textsOf, writeParameters } from '../mapping/parameters.ts';
import type { CpeSetting } from '../mapping/view.ts';
import type { CwmpFault } from '../rpc/fault.ts';
import { codes } from '../usp/codes.ts';
import { emptyAnswer, type FaultContext, uspFault } from './faults.ts';
import type { AgentModel } from './model.ts';
import type { Problem } from './problem.ts';
import type { Setting } from './settings.ts';
import { OUT_OF_STEPS } from './step-budget.ts';

const INVALID_ARGUMENTS = 9003;
const INVALID_VALUE = 9007;
/** Optional settings of which a fault names none are tried one by one, if they are not more than this. */
const MOST_TRIED_ALONE = 8;

/** Settings that stand and fall together: when a required one fails, none of them is written. */
export type Group = readonly Setting[];

/** Of an existing object, or of a row that was just made. */
export type WriteContext = Extract<FaultContext, 'write' | 'fill'>;

const isFailed = ({ required, problem }: Setting): boolean => required && problem !== undefined;

/** Gives the rest of a group a problem once a required setting of it has one; true when it is lost. */
export function dropFailed(group: Group): boolean {
  if (!group.some(isFailed)) return false;
  for (const setting of group) {
    setting.problem ??= {
      code: codes.requiredParameterFailed,
      why: 'not written: a required parameter failed',
      follows: true,
    };
  }
  return true;
}

/** Writes every setting without a problem; afterwards those that could not be written have one. */
export async function writeSettings(
  model: AgentModel,
  groups: readonly Group[],
  context: WriteContext = 'write',
): Promise<void> {
  if (model.cpe === undefined) return;
  refuseConflicts(groups.flat());
  for (const group of groups) dropFailed(group);
  const active = groups.flat().filter(isActive);
  const before = await valuesBefore(model, active);
  const writing = new Writing(model, context, before);
  await writing.write(groups);
  await model.renew({ written: writing.written });
}

const isActive = ({ problem, cpe }: Setting): boolean => problem === undefined && cpe.length > 0;

class Writing {
  readonly #model: AgentModel;
  readonly #context: WriteContext;
  readonly #before: readonly NamedValue[];
  /** Texts that the CPE took, by its names. */
  readonly written = new Map<string, string>();

  constructor(model: AgentModel, context: WriteContext, before: readonly NamedValue[]) {
    this.#model = model;
    this.#context = context;
    this.#before = before;
  }

  async write(groups: readonly Group[]): Promise<void> {
    for (;;) {
      const active = groups.flat().filter(isActive);
      if (active.length === 0) return;
      const refusal = await this.#send(active);
      if (refusal === undefined) return;
      const blamed = refusal.fault === undefined ? new Map<Setting, Problem>() : this.#blame(active, refusal.fault);
      if (blamed.size === 0) {
        await this.#writeApart(groups, refusal.problem);
        return;
      }
      for (const [setting, problem] of blamed) setting.problem = problem;
      for (const group of groups) dropFailed(group);
    }
  }

  /** Undefined when all are written. */
  async #send(
    active: readonly Setting[],
  ): Promise<{ readonly fault: CwmpFault | undefined; readonly problem: Problem } | undefined> {
    const { cpe, steps } = this.#model;
    if (cpe === undefined || !steps.take()) return { fault: undefined, problem: OUT_OF_STEPS };
    const settings = toSend(this.#model, active);
    const names = new Set(settings.map(({ Name }) => Name));
    const before = this.#before.filter(([name]) => names.has(name));
    const answer = await writeParameters(cpe.access, settings, before);
    if (answer.kind === 'response') {
      for (const [name, text] of textsOf(settings)) this.written.set(name, text);
      return undefined;
    }
    const fault = answer.kind === 'fault' ? answer.fault : undefined;
    const { code, text } =
      fault === undefined ? emptyAnswer('SetParameterValues', this.#context) : uspFault(fault, this.#context);
    return { fault, problem: { code, why: text } };
  }

  /** Nobody can be blamed: each group by itself, within a group what is required before what is not. */
  async #writeApart(groups: readonly Group[], problem: Problem): Promise<void> {
    const waiting = groups.filter((group) => group.some(isActive));
    if (waiting.length > 1 && this.#model.steps.left > 0) {
      for (const group of waiting) await this.write([group]);
      return;
    }
    for (const group of waiting) await this.#writeByNeed(group, problem);
  }

  async #writeByNeed(group: Group, problem: Problem): Promise<void> {
    const active = group.filter(isActive);
    const required = active.filter((setting) => setting.required);
    const optional = active.filter((setting) => !setting.required);
    const alone = active.length === 1 || optional.length === 0 || this.#model.steps.left === 0;
    const refusal = alone ? { problem } : required.length === 0 ? undefined : await this.#send(required);
    if (refusal !== undefined) {
      for (const setting of required.length > 0 ? required : optional) setting.problem = refusal.problem;
      dropFailed(group);
      return;
    }
    if (optional.length <= MOST_TRIED_ALONE) for (const setting of optional) await this.write([[setting]]);
    else for (const setting of optional) setting.problem = problem;
  }

  /** The settings that a fault means, by its list or, where the CPE gives none, by what the standard does not allow. */
  #blame(active: readonly Setting[], fault: CwmpFault): ReadonlyMap<Setting, Problem> {
    const blamed = new Map<Setting, Problem>();
    for (const { FaultCode, FaultString, ParameterName } of fault.SetParameterValuesFault) {
      const { code, text } = uspFault({ FaultCode, FaultString }, this.#context);
      for (const setting of named(active, ParameterName)) blamed.set(setting, { code, why: text });
    }
    if (blamed.size > 0) return blamed;
    const { code, text } = uspFault(fault, this.#context);
    const isAboutValues = fault.FaultCode === INVALID_ARGUMENTS || fault.FaultCode === INVALID_VALUE;
    if (!isAboutValues) return active.length === 1 ? toMap(active, { code, why: text }) : blamed;
    const suspects = active.filter(({ path, value }) => this.#model.cpe?.view.allows(path, value) === false);
    const guilty = suspects.length > 0 ? suspects : active.length === 1 ? active : [];
    return toMap(guilty, { code: codes.invalidValue, why: text });
  }
}

const toMap = (settings: readonly Setting[], problem: Problem): ReadonlyMap<Setting, Problem> =>
  new Map(settings.map((setting) => [setting, problem]));

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

/**
 * Two parameters of the view may be one at the CPE: what a message wants of both must be one text. The same parameter
 * named twice is no conflict: the last word counts.
 */
function refuseConflicts(settings: readonly Setting[]): void {
  const first = new Map<string, { readonly setting: Setting; readonly Value: string }>();
  for (const setting of settings.filter(isActive)) {
    for (const { Name, Value } of setting.cpe) {
      const other = first.get(Name);
      if (other === undefined || other.setting.path === setting.path) first.set(Name, { setting, Value });
      else if (other.Value !== Value) {
        const why = `the device has one parameter for ${other.setting.path} and ${setting.path}`;
        other.setting.problem ??= { code: codes.invalidValue, why };
        setting.problem ??= { code: codes.invalidValue, why };
      }
    }
  }
}

/**
 * Values as they are before the change. Parameters whose xsi:type was never seen are asked for, with what the message had
 * to know anyway: one read serves both.
 */
async function valuesBefore(model: AgentModel, active: readonly Setting[]): Promise<readonly NamedValue[]> {
  const access = model.cpe?.access;
  if (access === undefined) return [];
  const names = new Set(active.flatMap(({ cpe }) => cpe.map(({ Name }) => Name)));
  await model.learn([...names].filter((name) => access.wireType(name) === undefined));
  return [...model.learnt];
}

/** CPEs list names in another case, or without their root (facts: §10.2). Of a name set twice the last was sent. */
function named(active: readonly Setting[], name: string): readonly Setting[] {
  const wanted = name.trim().toLowerCase();
  if (wanted === '') return [];
  const sent = new Map<string, string>();
  for (const { cpe } of active) for (const { Name, Value } of cpe) sent.set(Name.toLowerCase(), Value);
  const exact = sent.has(wanted);
  const isMeant = (one: string): boolean => (exact ? one === wanted : one.endsWith(`.${wanted}`));
  return active.filter(({ cpe }) =>
    cpe.some(({ Name, Value }) => isMeant(Name.toLowerCase()) && sent.get(Name.toLowerCase()) === Value),
  );
}
