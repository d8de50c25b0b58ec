// Device.DeviceInfo.FirmwareImage. as the Agent has it for a CPE that shows none (TR-181, profile Firmware:1): what it is
// made of, and the values of its two rows. Pure.
import type { SupportedCommand, SupportedModel, SupportedObject } from '../../mapping/supported.ts';
import { rowOf } from '../../path/concrete.ts';
import type { ValueType } from '../../path/value-type.ts';
import { type BankNumber, BANKS, type FirmwareRecord } from '../../store/firmware-steps.ts';
import { BOOLEAN, parameter, text, UNSIGNED } from '../local-agent/definition.ts';

export const DEVICE_INFO = 'Device.DeviceInfo.';
export const BANK_TABLE = `${DEVICE_INFO}FirmwareImage.`;
const BANK_ROWS = `${BANK_TABLE}{i}.`;
const ACTIVE_IMAGE = 'ActiveFirmwareImage';
export const BOOT_IMAGE = 'BootFirmwareImage';
/** What TR-181 allows at most. */
export const MOST_WINDOWS = 5;

const PATH: ValueType = { base: 'string', equality: 'path' };

const IN_DEVICE_INFO = [
  parameter(ACTIVE_IMAGE, { type: PATH, isReference: true }),
  parameter(BOOT_IMAGE, { type: PATH, isReference: true, access: 'readWrite' }),
  parameter('MaxNumberOfActivateTimeWindows', { type: UNSIGNED }),
  parameter('FirmwareImageNumberOfEntries', { type: UNSIGNED }),
];
const IN_ROW = [
  parameter('Name', { type: text(64) }),
  parameter('Version', { type: text(64) }),
  parameter('Available', { type: BOOLEAN, access: 'readWrite' }),
  parameter('Status'),
  parameter('BootFailureLog'),
];

const input = (name: string, mandatory = false): SupportedCommand['inputs'][number] => ({ name, mandatory });
const COMMANDS: readonly SupportedCommand[] = [
  {
    name: 'Download()',
    type: 'ASYNC',
    inputs: [
      input('URL', true),
      // TR-181 has it mandatory, and the conformance plan leaves it out (TP-469 9.6): then it is false.
      input('AutoActivate'),
      ...['Username', 'Password', 'FileSize', 'CheckSumAlgorithm', 'CheckSum'].map((name) => input(name)),
    ],
    outputs: [],
  },
  {
    name: 'Activate()',
    type: 'ASYNC',
    inputs: [
      ...['Start', 'End', 'Mode'].map((name) => input(`TimeWindow.{i}.${name}`, true)),
      ...['UserMessage', 'MaxRetries'].map((name) => input(`TimeWindow.{i}.${name}`)),
    ],
    outputs: [],
  },
];

const byName = <T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.name, item]));

const ROWS: SupportedObject = {
  path: BANK_ROWS,
  multi: true,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  enableParameter: undefined,
  parameters: byName(IN_ROW),
  commands: byName(COMMANDS),
  events: new Map(),
  children: [],
};

const WRITABLE = (one: { readonly access: string }): boolean => one.access === 'readWrite';
/** Name → writable, as a tree has it. */
export const DEVICE_INFO_NAMES: ReadonlyMap<string, boolean> = new Map(
  IN_DEVICE_INFO.map((one) => [one.name, WRITABLE(one)]),
);
export const ROW_NAMES: ReadonlyMap<string, boolean> = new Map(IN_ROW.map((one) => [one.name, WRITABLE(one)]));

/** A CPE that shows banks has its own; of one whose model is not known yet nobody can tell. */
export const lacksBanks = ({ objects }: SupportedModel): boolean => objects.has(DEVICE_INFO) && !objects.has(BANK_ROWS);

const merged = new WeakMap<SupportedModel, SupportedModel>();
/** The model with the table; the same for the same model. */
export function supportedWithBanks(model: SupportedModel): SupportedModel {
  const known = merged.get(model);
  if (known !== undefined) return known;
  const objects = new Map(model.objects);
  const info = objects.get(DEVICE_INFO);
  if (info !== undefined) {
    const parameters = new Map([...info.parameters, ...byName(IN_DEVICE_INFO)]);
    objects.set(DEVICE_INFO, { ...info, parameters, children: [...info.children, BANK_ROWS] });
    objects.set(BANK_ROWS, ROWS);
  }
  const whole = { objects };
  merged.set(model, whole);
  return whole;
}

export const bankRow = (bank: BankNumber): string => rowOf(BANK_TABLE, bank);
/** A reference has no dot at its end. */
const bankReference = (bank: BankNumber): string => `${BANK_TABLE}${bank}`;

const LONGEST_NAME = 64;

/** Values of the table by their full paths. `version`: the software that the CPE runs. */
export function bankValues({ active, bank }: FirmwareRecord, version: string): ReadonlyMap<string, string> {
  const values = new Map([
    [DEVICE_INFO + ACTIVE_IMAGE, bankReference(active)],
    [DEVICE_INFO + BOOT_IMAGE, bankReference(active)],
    [`${DEVICE_INFO}MaxNumberOfActivateTimeWindows`, String(MOST_WINDOWS)],
    [`${DEVICE_INFO}FirmwareImageNumberOfEntries`, String(BANKS.length)],
  ]);
  for (const number of BANKS) {
    const row = bankRow(number);
    const isActive = number === active;
    values.set(`${row}Name`, isActive ? version.slice(0, LONGEST_NAME) : bank.name.slice(0, LONGEST_NAME));
    // Of an image that never ran nobody knows.
    values.set(`${row}Version`, isActive ? version.slice(0, LONGEST_NAME) : '');
    values.set(`${row}Available`, String(isActive || bank.blob !== ''));
    values.set(`${row}Status`, isActive ? 'Active' : bank.status);
    values.set(`${row}BootFailureLog`, isActive ? '' : bank.failureLog);
  }
  return values;
}
