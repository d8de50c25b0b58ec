// Parameters that USP wants and a CPE may lack: an Alias in every row (TR-369 "Unique Key", facts:
// usp-agent-requirements §4.4) and, for the profile DeviceInfo:1, a FriendlyName. Where the CPE has one, its own stands;
// else the Agent has it. No RPC is ever made for them.
import type { SupportedObject, SupportedParameter } from '../../mapping/supported.ts';
import { rowNumberOf } from '../../path/concrete.ts';
import { aliasFor, aliasProblem, parameter } from '../local-agent/definition.ts';
import type { Rows } from '../local-agent/rows.ts';
import type { Problem } from '../problem.ts';
import { codes } from '../../usp/codes.ts';
import { storedValue } from './values.ts';

export const ALIAS_NAME = 'Alias';
const DEVICE_INFO = 'Device.DeviceInfo.';

/** Given in the Add that makes the row, or made up and never changed. */
const GIVEN_ALIAS = parameter(ALIAS_NAME, { access: 'writeOnceReadOnly' });
/** No Controller adds rows to its table. */
const MADE_ALIAS = parameter(ALIAS_NAME);
/** CID and PEN name a manufacturer that has no OUI: '' says that it has one. */
const IN_DEVICE_INFO: ReadonlyMap<string, SupportedParameter> = new Map(
  [
    parameter('FriendlyName', { access: 'readWrite', type: { base: 'string', lengths: [{ maximum: 32 }] } }),
    parameter('CID'),
    parameter('PEN'),
  ].map((one) => [one.name, one]),
);
const OURS: ReadonlySet<SupportedParameter> = new Set([GIVEN_ALIAS, MADE_ALIAS, ...IN_DEVICE_INFO.values()]);

/** Whether the Agent has the parameter in every object of its kind, since no CPE of the model has it. */
export const isOverlaid = (known: SupportedParameter): boolean => OURS.has(known);

/** The object of the CPE's model with what it lacks. */
export function withOverlay(object: SupportedObject): SupportedObject {
  if (object.path === DEVICE_INFO) return withParameters(object, IN_DEVICE_INFO.values());
  if (!object.multi || object.parameters.has(ALIAS_NAME)) return object;
  const named = withParameters(object, [object.creatable ? GIVEN_ALIAS : MADE_ALIAS]);
  return { ...named, uniqueKeys: [...object.uniqueKeys, { functional: false, names: [ALIAS_NAME] }] };
}

/** What the CPE has stands. */
const withParameters = (object: SupportedObject, more: Iterable<SupportedParameter>): SupportedObject => ({
  ...object,
  parameters: new Map([...[...more].map((one) => [one.name, one] as const), ...object.parameters]),
});

const NONE: readonly string[] = [];
const ONLY_ALIAS: readonly string[] = [ALIAS_NAME];

/** Names of what the Agent adds to this very object, which is there and has `own` of the CPE. */
export function overlaidNames(object: string, own: ReadonlyMap<string, unknown>): readonly string[] {
  if (object === DEVICE_INFO) return [...IN_DEVICE_INFO.keys()].filter((name) => !own.has(name));
  return own.has(ALIAS_NAME) || rowNumberOf(object) === undefined ? NONE : ONLY_ALIAS;
}

/** The value of what `overlaidNames` names. */
export function overlaidValue(rows: Rows, object: string, name: string): string {
  const stored = storedValue(rows, object, name);
  if (stored !== undefined) return stored;
  const number = rowNumberOf(object);
  return name === ALIAS_NAME && number !== undefined ? aliasFor(number) : '';
}

/** Whether it can be written where it is, to a row that is there. */
export const isOverlaidWritable = (name: string): boolean => IN_DEVICE_INFO.get(name)?.access === 'readWrite';

const MADE_UP = /^cpe-\d+$/;

/**
 * Why a Controller may not give a row this Alias. What the Agent makes up stays free, so that each row that nobody named
 * has a name of its own without looking at the others (TR-106: the prefix is the Agent's).
 */
export const givenAliasProblem = (value: string): Problem | undefined =>
  MADE_UP.test(value)
    ? { code: codes.invalidValue, why: `${value} is what the Agent calls a row that nobody has named` }
    : aliasProblem(value);
