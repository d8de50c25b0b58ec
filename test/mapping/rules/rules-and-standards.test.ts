// The rule files against both standards: what they show is in Device:2, what it is made of is in TR-098, every word that an
// enum gives is one that Device:2 has, and no two rules of one file claim the same parameter.
import t from 'tap';
import type {
  CodecRule,
  EnumRule,
  ObjectRule,
  ParameterRule,
  Place,
  RuleFile,
  Source,
} from '../../../proxy/mapping/rules/document.ts';
import { codecs } from '../../../proxy/mapping/rules/codecs/registry.ts';
import { loadRules } from '../../../proxy/mapping/rules/load.ts';
import { loadStandardModel } from '../../../proxy/mapping/standard-model.ts';
import { loadTr098Model } from '../../../proxy/mapping/tr098-model.ts';

const files = loadRules();
const standard = loadStandardModel(16);
const own = loadTr098Model();
const ROOT = 'InternetGatewayDevice.';

const generalised = (path: string): string => path.replace(/\{\w+\}/g, '{i}').replace(/\.\d+(?=\.)/g, '.{i}');
const at = ({ file, line }: Place): string => `${file}:${line}`;
/** A path of a rule about the object `base`, from the root. */
const below = (path: string, base: string): string =>
  ROOT + generalised(path.startsWith('/') ? path.slice(1) : base + path);

/** Vendors' names, and names outside every model that dumps have (mapping-notes 5). */
const isForeign = (path: string): boolean => /(?:^|[./])X_|^InternetGatewayDevice\.Services\./.test(path);
const SEEN = new Set(
  [
    // A few of Device:2's own names (Nokia G-1425G-A), and counters among others (ZTE H199A).
    'LANDevice.{i}.WLANConfiguration.{i}.AssociatedDevice.{i}.LastDataDownlinkRate',
    'LANDevice.{i}.WLANConfiguration.{i}.AssociatedDevice.{i}.LastDataUplinkRate',
    'LANDevice.{i}.WLANConfiguration.{i}.AssociatedDevice.{i}.SignalStrength',
    'LANDevice.{i}.WLANConfiguration.{i}.Stats.BytesSent',
    'LANDevice.{i}.WLANConfiguration.{i}.Stats.BytesReceived',
    'LANDevice.{i}.WLANConfiguration.{i}.Stats.PacketsSent',
    'LANDevice.{i}.WLANConfiguration.{i}.Stats.PacketsReceived',
    // What TR-143 has added since.
    'DownloadDiagnostics.DownloadTransports',
    'DownloadDiagnostics.DownloadDiagnosticMaxConnections',
    'DownloadDiagnostics.DownloadDiagnosticsMaxIncrementalResult',
    'UploadDiagnostics.UploadTransports',
    'UploadDiagnostics.UploadDiagnosticsMaxConnections',
    'UploadDiagnostics.UploadDiagnosticsMaxIncrementalResult',
    'UDPEchoDiagnostics.',
    'UDPEchoDiagnostics.DiagnosticsState',
  ].map((path) => ROOT + path),
);

const singles = (rule: ParameterRule): readonly Exclude<ParameterRule, { kind: 'first' }>[] =>
  rule.kind === 'first' ? rule.rules.flatMap(singles) : [rule];

/** What is in vendors' files is theirs, be it called X_ or not. */
const isOfVendor = ({ file }: Place): boolean => file.includes('/vendors/');

/** A parameter that no source has: of several, each may have some. */
function unknownSource(path: string, sources: readonly Source[], place: Place): string | undefined {
  if (isOfVendor(place)) return undefined;
  const candidates = sources.map(({ at: base }) => below(path, base));
  const isKnown = candidates.some((full) => isForeign(full) || SEEN.has(full) || own.parameter(full) !== undefined);
  return isKnown ? undefined : candidates[0];
}

const isOfServices = (path: string): boolean => path.startsWith('Device.Services.');

await t.test('what is shown is in Device:2.16', async (t) => {
  const wrong = files.flatMap(({ objects }) =>
    objects.flatMap(({ to, parameters, place }) => {
      const object = `Device.${generalised(to)}`;
      if (isOfServices(object)) return [];
      if (standard.object(object) === undefined) return [`${at(place)}: ${object}`];
      return [...parameters]
        .filter(([name]) => standard.parameter(object + name) === undefined)
        .map(([name, rule]) => `${at(rule.place)}: ${object}${name}`);
    }),
  );
  t.same(wrong, []);
});

