// CWMP behaviour by vendor, model and firmware, as mappings/profiles/ tells it. Pure: text in, profiles out.
import { parse } from 'yaml';
import { CausewayError } from '../errors.ts';

export type ParkPolicy = 'never' | 'attached' | 'always';
/** `whole`: one GetParameterNames for all that is below an object; `walk`: one for each level. */
export type Discovery = 'whole' | 'walk';

/** `rising`: Digest's nc must be above all that came before under its nonce (quirk 7: many CPEs repeat it). */
export type NonceCountRule = 'ignore' | 'rising';
/** What a boolean is set with: `1` and `0`, or `true` and `false`. */
export type BooleanLiterals = 'digits' | 'words';

export interface Behaviour {
  readonly park: ParkPolicy;
  readonly emptySerial: 'refuse' | 'username';
  /** Parameters in one GetParameterValues; undefined: the setting `read.batch`. */
  readonly readBatch: number | undefined;
  readonly discovery: Discovery;
  readonly nonceCounts: NonceCountRule;
  readonly booleans: BooleanLiterals;
}

interface VersionRange {
  readonly from: string | undefined;
  readonly to: string | undefined;
}
interface Match {
  readonly OUI: string | undefined;
  readonly Manufacturer: string | undefined;
  readonly ProductClass: string | undefined;
  readonly SoftwareVersion: VersionRange | undefined;
}
export interface Profile {
  readonly name: string;
  readonly match: Match;
  readonly behaviour: Partial<Behaviour>;
}

/** What a profile is chosen by. */
export interface ProfileSubject {
  readonly OUI: string;
  readonly Manufacturer: string;
  readonly ProductClass: string;
  readonly SoftwareVersion: string;
}

const DEFAULT_BEHAVIOUR: Behaviour = {
  park: 'attached',
  emptySerial: 'refuse',
  readBatch: undefined,
  discovery: 'whole',
  nonceCounts: 'ignore',
  booleans: 'digits',
};

type Readers = Readonly<Record<string, (value: unknown) => string | undefined>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? undefined : 'a text');
const oneOf =
  (...values: readonly string[]) =>
  (value: unknown): string | undefined =>
    typeof value === 'string' && values.includes(value) ? undefined : `one of ${values.join(', ')}`;
const wholeNumber =
  (from: number, to: number) =>
  (value: unknown): string | undefined =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to ? undefined : `a number ${from} to ${to}`;
const versions = (value: unknown): string | undefined =>
  typeof value === 'string' ||
  (isRecord(value) &&
    Object.entries(value).every(([key, item]) => (key === 'from' || key === 'to') && typeof item === 'string'))
    ? undefined
    : 'a version, or { from, to }';

const MATCH: Readers = { OUI: text, Manufacturer: text, ProductClass: text, SoftwareVersion: versions };
const BEHAVIOUR: Readers = {
  park: oneOf('never', 'attached', 'always'),
  emptySerial: oneOf('refuse', 'username'),
  readBatch: wholeNumber(1, 4096),
  discovery: oneOf('whole', 'walk'),
  nonceCounts: oneOf('ignore', 'rising'),
  booleans: oneOf('digits', 'words'),
};

