// A view of a TR-098 CPE made by hand, for what the agent has to do over one: rows have other numbers than at the CPE (it
// remembers them), a row is claimed or made, one CPE parameter stands behind two of the view, and one of the view behind two
// of the CPE's. What rules make of a real device is tested with the rules.
import type { InstanceTree, TreeObject } from '../../proxy/device/instance-tree/tree.ts';
import type { SupportedObject, SupportedParameter } from '../../proxy/mapping/supported.ts';
import type {
  Counter,
  CpeSetting,
  KnownValues,
  Reading,
  RowCreation,
  RowRemoval,
  View,
  ViewAccess,
  ViewNews,
  ViewSettings,
  ViewTree,
} from '../../proxy/mapping/view.ts';
import { generalise, lastNameOf, parentOf, rowOf } from '../../proxy/path/concrete.ts';

const IGD = 'InternetGatewayDevice.';
export const CPE_SSIDS = `${IGD}LANDevice.1.WLANConfiguration.`;
export const CPE_MAPPINGS = `${IGD}WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.PortMapping.`;
export const SSIDS = 'Device.WiFi.SSID.';
export const MAPPINGS = 'Device.NAT.PortMapping.';

/** Parameter of the view → parameters of the CPE's row that it is made of. `A/B` is `A` and `B` with a slash. */
const TABLES: Readonly<
  Record<string, { readonly cpe: string; readonly parameters: Readonly<Record<string, string>> }>
> = {
  [SSIDS]: { cpe: CPE_SSIDS, parameters: { Enable: 'Enable', SSID: 'SSID', Upper: 'SSID', Both: 'SSID/Channel' } },
  [MAPPINGS]: {
    cpe: CPE_MAPPINGS,
    parameters: { Enable: 'PortMappingEnabled', ExternalPort: 'ExternalPort', Description: 'PortMappingDescription' },
  },
};

const parameterOf = (name: string): SupportedParameter => ({
  name,
  type: { base: name === 'Enable' ? 'boolean' : 'string' },
  access: 'readWrite',
  valueChange: 'ALLOWED',
  secured: false,
  isReference: false,
});

const KINDS = ['Device.', 'Device.WiFi.', `${SSIDS}{i}.`, 'Device.NAT.', `${MAPPINGS}{i}.`];
const objectOf = (path: string): SupportedObject => {
  const parameters = TABLES[path.replace(/\{i\}\.$/, '')]?.parameters;
  const multi = parameters !== undefined;
  return {
    path,
    multi,
    creatable: multi,
    deletable: multi,
    uniqueKeys: path.startsWith(MAPPINGS) ? [{ functional: true, names: ['ExternalPort'] }] : [],
    enableParameter: multi ? 'Enable' : undefined,
    parameters: new Map(Object.keys(parameters ?? {}).map((name) => [name, parameterOf(name)])),
    commands: new Map(),
    events: new Map(),
    children: KINDS.filter((one) => parentOf(one.replace(/\{i\}\.$/, '')) === path),
  };
};
const SUPPORTED = { objects: new Map(KINDS.map((path) => [path, objectOf(path)])) };

/** What a test may want to know, and decide, of all views of one device. */
export class Hand {
  fits = 0;
  readonly news: ViewNews[] = [];
  /** A row of the CPE that no view shows, until it has a Description. */
  hidesNew = false;
  /** What the CPE was told of values that decide: claimed rows are known by it. */
  readonly written = new Map<string, string>();
}

export class NumberedView implements View {
  readonly supported = SUPPORTED;
  readonly dataModelUri = 'urn:broadband-forum-org:tr-181-2-16-0';
  readonly #hand: Hand;
  readonly #tree: InstanceTree | undefined;
  /** CPE's row → number in the view. */
  readonly #numbers: Readonly<Record<string, number>>;
  readonly #counter: string | undefined;

  /** `counter`: of both tables, in place of their own. */
  constructor(hand: Hand, tree?: InstanceTree, numbers: Readonly<Record<string, number>> = {}, counter?: string) {
    this.#hand = hand;
    this.#tree = tree;
    this.#numbers = numbers;
    this.#counter = counter;
  }