await t.test('what it is made of is in TR-098', async (t) => {
  const wrong: string[] = [];
  for (const { sources, parameters, place } of files.flatMap(({ objects }) => objects)) {
    for (const { at: base, each } of sources) {
      const object = below('', base);
      if (!isForeign(object) && own.object(object) === undefined) wrong.push(`${at(place)}: ${object}`);
      const missing = each === undefined ? undefined : unknownSource(each, sources, place);
      if (missing !== undefined) wrong.push(`${at(place)}: ${missing}`);
    }
    for (const rule of [...parameters.values()].flatMap(singles)) {
      for (const path of rule.kind === 'source' ? rule.from : []) {
        const missing = unknownSource(path, sources, place);
        if (missing !== undefined) wrong.push(`${at(rule.place)}: ${missing}`);
      }
    }
  }
  for (const { sources, key, together, place } of files.flatMap(({ tables }) => tables)) {
    const paths = [...(key?.parameters ?? []), ...(together?.from ?? [])];
    for (const path of paths) {
      const missing = sources.length === 0 ? undefined : unknownSource(path, sources, place);
      if (missing !== undefined) wrong.push(`${at(place)}: ${missing}`);
    }
  }
  t.same(wrong, []);
});

await t.test('conditions ask for what TR-098 has', async (t) => {
  const named = files.flatMap(({ objects, tables }) => [...objects, ...tables]);
  const wrong = named.flatMap(({ sources, place }) =>
    sources.flatMap((source) =>
      (isOfVendor(place) ? [] : source.when)
        .map(({ path }) => below(path, source.at))
        .filter((path) => !isForeign(path) && !(path.endsWith('.') ? own.object(path) : own.parameter(path)))
        .map((path) => `${at(place)}: ${path}`),
    ),
  );
  t.same(wrong, []);
});

await t.test('a row is a row, and an object is one', async (t) => {
  const tables = new Set(files.flatMap((file) => file.tables.map(({ name }) => name)));
  const wrong = files.flatMap(({ objects }) =>
    objects.flatMap(({ to, sources, place }) =>
      [...to.matchAll(/\{(\w+)\}/g)]
        .map(([, name = '']) => name)
        .filter((name) => !tables.has(name) && !sources.every((source) => source.at.includes(`{${name}}`)))
        .map((name) => `${at(place)}: {${name}} is neither a table nor a number that every source has`),
    ),
  );
  t.same(wrong, []);
});

/** Every name of a row's pattern stands in the object's too, or the object would be of no row. */
await t.test('the table that an object names has rows for its objects of the CPE', async (t) => {
  const all = files.flatMap(({ tables }) => tables);
  const namesIn = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const wrong = files.flatMap(({ objects }) =>
    objects.flatMap(({ to, sources, place }) =>
      namesIn(to).flatMap((name) => {
        const rows = all.filter((table) => table.name === name).flatMap((table) => table.sources);
        const isOf = ({ at: object, given }: Source): boolean =>
          rows.some((row) => namesIn(row.at).every((one) => namesIn(object).includes(one) || given.has(one)));
        return rows.length === 0 || sources.every(isOf) ? [] : [`${at(place)}: {${name}} is a table of something else`];
      }),
    ),
  );
  t.same(wrong, []);
});

await t.test('references name rows that some rule makes', async (t) => {
  const made = new Set(files.flatMap(({ objects }) => objects.map(({ to }) => to)));
  const wrong = files
    .flatMap(({ objects }) => objects.flatMap(({ parameters }) => [...parameters.values()].flatMap(singles)))
    .flatMap((rule) => (rule.kind === 'refer' ? rule.to.map((to) => ({ to, place: rule.place })) : []))
    .filter(({ to }) => !made.has(to));
  t.same(
    wrong.map(({ to, place }) => `${at(place)}: ${to}`),
    [],
  );
});

/** Enums as devices see them that take every file: later files are not in the way of what is tested here. */
const enumsWith = (file: RuleFile): ReadonlyMap<string, EnumRule> =>
  new Map([...files.flatMap(({ enums }) => [...enums]), ...file.enums]);

await t.test('every codec is there, and takes its argument', async (t) => {
  const wrong: string[] = [];
  const check = (as: CodecRule | undefined, place: Place, file: RuleFile): void => {
    if (as === undefined || as.name === 'reference' || as.name === 'references') return;
    const made = codecs.get(as.name)?.({ argument: as.argument, enums: enumsWith(file), type: undefined });
    if (made === undefined || typeof made === 'string') wrong.push(`${at(place)}: ${made ?? `no codec ${as.name}`}`);
  };
  for (const file of files) {
    for (const { together, place } of file.tables) check(together?.as, place, file);
    for (const { parameters } of file.objects) {
      for (const rule of [...parameters.values()].flatMap(singles)) {
        if (rule.kind === 'source') check(rule.as, rule.place, file);
      }
    }
    for (const command of file.commands) {
      const outputs = command.kind === 'test' ? [...command.outputs.values()] : [];
      for (const { as } of [...command.inputs.values(), ...outputs]) check(as, command.place, file);
    }
  }
  t.same(wrong, []);
});