const PARTS: ReadonlySet<string> = new Set(['name', 'match', 'behaviour']);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads one file; throws CAUSEWAY_MAPPING_INVALID naming the file and the key. */
export function parseProfiles(file: string, content: string): readonly Profile[] {
  const fail = (where: string, wants: string): never => {
    throw new CausewayError('CAUSEWAY_MAPPING_INVALID', `${file}: ${where} wants ${wants}`);
  };
  const record = (value: unknown, where: string, readers: Readers): Readonly<Record<string, unknown>> => {
    if (!isRecord(value)) return fail(where, 'a map');
    for (const [key, item] of Object.entries(value)) {
      const wants = readers[key] === undefined ? `one of ${Object.keys(readers).join(', ')}` : readers[key](item);
      if (wants !== undefined) return fail(`${where}.${key}`, wants);
    }
    return value;
  };
  let document: unknown;
  try {
    document = parse(content);
  } catch (error) {
    return fail('the file', `to be YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const profiles = isRecord(document) ? document['profiles'] : undefined;
  if (!Array.isArray(profiles)) return fail('the file', 'a list named profiles');
  return profiles.map((raw: unknown, index) => {
    const where = `profiles[${index}]`;
    if (!isRecord(raw) || typeof raw['name'] !== 'string') return fail(where, 'a name, a match and a behaviour');
    const unknown = Object.keys(raw).find((key) => !PARTS.has(key));
    if (unknown !== undefined) return fail(`${where}.${unknown}`, `one of ${[...PARTS].join(', ')}`);
    const match = record(raw['match'] ?? {}, `${where}.match`, MATCH);
    const behaviour = record(raw['behaviour'] ?? {}, `${where}.behaviour`, BEHAVIOUR);
    return { name: raw['name'], match: matchOf(match), behaviour: behaviour };
  });
}

function matchOf(raw: Readonly<Record<string, unknown>>): Match {
  const item = (name: string): string | undefined => {
    const value = raw[name];
    return typeof value === 'string' ? value : undefined;
  };
  const version = raw['SoftwareVersion'];
  const range = isRecord(version) ? version : { from: version, to: version };
  return {
    OUI: item('OUI')?.toUpperCase(),
    Manufacturer: item('Manufacturer'),
    ProductClass: item('ProductClass'),
    SoftwareVersion:
      version === undefined
        ? undefined
        : { from: range['from'] as string | undefined, to: range['to'] as string | undefined },
  };
}

/** Versions number by number; where letters stand, as text. */
export function compareVersions(one: string, other: string): number {
  const parts = (version: string): string[] => version.match(/\d+|[^\d.]+/g) ?? [];
  const [left, right] = [parts(one), parts(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [a = '', b = ''] = [left[index], right[index]];
    const numbers = /^\d+$/.test(a) && /^\d+$/.test(b);
    const order = numbers ? Number(a) - Number(b) : a.localeCompare(b);
    if (order !== 0) return order;
  }
  return 0;
}

const conditions = (match: Match): number => Object.values(match).filter((value) => value !== undefined).length;

function matches(match: Match, subject: ProfileSubject): boolean {
  const range = match.SoftwareVersion;
  return (
    (match.OUI ?? subject.OUI.toUpperCase()) === subject.OUI.toUpperCase() &&
    (match.Manufacturer ?? subject.Manufacturer) === subject.Manufacturer &&
    (match.ProductClass ?? subject.ProductClass) === subject.ProductClass &&
    (range?.from === undefined || compareVersions(subject.SoftwareVersion, range.from) >= 0) &&
    (range?.to === undefined || compareVersions(subject.SoftwareVersion, range.to) <= 0)
  );
}

/** Choices remembered; a fleet has few models, an attacker may invent many. */
const REMEMBERED = 1024;

/** The behaviour of a CPE by all profiles that match it, later and more specific ones winning key by key. */
export function createProfileChoice(profiles: readonly Profile[]): (subject: ProfileSubject) => Behaviour {
  const ordered = profiles
    .map((profile, index) => ({ profile, index }))
    .sort((one, other) => conditions(one.profile.match) - conditions(other.profile.match) || one.index - other.index)
    .map(({ profile }) => profile);
  const remembered = new Map<string, Behaviour>();
  return (subject) => {
    const key = [subject.OUI, subject.Manufacturer, subject.ProductClass, subject.SoftwareVersion].join('\n');
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const behaviour = ordered
      .filter((profile) => matches(profile.match, subject))
      .reduce<Behaviour>((all, profile) => ({ ...all, ...profile.behaviour }), DEFAULT_BEHAVIOUR);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, behaviour);
    return behaviour;
  };
}
