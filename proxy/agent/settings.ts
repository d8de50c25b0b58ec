// Settings of a Set or an Add, each judged before anything is sent: known, writable, of the right type. What survives is
// either a row of LocalAgent or text for the CPE.
import type { SupportedParameter } from '../mapping/supported.ts';
import type { CpeSetting, KnownValues, RowCreation, ViewSettings } from '../mapping/view.ts';
import { lastNameOf, parentOf } from '../path/concrete.ts';
import { parsePath } from '../path/parse.ts';
import { asObject } from '../path/path.ts';
import { valueToCpe } from '../path/values.ts';
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

/** A setting as the message asks for it, before it is known what the CPE is to be sent. */
export interface AskedSetting {
  readonly object: string;
  readonly param: string;
  readonly path: string;
  readonly required: boolean;
  readonly readable: boolean;
  /** References are by number. */
  readonly value: string;
  readonly problem: Problem | undefined;
  /** Of a row that is about to be. */
  readonly creating: boolean;
}

/** How the CPE's table makes a row: its parameters have no path at the CPE yet. */
export type Making = Extract<RowCreation, { readonly kind: 'object' }>;

type Judged =
  | { readonly ok: true; readonly value: string; readonly shown: string; readonly cpe: readonly CpeSetting[] }
  | ({ readonly ok: false } & Problem);
const bad = (code: number, why: string): Judged => ({ ok: false, code, why });

/** Judges what can be judged without the CPE's words, of an object that is there or of a row that is about to be. */
export async function askedSettings(
  model: AgentModel,
  object: string,
  settings: readonly ParamSetting[],
  creating: boolean,
): Promise<readonly AskedSetting[]> {
  const asked: AskedSetting[] = [];
  for (const { param, value: given, required } of settings) {
    const path = object + param;
    const readable = model.mayRead(parentOf(path), lastNameOf(path));
    const { value, problem } = await readValue(model, path, given);
    asked.push({ object, param, path, required, readable, value, problem, creating });
  }
  return asked;
}

async function readValue(
  model: AgentModel,
  path: string,
  given: string,
): Promise<{ readonly value: string; readonly problem: Problem | undefined }> {
  const fail = (problem: Problem): { value: string; problem: Problem } => ({ value: given, problem });
  const parameter = model.parameter(path);
  if (parameter === undefined) {
    return fail({ code: codes.unsupportedParameter, why: 'the model has no such parameter' });
  }
  if (!model.rights.param(path).w) return fail(denied(`write ${parameter.name}`));
  const value = parameter.isReference ? await referenceValue(model, parameter, given) : given;
  if (value !== undefined) return { value, problem: undefined };
  return fail({ code: codes.invalidValue, why: 'the reference names no single object that is there' });
}

/** Reads what must be known of the CPE before these can be written: one read for a whole message. */
export async function learnBefore(
  model: AgentModel,
  asked: readonly (AskedSetting & { readonly making?: Making | undefined })[],
): Promise<void> {
  const { cpe } = model;
  const good = asked.filter(({ path, problem }) => problem === undefined && !isLocal(path));
  if (cpe === undefined || good.length === 0) return;
  const names = good.flatMap(({ path, param, making }) => making?.readBefore(param) ?? cpe.view.readBefore(path));
  if (names.length === 0) return;
  // The types that are not known yet come with the same read.
  const unseen = good
    .filter(({ making }) => making === undefined)
    .flatMap(({ path }) => cpe.view.reading(path).cpeNames)
    .filter((name) => cpe.access.wireType(name) === undefined);
  await model.learn([...names, ...unseen]);
}

/** What is to be written for each of them. */
export function toSettings(model: AgentModel, asked: readonly AskedSetting[], making?: Making): Setting[] {
  return asked.map(({ problem, creating, ...one }) => {
    if (problem !== undefined) return { ...one, shown: one.value, cpe: [], problem };
    const outcome = judge(model, one, creating, making);
    if (!outcome.ok) return { ...one, shown: one.value, cpe: [], problem: { code: outcome.code, why: outcome.why } };
    const { value, shown, cpe } = outcome;
    return { ...one, value, shown, cpe, problem: undefined };
  });
}

function judge(
  model: AgentModel,
  { path, param, value }: Pick<AskedSetting, 'path' | 'param' | 'value'>,
  creating: boolean,
  making: Making | undefined,
): Judged {
  const parameter = model.parameter(path);
  if (parameter === undefined) return bad(codes.unsupportedParameter, 'the model has no such parameter');
  if (isLocal(path)) {
    const judged = model.local.judge(parentOf(path), lastNameOf(path), value, creating);
    return judged.ok ? { ok: true, value: judged.value, shown: judged.value, cpe: [] } : judged;
  }
  const refusal = accessProblem(model, parameter, path, creating);
  if (refusal !== undefined) return refusal;
  if (isOverlaid(parameter)) return forOverlay(parameter, value);
  const { cpe } = model;
  if (cpe === undefined) return bad(codes.internalError, 'the device is not at hand');
  const known: KnownValues = {
    type: (name) => cpe.access.wireType(name),
    value: (name) => model.learnt.get(name),
  };
  return forCpe(
    model,
    parameter,
    making?.settingsFor(param, value, known) ?? cpe.view.settingsFor(path, value, known),
    value,
  );
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

function forCpe(
  model: AgentModel,
  { name, secured }: SupportedParameter,
  converted: ViewSettings,
  value: string,
): Judged {
  if (!converted.ok) return bad(converted.code, converted.why);
  const misnamed = name === ALIAS_NAME ? aliasProblem(value) : undefined;
  if (misnamed !== undefined) return bad(misnamed.code, misnamed.why);
  const { shown, settings } = converted;
  return { ok: true, value: shown, shown: secured && !model.rights.secured ? '' : shown, cpe: settings };
}

/** References by number, also where a key was given (R-ARC.11), and without the last dot. */
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
