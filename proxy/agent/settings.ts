// Settings of a Set or an Add, each judged before anything is sent: known, writable, of the right type. What survives is
// either a row of LocalAgent or text for the CPE.
import type { CpeSetting, WireTypes } from '../mapping/view.ts';
import { lastNameOf, parentOf } from '../path/concrete.ts';
import { parsePath } from '../path/parse.ts';
import { asObject } from '../path/path.ts';
import { valueFromCpe } from '../path/values.ts';
import { codes } from '../usp/codes.ts';
import type { ParamSetting } from '../usp/messages/add.ts';
import { isLocal } from './local-agent/objects.ts';
import type { AgentModel } from './model.ts';
import { resolveObjects } from './resolver.ts';

export interface Problem {
  readonly code: number;
  readonly why: string;
}

export interface Setting {
  /** The object that the message named. */
  readonly object: string;
  /** Relative to it, as the message has it. */
  readonly param: string;
  /** Full path of the parameter. */
  readonly path: string;
  readonly required: boolean;
  /** The value as USP shows it. */
  readonly value: string;
  /** What the CPE is to be sent; empty for a parameter of LocalAgent. */
  readonly cpe: readonly CpeSetting[];
  problem: Problem | undefined;
}

/** Judges the settings of one object that is there, or of a row that is about to be (`creating`). */
export async function judgeSettings(
  model: AgentModel,
  object: string,
  settings: readonly ParamSetting[],
  creating: boolean,
): Promise<Setting[]> {
  const judged: Setting[] = [];
  for (const setting of settings) judged.push(await judge(model, object, setting, creating));
  return judged;
}

async function judge(model: AgentModel, object: string, setting: ParamSetting, creating: boolean): Promise<Setting> {
  const { param, required } = setting;
  const path = object + param;
  const bad = (code: number, why: string): Setting => ({
    object,
    param,
    path,
    required,
    value: setting.value,
    cpe: [],
    problem: { code, why },
  });
  const parameter = model.parameter(path);
  if (parameter === undefined) return bad(codes.unsupportedParameter, 'the model has no such parameter');
  const value = parameter.isReference ? await referenceValue(model, setting.value) : setting.value;
  if (value === undefined) return bad(codes.invalidValue, 'the reference names no single object that is there');
  if (isLocal(path)) {
    const judged = model.local.judge(parentOf(path), lastNameOf(path), value, creating);
    if (!judged.ok) return bad(judged.code, judged.why);
    return { object, param, path, required, value: judged.value, cpe: [], problem: undefined };
  }
  const onceOnly = parameter.access === 'writeOnceReadOnly' && !creating;
  const presence = creating ? 'writable' : model.presence(path);
  if (presence === 'absent') return bad(codes.unsupportedParameter, 'the device has no such parameter here');
  if (onceOnly || parameter.access === 'readOnly' || presence === 'readOnly') {
    return bad(codes.nonWriteableParameter, 'the parameter cannot be written');
  }
  const types: WireTypes = (name) => model.cpe?.access.wireType(name);
  const converted = model.cpe?.view.settingsFor(path, value, types);
  if (converted === undefined) return bad(codes.internalError, 'the device is not at hand');
  if (!converted.ok) return bad(converted.code, converted.why);
  // What comes back is the value as USP shows it, whatever spelling was sent.
  const shown = valueFromCpe(parameter.type, converted.settings[0]?.Value ?? value).value;
  return { object, param, path, required, value: shown, cpe: converted.settings, problem: undefined };
}

/** A reference given by a unique key or a search (R-ARC.11) as the CPE understands it: by number, without the last dot. */
async function referenceValue(model: AgentModel, value: string): Promise<string | undefined> {
  if (!value.includes('[')) return value;
  const parsed = parsePath(value);
  if (!parsed.ok) return undefined;
  const resolved = await resolveObjects(model, asObject(parsed.path).segments);
  if (!resolved.ok || resolved.objects.length !== 1) return undefined;
  return resolved.objects[0]?.replace(/\.$/, '');
}

/** The xsi:types of parameters that the CPE was not yet seen to give are asked for, with the values as they are. */
export function unseenNames(model: AgentModel, settings: readonly Setting[]): readonly string[] {
  const access = model.cpe?.access;
  if (access === undefined) return [];
  const names = settings.flatMap(({ cpe }) => cpe.map(({ Name }) => Name));
  return [...new Set(names)].filter((name) => access.wireType(name) === undefined);
}
