// Settings with parts of their own: a section (`tls: { cert, key }`) and a list of sections. Each part is a setting like
// any other; what is wrong is named by its place: `[1].tls.minVersion`.
import { parse } from 'yaml';
import type { Setting } from './kinds.ts';

type Fields = Readonly<Record<string, Setting<unknown>>>;
export type Section<F extends Fields> = { readonly [N in keyof F]: F[N] extends Setting<infer T> ? T : never };

interface Nested {
  readonly fields: Fields;
  readonly required: readonly string[];
}
type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly wants: string };

const isNested = (setting: object): setting is Nested => 'fields' in setting && 'required' in setting;

/** A section that may be absent: undefined then. */
export function section<F extends Fields>(
  fields: F,
  required: readonly (keyof F & string)[],
  help: string,
): Setting<Section<F> | undefined> & Nested {
  const nested = { fields, required };
  return {
    ...nested,
    kind: 'section',
    initial: undefined,
    help,
    secret: false,
    parse(raw) {
      const read = readFields(nested, raw, '');
      return read.ok ? { ok: true, value: read.value as Section<F> } : read;
    },
  };
}

/** A YAML list of sections; as a variable or a flag, the same list as YAML or JSON in one line. */
export function sections<F extends Fields>(
  fields: F,
  required: readonly (keyof F & string)[],
  help: string,
): Setting<readonly Section<F>[]> {
  return {
    kind: 'list of sections',
    initial: [],
    help: [help, ...describe(fields, '')].join('\n        '),
    secret: false,
    show: (items) => items.map((item) => JSON.stringify(withoutSecrets(fields, item))).join(','),
    parse(raw) {
      const items = typeof raw === 'string' ? parsedText(raw) : raw;
      if (!Array.isArray(items)) return { ok: false, wants: 'a list of sections' };
      const read = items.map((item: unknown, index) => readFields({ fields, required }, item, `[${index}]`));
      const fault = read.find((one) => !one.ok);
      if (fault?.ok === false) return fault;
      return { ok: true, value: read.flatMap((one) => (one.ok ? [one.value as Section<F>] : [])) };
    },
  };
}

function withoutSecrets(fields: Fields, section: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shown = Object.entries(section).map(([name, value]) => {
    const field = fields[name];
    const isNone = value === undefined || value === '';
    if (field === undefined || isNone) return [name, value];
    if (field.secret) return [name, '[secret]'];
    const below = isNested(field) && typeof value === 'object' && value !== null;
    return [name, below ? withoutSecrets(field.fields, { ...value }) : value];
  });
  return Object.fromEntries(shown) as Readonly<Record<string, unknown>>;
}

/** A line for each part, as --help has it. */
function describe(fields: Fields, before: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, setting]) => {
    const place = `${before}${name}`;
    const line = `${place}  (${setting.kind}) ${setting.help}`;
    return isNested(setting) ? [line, ...describe(setting.fields, `${place}.`)] : [line];
  });
}

function parsedText(text: string): unknown {
  try {
    return text === '' ? [] : parse(text);
  } catch {
    return undefined;
  }
}

/** `place` is where the section stands, '' for one that stands alone. */
function readFields({ fields, required }: Nested, raw: unknown, place: string): Read {
  const at = (name: string): string => (place === '' ? name : `${place}.${name}`);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { ok: false, wants: place === '' ? 'a section' : `${place} to be a section` };
  }
  const given = new Map<string, unknown>(Object.entries(raw));
  const unknown = [...given.keys()].find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const parts = Object.keys(fields).join(', ');
    return { ok: false, wants: `no ${at(unknown)}, which is no setting; there are ${parts}` };
  }
  const value: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(fields)) {
    if (!given.has(name) && !required.includes(name)) {
      value[name] = setting.initial;
      continue;
    }
    const read = isNested(setting) ? readFields(setting, given.get(name), at(name)) : setting.parse(given.get(name));
    if (!read.ok) return isNested(setting) ? read : { ok: false, wants: `${at(name)} to be ${read.wants}` };
    value[name] = read.value;
  }
  return { ok: true, value };
}
