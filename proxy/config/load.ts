// Settings from a file, the environment and flags, later ones winning; each keeps where it came from. An unknown name
// or a wrong value anywhere is one clear error that names every fault at once.
import { parse } from 'yaml';
import { CausewayError } from '../errors.ts';
import { formatDuration, type Setting } from './kinds.ts';
import { type Config, type SettingName, schema } from './schema.ts';

export interface ConfigSources {
  /** The file's name and text; undefined where there is none. */
  readonly file: { readonly name: string; readonly text: string } | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Flags without their dashes, in order: `['cwmp.listen', '0.0.0.0:7547']`. */
  readonly flags: readonly (readonly [name: string, value: string])[];
}
export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<SettingName, string>>;
}

const names = Object.keys(schema) as SettingName[];
const PREFIX = 'CAUSEWAY_';
export const environmentName = (name: SettingName): string => PREFIX + name.toUpperCase().replaceAll('.', '_');
/**
 * Variables of others under our prefix: those of the command line (proxy/cli/settings.ts), and those that Kubernetes
 * gives every pod beside a Service named `causeway`.
 */
const NOT_OURS =
  /^CAUSEWAY_(GATEWAY|TOKEN|TENANT|CONTROLLER|(\w+_)?SERVICE_(HOST|PORT(_\w+)?)|(\w+_)?PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$/;
const byEnvironment = new Map(names.map((name) => [environmentName(name), name]));

const isName = (name: string): name is SettingName => Object.hasOwn(schema, name);

/** Edit distance, for the hint at what an unknown name may have meant. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

function hint(name: string, known: readonly string[]): string {
  const lower = name.toLowerCase();
  const nearest = known
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .sort((one, other) => one.far - other.far)[0];
  return nearest !== undefined && nearest.far <= 4 ? `; did you mean ${nearest.candidate}?` : '';
}

/** Leaves of nested YAML maps under dotted names; anything that is no map is a leaf, and an empty section is nothing. */
function flatten(value: unknown, path: string): (readonly [string, unknown])[] {
  if (value === null && names.some((name) => name.startsWith(`${path}.`))) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, below]) => flatten(below, path === '' ? key : `${path}.${key}`));
}

interface Candidate {
  readonly name: string;
  readonly raw: unknown;
  readonly origin: string;
}

function fromFile(file: ConfigSources['file'], faults: string[]): Candidate[] {
  if (file === undefined) return [];
  try {
    const document: unknown = parse(file.text);
    if (document === null || document === undefined) return [];
    if (typeof document !== 'object' || Array.isArray(document)) {
      faults.push(`${file.name} wants a map of settings`);
      return [];
    }
    return flatten(document, '').map(([name, raw]) => ({ name, raw, origin: `file ${file.name}` }));
  } catch (error) {
    faults.push(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function fromEnvironment(environment: ConfigSources['environment'], faults: string[]): Candidate[] {
  return Object.entries(environment).flatMap(([variable, raw]) => {
    if (!variable.startsWith(PREFIX) || raw === undefined) return [];
    const name = byEnvironment.get(variable);
    if (name === undefined && NOT_OURS.test(variable)) return [];
    if (name !== undefined) return [{ name, raw, origin: `environment ${variable}` }];
    faults.push(`environment: ${variable} is no setting${hint(variable, [...byEnvironment.keys()])}`);
    return [];
  });
}

/** Throws CAUSEWAY_CONFIG_INVALID with one line for each fault. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const faults: string[] = [];
  const candidates = [
    ...fromFile(sources.file, faults),
    ...fromEnvironment(sources.environment, faults),
    ...sources.flags.map(([name, raw]) => ({ name, raw, origin: `flag --${name}` })),
  ];
  const values = Object.fromEntries(names.map((name) => [name, schema[name].initial as unknown]));
  const origins = Object.fromEntries(names.map((name) => [name, 'default'])) as Record<SettingName, string>;
  for (const { name, raw, origin } of candidates) {
    if (!isName(name)) {
      faults.push(`${origin}: ${name} is no setting${hint(name, names)}`);
      continue;
    }
    const parsed = schema[name].parse(raw);
    if (!parsed.ok) {
      faults.push(`${origin}: ${name} wants ${parsed.wants}`);
      continue;
    }
    values[name] = parsed.value;
    origins[name] = origin;
  }
  if (faults.length > 0) throw new CausewayError('CAUSEWAY_CONFIG_INVALID', faults.join('\n'));
  return { config: values as unknown as Config, origins };
}

const shown = (name: SettingName, value: unknown): string => {
  const setting: Setting<unknown> = schema[name];
  if (setting.show !== undefined) return setting.show(value);
  if (schema[name].secret) return String(value) === '' ? '(none)' : '[secret]';
  if (typeof value === 'object' && value !== null && 'port' in value && 'host' in value) {
    const host = String(value.host);
    return `${host.includes(':') ? `[${host}]` : host}:${String(value.port)}`;
  }
  if (schema[name].kind === 'duration') return formatDuration(Number(value));
  if (schema[name].kind === 'url') return String(value).replace(/\/\/[^@/]*@/, '//[secret]@');
  // Nothing, one value or a list: join makes text of each.
  return [value]
    .flat()
    .map((item) => (typeof item === 'object' && item !== null ? JSON.stringify(item) : item))
    .join(',');
};

/** A table of every setting, its value and where that came from; secrets are not shown. */
export function printConfig({ config, origins }: LoadedConfig): string {
  const rows = names.map((name) => [name, shown(name, config[name]), origins[name]] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  return rows
    .map(([name, value, origin]) => `${name.padEnd(width(0))}  ${value.padEnd(width(1))}  ${origin}`)
    .join('\n');
}

/** What `--help` says of the settings. */
export function describeSettings(): string {
  return names
    .map((name) => {
      const { kind, help, initial } = schema[name];
      return `  ${name}  (${kind}; default ${shown(name, initial) || 'empty'})\n      ${help}`;
    })
    .join('\n');
}