  async fit(access: ViewAccess, tree: InstanceTree, news: ViewNews = {}): Promise<View> {
    this.#hand.fits += 1;
    this.#hand.news.push(news);
    for (const [name, text] of news.written ?? []) this.#hand.written.set(name, text);
    const numbers: Record<string, number> = {};
    const known = access.remembered === '' ? {} : (JSON.parse(access.remembered) as Record<string, number>);
    let next = Math.max(100, ...Object.values(known)) + 1;
    for (const { cpe } of Object.values(TABLES)) {
      for (const number of tree.objects.get(cpe)?.instances ?? []) {
        const row = rowOf(cpe, number);
        numbers[row] = known[row] ?? next;
        if (numbers[row] === next) next += 1;
      }
    }
    const text = JSON.stringify(numbers);
    if (text !== access.remembered) await access.remember(text);
    return new NumberedView(this.#hand, tree, numbers, this.#counter);
  }

  instances(): ViewTree {
    const objects = new Map<string, TreeObject>();
    const plain = { writable: false, parameters: new Map<string, boolean>(), objects: [], instances: [] };
    for (const path of ['Device.', 'Device.WiFi.', 'Device.NAT.']) objects.set(path, { ...plain, path });
    for (const [table, { cpe, parameters }] of Object.entries(TABLES)) {
      const rows = (this.#tree?.objects.get(cpe)?.instances ?? [])
        .map((number) => rowOf(cpe, number))
        .filter((row) => this.#isShown(row));
      const instances = rows.map((row) => this.#numbers[row] ?? 0).sort((one, other) => one - other);
      objects.set(table, { ...plain, path: table, writable: true, instances });
      for (const number of instances) {
        const path = rowOf(table, number);
        const names = new Map(Object.keys(parameters).map((name) => [name, true]));
        objects.set(path, { ...plain, path, writable: true, parameters: names });
      }
    }
    const readings = (path: string): ReadonlyMap<string, Reading> =>
      new Map([...(objects.get(path)?.parameters.keys() ?? [])].map((name) => [name, this.reading(path + name)]));
    return { root: 'Device.', objects, readings };
  }

  /** A WLANConfiguration that is off is no row; a mapping may be known by its Description only. */
  #isShown(cpeRow: string): boolean {
    const { hidesNew, written } = this.#hand;
    if (cpeRow.startsWith(CPE_SSIDS)) return (written.get(`${cpeRow}Enable`) ?? '1') !== '0';
    const first = Number(lastNameOf(cpeRow)) <= 3;
    return first || !hidesNew || (written.get(`${cpeRow}PortMappingDescription`) ?? '') !== '';
  }

  cpeObjects(path: string): readonly string[] {
    const found = Object.entries(TABLES).filter(([table]) => table.startsWith(path) || path.startsWith(table));
    return found.map(([, { cpe }]) => cpe);
  }

  #cpeNames(path: string): readonly string[] {
    const table = parentOf(parentOf(path));
    const made = TABLES[table]?.parameters[lastNameOf(path)];
    const number = Number(lastNameOf(parentOf(path)));
    const cpeRow = Object.entries(this.#numbers).find(
      ([row, one]) => one === number && row.startsWith(TABLES[table]?.cpe ?? ' '),
    )?.[0];
    return made === undefined || cpeRow === undefined ? [] : made.split('/').map((name) => cpeRow + name);
  }

  reading(path: string): Reading {
    const cpeNames = this.#cpeNames(path);
    return {
      cpeNames,
      secured: false,
      valueOf: ({ values }) => {
        const texts = cpeNames.map((name) => values.get(name)?.Value);
        if (texts.length === 0 || texts.includes(undefined)) return { kind: 'missing' };
        const value = texts.join('/');
        if (lastNameOf(path) === 'Upper') return { kind: 'value', value: value.toUpperCase() };
        if (lastNameOf(path) === 'Enable') return { kind: 'value', value: value === '1' ? 'true' : 'false' };
        return { kind: 'value', value };
      },
    };
  }

  viewNames(cpeName: string): readonly string[] {
    const cpeRow = parentOf(cpeName);
    const number = this.#numbers[cpeRow];
    const [table, known] = Object.entries(TABLES).find(([, { cpe }]) => cpe === parentOf(cpeRow)) ?? [];
    if (table === undefined || known === undefined || number === undefined) return [];
    return Object.entries(known.parameters)
      .filter(([, made]) => made.split('/').includes(lastNameOf(cpeName)))
      .map(([name]) => rowOf(table, number) + name);
  }

  /** What `Both` does not name it keeps. */
  readBefore(path: string): readonly string[] {
    return lastNameOf(path) === 'Both' ? this.#cpeNames(path) : [];
  }

  settingsFor(path: string, value: string, known: KnownValues): ViewSettings {
    return settingsOf(lastNameOf(path), this.#cpeNames(path), value, known);
  }

  allows(): boolean {
    return true;
  }

  creation(table: string, given: ReadonlyMap<string, string>): RowCreation {
    if (table === SSIDS) {
      const free = Object.keys(this.#numbers).find((row) => row.startsWith(CPE_SSIDS) && !this.#isShown(row));
      if (free === undefined) return { kind: 'refused', code: 7017, why: 'no SSID is free' };
      const settings = [{ Name: `${free}Enable`, Value: '1', Type: 'boolean' }];
      return { kind: 'claim', row: rowOf(SSIDS, this.#numbers[free] ?? 0), settings };
    }
    if (given.get('Description') === 'nowhere') return { kind: 'refused', code: 7017, why: 'there is no place for it' };
    return {
      kind: 'object',
      object: CPE_MAPPINGS,
      settingsFor: (param, value, known) => {
        const name = TABLES[table]?.parameters[param] ?? '';
        return settingsOf(param, [`${CPE_MAPPINGS}0.${name}`], value, known);
      },
      readBefore: () => [],
    };
  }

  removal(row: string): RowRemoval {
    const cpeRow = Object.entries(this.#numbers).find(([, number]) => row.endsWith(`.${number}.`))?.[0];
    if (cpeRow === undefined) return { kind: 'refused', code: 7024, why: 'no such row' };
    if (!row.startsWith(SSIDS)) return { kind: 'object', object: cpeRow };
    return { kind: 'set', settings: [{ Name: `${cpeRow}Enable`, Value: '0', Type: 'boolean' }] };
  }

  rowOf(table: string, cpeRow: string): string | undefined {
    const number = this.#numbers[cpeRow];
    return number === undefined || !this.#isShown(cpeRow) ? undefined : rowOf(table, number);
  }

  doubts(): undefined {
    return undefined;
  }

  counters(table: string): readonly Counter[] {
    const cpe = TABLES[table]?.cpe ?? '';
    if (this.#counter !== undefined) return [{ name: this.#counter, table: cpe }];
    if (table === SSIDS) return [{ name: `${parentOf(cpe)}LANWLANConfigurationNumberOfEntries`, table: cpe }];
    const names = [`${parentOf(cpe)}PortMappingNumberOfEntries`, `${generalise(parentOf(cpe))}NoSuchCount`];
    return names.map((name) => ({ name, table: cpe }));
  }

  triggerFor(): undefined {
    return undefined;
  }
  diagnosticFor(): undefined {
    return undefined;
  }
}

function settingsOf(param: string, names: readonly string[], value: string, known: KnownValues): ViewSettings {
  if (names.length === 0) return { ok: false, code: 7010, why: 'no such parameter' };
  const texts = param === 'Enable' ? [value === 'true' ? '1' : '0'] : value.split('/');
  const settings = names.map((Name, index): CpeSetting => {
    const Value = texts[index] ?? known.value(Name) ?? '?';
    // The Channel is written before the SSID.
    return { Name, Value, Type: known.type(Name) ?? 'string', ...(index === 0 ? { order: 1 } : {}) };
  });
  return {
    ok: true,
    settings,
    shown: param === 'Upper' ? value.toUpperCase() : settings.map((one) => one.Value).join('/'),
  };
}
