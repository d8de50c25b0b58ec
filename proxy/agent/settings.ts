// Settings of a Set or an Add, each judged before anything is sent: known, writable, of the right type. What survives is
// either a row of LocalAgent or text for the CPE.
import type { SupportedParameter } from '../mapping/supported.ts';
import type { CpeSetting } from '../mapping/view.ts';
import { lastNameOf, parentOf } from '../path/concrete.ts';
import { parsePath } from '../path/parse.ts';
import { asObject } from '../path/path.ts';
import { valueFromCpe, valueToCpe } from '../path/values.ts';
import { codes } from '../usp/codes.ts';
import type { ParamSetting } from '../usp/messages/add.ts';
import { aliasProblem } from './local-agent/definition.ts';
import { isLocal } from './local-agent/root.ts';
import type { AgentModel } from './model.ts';
import { ALIAS_NAME, givenAliasProblem, isOverlaid } from './overlay/parameters.ts';
import { pathsOf } from './path-list.ts';
import { denied } from './permissions/denied.ts';
import type { Problem } from './problem.ts';
import { resolveObjects } from './resolver.ts';

export interface Setting {
  /** The object that the message named. */
  readonly object: string;
  /** Relative to it, as the message has it. */
  readonly param: string;
  /** Full path of the parameter. */
  readonly path: string;
  readonly required: boolean;
  /** The value as USP spells it. */
  readonly value: string;
  /** The value as a Get would show it. */
  readonly shown: string;
  /** The Controller may read it: only then its value goes into an answer (R-SET.3). */
  readonly readable: boolean;
  /** What the CPE is to be sent; empty for what the Agent itself has. */
  readonly cpe: readonly CpeSetting[];
  problem: SettingProblem | undefined;
}

export interface SettingProblem extends Problem {
  /** The setting itself is good; another one, without which it must not be written, failed. */
  readonly follows?: true;
}

type Judged =
  | { readonly ok: true; readonly value: string; readonly shown: string; readonly cpe: readonly CpeSetting[] }
  | ({ readonly ok: false } & Problem);
const bad = (code: number, why: string): Judged => ({ ok: false, code, why });

/** Judges the settings of one object that is there, or of a row that is about to be (`creating`). */
export async function judgeSettings(
  model: AgentModel,
  object: string,
  settings: readonly ParamSetting[],
  creating: boolean,
): Promise<Setting[]> {
  const judged: Setting[] = [];
  for (const { param, value, required } of settings) {
    const path = object + param;
    const outcome = await judge(model, path, value, creating);
    const known = { object, param, path, required, readable: model.mayRead(parentOf(path), lastNameOf(path)) };
    judged.push(
      outcome.ok
        ? { ...known, ...outcome, problem: undefined }
        : { ...known, value, shown: value, cpe: [], problem: problemOf(outcome) },
    );
  }
  return judged;
}

const problemOf = ({ code, why }: Problem): Problem => ({ code, why });

async function judge(model: AgentModel, path: string, given: string, creating: boolean): Promise<Judged> {
  const parameter = model.parameter(path);
  if (parameter === undefined) return bad(codes.unsupportedParameter, 'the model has no such parameter');
  if (!model.rights.param(path).w) return { ok: false, ...denied(`write ${parameter.name}`) };
  const value = parameter.isReference ? await referenceValue(model, parameter, given) : given;
  if (value === undefined) return bad(codes.invalidValue, 'the reference names no single object that is there');
  if (isLocal(path)) {
    const judged = model.local.judge(parentOf(path), lastNameOf(path), value, creating);
    return judged.ok ? { ok: true, value: judged.value, shown: judged.value, cpe: [] } : judged;
  }
  const refusal = accessProblem(model, parameter, path, creating);
  return refusal ?? (isOverlaid(parameter) ? forOverlay(parameter, value) : forCpe(model, parameter, path, value));
}

function forOverlay({ name, type }: SupportedParameter, given: string): Judged {
  const typed = valueToCpe(type, given);
  if (!typed.ok) return typed;
  const problem = name === ALIAS_NAME ? givenAliasProblem(given) : undefined;
  return problem === undefined ? { ok: true, value: given, shown: given, cpe: [] } : bad(problem.code, problem.why);
}

function accessProblem(
  model: AgentModel,
  { name, access }: SupportedParameter,
  path: string,
  creating: boolean,
): Judged | undefined {
  const presence = creating ? 'writable' : model.presence(path);
  if (presence === 'absent') return bad(codes.unsupportedParameter, 'the device has no such parameter here');
  const onceOnly = !creating && (access === 'writeOnceReadOnly' || isFixedKey(model, path, name));
  return onceOnly || access === 'readOnly' || presence === 'readOnly'
    ? bad(codes.nonWriteableParameter, 'the parameter cannot be written')
    : undefined;
}

/** R-KEY.1: a key that only names a row does not change, though CWMP would let it. */
const isFixedKey = (model: AgentModel, path: string, name: string): boolean =>
  model.object(parentOf(path))?.uniqueKeys.some(({ functional, names }) => !functional && names.includes(name)) ??
  false;

function forCpe(model: AgentModel, parameter: SupportedParameter, path: string, value: string): Judged {
  const { cpe } = model;
  if (cpe === undefined) return bad(codes.internalError, 'the device is not at hand');
  const converted = cpe.view.settingsFor(path, value, (name) => cpe.access.wireType(name));
  if (!converted.ok) return bad(converted.code, converted.why);
  const misnamed = parameter.name === ALIAS_NAME ? aliasProblem(value) : undefined;
  if (misnamed !== undefined) return bad(misnamed.code, misnamed.why);
  // What comes back is the value as USP shows it, whatever spelling was sent.
  const spelt = valueFromCpe(parameter.type, converted.settings[0]?.Value ?? value).value;
  return {
    ok: true,
    value: spelt,
    shown: parameter.secured && !model.rights.secured ? '' : spelt,
    cpe: converted.settings,
  };
}

/** References as the CPE understands them: by number, also where a key was given (R-ARC.11), and without the last dot. */
async function referenceValue(
  model: AgentModel,
  { type }: SupportedParameter,
  value: string,
): Promise<string | undefined> {
  const given = type.list === undefined ? [value.trim()] : pathsOf(value);
  const paths: string[] = [];
  for (const path of given) {
    const found = path.includes('[') ? await objectNamed(model, path) : path;
    if (found === undefined) return undefined;
    paths.push(found.replace(/\.$/, ''));
  }
  return paths.join(',');
}

/** The one object that a key or a search finds. */
async function objectNamed(model: AgentModel, path: string): Promise<string | undefined> {
  const parsed = parsePath(path);
  if (!parsed.ok) return undefined;
  const resolved = await resolveObjects(model, asObject(parsed.path).segments);
  return resolved.ok && resolved.objects.length === 1 ? resolved.objects[0] : undefined;
}

/** The xsi:types of parameters that the CPE was not yet seen to give are asked for, with the values as they are. */
export function unseenNames(model: AgentModel, settings: readonly Setting[]): readonly string[] {
  const access = model.cpe?.access;
  if (access === undefined) return [];
  const names = settings.flatMap(({ cpe }) => cpe.map(({ Name }) => Name));
  return [...new Set(names)].filter((name) => access.wireType(name) === undefined);
}
