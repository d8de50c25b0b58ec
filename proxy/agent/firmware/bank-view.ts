// The view of a CPE that shows no firmware banks, with those that the Agent has in their place. It lies over whatever view
// the CPE has, so that everything which reads paths finds them like rows of the CPE; no RPC is ever made for them.
import type { ReadValues } from '../../device/read-values.ts';
import type { InstanceTree, TreeObject } from '../../device/instance-tree/tree.ts';
import type { SupportedModel } from '../../mapping/supported.ts';
import type {
  Counter,
  CpeDiagnostic,
  KnownValues,
  Reading,
  RowCreation,
  RowRemoval,
  TriggerSettings,
  View,
  ViewAccess,
  ViewNews,
  ViewSettings,
  ViewTree,
  WireTypes,
} from '../../mapping/view.ts';
import { lastNameOf, parentOf } from '../../path/concrete.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import { BANKS } from '../../store/firmware-steps.ts';
import { codes } from '../../usp/codes.ts';
import {
  BANK_TABLE,
  bankRow,
  bankValues,
  BOOT_IMAGE,
  DEVICE_INFO,
  DEVICE_INFO_NAMES,
  lacksBanks,
  ROW_NAMES,
  supportedWithBanks,
} from './table.ts';

/** `undefined` stays so; a view with banks of its own is left as it is. */
export const withBanks = (view: View | undefined, record: DeviceRecord): View | undefined =>
  view !== undefined && lacksBanks(view.supported) ? new BankView(view, record) : view;

export const hasOurBanks = (view: View | undefined): boolean => view instanceof BankView;

const isOurs = (path: string): boolean =>
  path.startsWith(BANK_TABLE) || (parentOf(path) === DEVICE_INFO && DEVICE_INFO_NAMES.has(lastNameOf(path)));

const NO_NAMES: ReadonlyMap<string, boolean> = new Map();
const ROW_OBJECTS: readonly TreeObject[] = [
  { path: BANK_TABLE, writable: false, parameters: NO_NAMES, objects: [], instances: BANKS },
  ...BANKS.map((bank): TreeObject => ({
    path: bankRow(bank),
    writable: false,
    parameters: ROW_NAMES,
    objects: [],
    instances: [],
  })),
];

const grown = new WeakMap<ViewTree, ViewTree['objects']>();
/** Objects of the CPE and the table; the same for all devices that have the same tree. */
function withTable(tree: ViewTree): ViewTree['objects'] {
  const info = tree.objects.get(DEVICE_INFO);
  if (info === undefined) return tree.objects;
  const known = grown.get(tree);
  if (known !== undefined) return known;
  const objects = new Map(tree.objects);
  const parameters = new Map([...info.parameters, ...DEVICE_INFO_NAMES]);
  objects.set(DEVICE_INFO, { ...info, parameters, objects: [...info.objects, 'FirmwareImage'] });
  for (const object of ROW_OBJECTS) objects.set(object.path, object);
  grown.set(tree, objects);
  return objects;
}

class BankView implements View {
  readonly supported: SupportedModel;
  readonly dataModelUri: string;
  readonly #view: View;
  readonly #record: DeviceRecord;
  #known: ReadonlyMap<string, string> | undefined;

  constructor(view: View, record: DeviceRecord) {
    this.supported = supportedWithBanks(view.supported);
    this.dataModelUri = view.dataModelUri;
    this.#view = view;
    this.#record = record;
  }

  async fit(access: ViewAccess, tree: InstanceTree, news?: ViewNews): Promise<View> {
    const fitted = await this.#view.fit(access, tree, news);
    return fitted === this.#view ? this : new BankView(fitted, this.#record);
  }

  instances(tree: InstanceTree): ViewTree {
    const below = this.#view.instances(tree);
    return { root: below.root, objects: withTable(below), readings: (object) => this.#readings(below, object) };
  }

  /** Most looks at a device are not at its banks. */
  get #values(): ReadonlyMap<string, string> {
    const { firmware, facts } = this.#record;
    return (this.#known ??= bankValues(firmware, facts.SoftwareVersion));
  }

  #readings(below: ViewTree, object: string): ReadonlyMap<string, Reading> {
    if (object !== DEVICE_INFO && !object.startsWith(BANK_TABLE)) return below.readings(object);
    const names = object === DEVICE_INFO ? DEVICE_INFO_NAMES : ROW_NAMES;
    const ours = [...names.keys()].map((name) => [name, this.reading(object + name)] as const);
    return new Map([...below.readings(object), ...ours]);
  }

  cpeObjects(path: string): readonly string[] {
    return path.startsWith(BANK_TABLE) ? [] : this.#view.cpeObjects(path);
  }

  doubts(read: ReadValues): ViewNews | undefined {
    return this.#view.doubts(read);
  }

  reading(path: string): Reading {
    if (!isOurs(path)) return this.#view.reading(path);
    const value = this.#values.get(path) ?? '';
    return { cpeNames: [], secured: false, valueOf: () => ({ kind: 'value', value }) };
  }

  viewNames(cpeName: string): readonly string[] {
    return this.#view.viewNames(cpeName);
  }

  readBefore(path: string): readonly string[] {
    return isOurs(path) ? [] : this.#view.readBefore(path);
  }

  settingsFor(path: string, value: string, known: KnownValues): ViewSettings {
    if (!isOurs(path)) return this.#view.settingsFor(path, value, known);
    // What the CPE runs is changed by Activate() alone, and an image is there or is not: only what holds can be set.
    const now = this.#values.get(path);
    if (now === (value === '1' ? 'true' : value === '0' ? 'false' : value))
      return { ok: true, settings: [], shown: now };
    const isBoot = path === DEVICE_INFO + BOOT_IMAGE;
    const why = isBoot
      ? 'the device boots what it runs: use Activate()'
      : 'an image is there once Download() has kept it';
    return { ok: false, code: codes.invalidValue, why };
  }

  allows(path: string, value: string): boolean {
    return isOurs(path) || this.#view.allows(path, value);
  }

  creation(table: string, given: ReadonlyMap<string, string>): RowCreation {
    return this.#view.creation(table, given);
  }

  removal(row: string): RowRemoval {
    return this.#view.removal(row);
  }

  rowOf(table: string, cpeRow: string): string | undefined {
    return this.#view.rowOf(table, cpeRow);
  }

  counters(table: string): readonly Counter[] {
    return isOurs(table) ? [] : this.#view.counters(table);
  }

  triggerFor(command: string, args: ReadonlyMap<string, string>, types: WireTypes): TriggerSettings | undefined {
    return this.#view.triggerFor(command, args, types);
  }

  diagnosticFor(command: string, args?: ReadonlyMap<string, string>): CpeDiagnostic | undefined {
    return this.#view.diagnosticFor(command, args);
  }
}
