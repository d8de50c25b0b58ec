// A device that has all of TR-098: every object and parameter of the standard's model, a row of every table, and a WANDevice
// for each kind of access. No such device is sold; every rule finds something on it.
import { dumpOf, type Dump, type DumpEntry } from '../../proxy/mapping/dump/dump.ts';
import type { StandardModel, StandardParameter } from '../../proxy/mapping/standard-model.ts';

const WAN = 'InternetGatewayDevice.WANDevice.{i}.';
const ACCESS = `${WAN}WANCommonInterfaceConfig.WANAccessType`;

/** What a parameter says where its first value would leave a part of the device out. */
const SAID: Readonly<Record<string, string>> = {
  ConnectionType: 'IP_Routed',
  LinkType: 'EoA',
  Enable: 'true',
  IPInterfaceAddressingType: 'Static',
  FilterBridgeReference: '1',
};

/** A value that the standard allows. */
function valueOf({ name, value }: StandardParameter): string {
  const { enumeration, itemType, ranges, lengths, typeName, pattern } = value;
  const said = SAID[name];
  if (said !== undefined && (enumeration?.includes(said) ?? true)) return said;
  if (enumeration !== undefined) return enumeration[0] ?? '';
  switch (itemType) {
    case 'BOOLEAN':
      return 'false';
    case 'DATE_TIME':
      return '2026-01-01T00:00:00Z';
    case 'STRING':
      if (typeName === 'MACAddress') return '02:00:5E:00:00:01';
      if (typeName === 'IPAddress') return '192.0.2.1';
      if (typeName === 'Alias') return 'cpe-1';
      return pattern === undefined && !value.list
        ? 'x'.repeat(lengths?.[0]?.low === -Infinity ? 0 : (lengths?.[0]?.low ?? 0))
        : '';
    case 'BASE_64':
    case 'HEX_BINARY':
      return '';
    default: {
      const low = ranges?.[0]?.low ?? 0;
      return String(Number.isFinite(low) ? Math.max(low, 0) : 0);
    }
  }
}

/** The path with a number for each table; WANDevices are as many as there are kinds of access. */
const placesOf = (general: string, accesses: readonly string[]): readonly (readonly [string, string])[] =>
  general.startsWith(WAN)
    ? accesses.map((access, index) => [general.replace('{i}', String(index + 1)).replaceAll('{i}', '1'), access])
    : [[general.replaceAll('{i}', '1'), '']];

export function everythingOf(own: StandardModel): Dump {
  const accesses = own.parameter(ACCESS)?.value.enumeration ?? [];
  const entries: DumpEntry[] = [];
  for (const object of own.objects.values()) {
    for (const [path, access] of placesOf(object.path, accesses)) {
      entries.push({ name: path, writable: object.access === 'readWrite', value: undefined, type: '' });
      for (const parameter of object.parameters.values()) {
        entries.push({
          name: path + parameter.name,
          writable: parameter.access !== 'readOnly',
          value: object.path + parameter.name === ACCESS ? access : valueOf(parameter),
          type: parameter.value.list ? 'string' : XSI[parameter.value.itemType],
        });
      }
    }
  }
  const read = dumpOf(entries);
  if (!read.ok) throw new Error(read.why);
  return read.dump;
}

const XSI: Readonly<Record<StandardParameter['value']['itemType'], string>> = {
  BASE_64: 'base64',
  BOOLEAN: 'boolean',
  DATE_TIME: 'dateTime',
  DECIMAL: 'decimal',
  HEX_BINARY: 'hexBinary',
  INT: 'int',
  LONG: 'long',
  STRING: 'string',
  UNSIGNED_INT: 'unsignedInt',
  UNSIGNED_LONG: 'unsignedLong',
};