await t.test('every word of an enum, and every constant, is one of Device:2', async (t) => {
  const wrong: string[] = [];
  for (const file of files) {
    const enums = enumsWith(file);
    for (const { to, parameters } of file.objects) {
      for (const [name, rule] of parameters) {
        const path = `Device.${generalised(to)}${name}`;
        const words = standard.parameter(path)?.value.enumeration;
        const shown = singles(rule).flatMap((one) => wordsOf(one, enums));
        for (const word of words === undefined ? [] : shown) {
          const items = standard.parameter(path)?.value.list === true ? word.split(',') : [word];
          for (const item of items)
            if (!words?.includes(item)) wrong.push(`${at(rule.place)}: ${path} has no "${item}"`);
        }
      }
    }
  }
  t.same(wrong, []);
});

function wordsOf(rule: ParameterRule, enums: ReadonlyMap<string, EnumRule>): readonly string[] {
  if (rule.kind === 'constant') return [rule.value];
  if (rule.kind !== 'source' || rule.as === undefined) return [];
  const { name, argument } = rule.as;
  if (name === 'either') return argument.split(',');
  const table = name === 'enum' || name === 'enum-list' ? enums.get(argument) : undefined;
  return table === undefined
    ? []
    : [...table.read.values(), ...(table.otherwise === undefined ? [] : [table.otherwise])];
}

await t.test('a parameter has one rule in a file for the same objects of the CPE', async (t) => {
  const wrong: string[] = [];
  for (const { objects } of files) {
    const seen = new Map<string, string>();
    for (const { sources, to, parameters, place } of objects) {
      for (const source of sources) {
        for (const name of parameters.keys()) {
          const key = `${source.at} ${JSON.stringify(source.when)} ${to}${name}`;
          const other = seen.get(key);
          if (other !== undefined) wrong.push(`${at(place)} and ${other}: ${to}${name}`);
          seen.set(key, at(place));
        }
      }
    }
  }
  t.same(wrong, []);
});

await t.test('commands are those of Device:2, with its arguments', async (t) => {
  const wrong: string[] = [];
  for (const command of files.flatMap(({ commands }) => commands)) {
    const known = standard.command(`Device.${generalised(command.command)}`);
    if (known === undefined) wrong.push(`${at(command.place)}: ${command.command}`);
    const object = below('', command.at);
    if (!isForeign(object) && !SEEN.has(object) && own.object(object) === undefined) {
      wrong.push(`${at(command.place)}: ${object}`);
    }
    if (command.kind === 'set') {
      const given = [...command.inputs.values()].flatMap(({ to }) => to ?? []);
      const missing = [...command.set.map(({ path }) => path), ...given]
        .map((path) => below(path, command.at))
        .filter((path) => !isForeign(path) && !own.parameter(path));
      wrong.push(...missing.map((path) => `${at(command.place)}: ${path}`));
    }
    const inputs = new Set(known?.inputs.map(({ name }) => name));
    const outputs = new Set(known?.outputs.map(({ name }) => name));
    for (const name of command.inputs.keys())
      if (!inputs.has(name)) wrong.push(`${at(command.place)}: no input ${name}`);
    for (const name of command.kind === 'test' ? command.outputs.keys() : []) {
      if (!outputs.has(generalised(name))) wrong.push(`${at(command.place)}: no output ${name}`);
    }
  }
  t.same(wrong, []);
});

/** Rows that can be added have their place in Device:2 as rows that can be. */
await t.test('only rows that Device:2 lets a Controller add are added', async (t) => {
  const writable = (table: string): boolean =>
    files.some(({ objects }) =>
      objects.some(
        ({ to }: ObjectRule) =>
          to.endsWith(`{${table}}.`) && standard.object(`Device.${generalised(to)}`)?.access === 'readWrite',
      ),
    );
  const wrong = files
    .flatMap(({ tables }) => tables)
    .filter(({ name, add }) => add !== undefined && !writable(name))
    .map(({ name, place }) => `${at(place)}: ${name}`);
  t.same(wrong, []);
});
