// Reads an element into the value that its fields describe, straight from the cursor. Lenient where CPEs are: order is
// free, unknown elements are skipped, what is missing is empty, arrayType is not looked at (quirks 16 to 19).
import type { ChoiceField, Field, Fields, StructField, ValuesOf } from '../rpc/field.ts';
import {
  ParameterInfoStruct,
  ParameterValueStruct,
  type ParameterInfo,
  type ParameterValueItem,
} from '../rpc/structs.ts';
import type { ElementCursor } from './cursor.ts';
import { localType, readBoolean, readInteger, trimWhite } from './scalars.ts';

type Values = Record<string, unknown>;

/** What the reading of a set of fields needs to know, worked out once a set. */
interface Plan {
  readonly names: readonly string[];
  readonly fields: readonly Field[];
  /** The value of an element without children. */
  readonly empty: Readonly<Values>;
}

const plans = new WeakMap<Fields, Plan>();
const NOTHING: readonly unknown[] = Object.freeze([]);

function planOf(fields: Fields): Plan {
  const known = plans.get(fields);
  if (known !== undefined) return known;
  const empty: Values = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === 'parameterValue') Object.assign(empty, { [name]: '', Type: '' });
    else if (field.kind !== 'optional') empty[name] = emptyOf(field);
  }
  const plan: Plan = { names: Object.keys(fields), fields: Object.values(fields), empty: Object.freeze(empty) };
  plans.set(fields, plan);
  return plan;
}

function emptyOf(field: Field): unknown {
  switch (field.kind) {
    case 'string':
    case 'text':
    case 'dateTime':
    case 'parameterValue':
      return '';
    case 'int':
    case 'unsignedInt':
      return 0;
    case 'boolean':
      return false;
    case 'array':
    case 'repeated':
      return NOTHING;
    case 'struct':
      return planOf(field.fields).empty;
    case 'optional':
      return undefined;
  }
}

/** Which of the names the child just opened has; the one after the last is the likely one. -1 when it has none. */
function indexOfChild(cursor: ElementCursor, names: readonly string[], likely: number): number {
  const guess = names[likely];
  if (guess !== undefined && cursor.isNamed(guess)) return likely;
  return names.findIndex((name) => cursor.isNamed(name));
}

function readValue(cursor: ElementCursor, field: Field): unknown {
  switch (field.kind) {
    case 'string':
    case 'dateTime':
      return trimWhite(cursor.text());
    case 'text':
    case 'parameterValue':
      return cursor.text();
    case 'int':
    case 'unsignedInt':
      return readInteger(cursor.text());
    case 'boolean':
      return readBoolean(cursor.text());
    case 'struct':
      return readPlanned(cursor, planOf(field.fields));
    case 'array':
      return readItems(cursor, field.itemName, field.item);
    case 'repeated':
      return readRepeated(cursor, field.item);
    case 'optional':
      return readValue(cursor, field.field);
  }
}

/**
 * Structs of two texts, as `readItems` would read them, but ten times as fast: this is what nearly all large messages
 * consist of. `make` is given both texts, and the xsi:type of the second.
 */
function readPairs<T>(
  cursor: ElementCursor,
  itemName: string,
  [firstName, secondName]: readonly [string, string],
  make: (first: string, second: string, type: string) => T,
): T[] {
  const items: T[] = [];
  const run = cursor.pairRun();
  for (;;) {
    while (run.next()) items.push(make(run.first, run.second, run.type));
    if (!cursor.child()) return items;
    if (!cursor.isNamed(itemName)) {
      cursor.skip();
      continue;
    }
    let [first, second, type] = ['', '', ''];
    while (cursor.child()) {
      if (cursor.isNamed(firstName)) {
        run.firstOpened();
        first = cursor.text();
      } else if (cursor.isNamed(secondName)) {
        run.secondOpened();
        type = localType(cursor.attribute('type') ?? '');
        second = cursor.text();
      } else {
        cursor.skip();
      }
    }
    run.learn(type);
    items.push(make(first, second, type));
  }
}

const parameterValue = (name: string, Value: string, Type: string): ParameterValueItem => ({
  Name: trimWhite(name),
  Value,
  Type,
});
const parameterInfo = (name: string, writable: string): ParameterInfo => ({
  Name: trimWhite(name),
  Writable: readBoolean(writable),
});

function readItems(cursor: ElementCursor, itemName: string, item: Field): readonly unknown[] {
  if (item === ParameterValueStruct) return readPairs(cursor, itemName, ['Name', 'Value'], parameterValue);
  if (item === ParameterInfoStruct) return readPairs(cursor, itemName, ['Name', 'Writable'], parameterInfo);
  const items: unknown[] = [];
  while (cursor.child()) {
    if (cursor.isNamed(itemName)) items.push(readValue(cursor, item));
    else cursor.skip();
  }
  return items;
}

/** Reads the child just opened into its place, or skips it; the index of its field, or -1. */
function readMember(cursor: ElementCursor, plan: Plan, values: Values, likely: number): number {
  const index = indexOfChild(cursor, plan.names, likely);
  const [name, field] = [plan.names[index], plan.fields[index]];
  if (name === undefined || field === undefined) {
    cursor.skip();
  } else if (field.kind === 'repeated') {
    const sofar = values[name];
    const items = readRepeated(cursor, field.item);
    values[name] = Array.isArray(sofar) && sofar !== NOTHING ? (sofar.push(...items), sofar) : items;
  } else {
    if (field.kind === 'parameterValue') values['Type'] = localType(cursor.attribute('type') ?? '');
    values[name] = readValue(cursor, field);
  }
  return index;
}

function readPlanned(cursor: ElementCursor, plan: Plan): Values {
  const values: Values = { ...plan.empty };
  let likely = 0;
  while (cursor.child()) likely = readMember(cursor, plan, values, likely) + 1;
  return values;
}

/** One element of a repeated field: a struct of its own, or several below it, each under its type's name. */
function readRepeated(cursor: ElementCursor, item: StructField | ChoiceField): Values[] {
  const structs = item.kind === 'choice' ? item.structs : [item];
  const type = localType(cursor.attribute('type') ?? '');
  const own = item.kind === 'choice' ? structs.find(({ typeName }) => typeName === type) : item;
  const plan = own === undefined ? undefined : planOf(own.fields);
  const tag = ({ typeName }: StructField): Values => (item.kind === 'choice' ? { Type: typeName } : {});
  const values: Values = { ...(own === undefined ? {} : tag(own)), ...plan?.empty };
  let hasMembers = false;
  const items: Values[] = [];
  for (let likely = 0; cursor.child();) {
    const below = structs.find(({ typeName }) => cursor.isNamed(typeName));
    if (below !== undefined) {
      items.push({ ...tag(below), ...readPlanned(cursor, planOf(below.fields)) });
    } else if (plan === undefined) {
      cursor.skip();
    } else {
      likely = readMember(cursor, plan, values, likely) + 1;
      hasMembers ||= likely > 0;
    }
  }
  return hasMembers ? [values, ...items] : items;
}

/** The value of the open element, which is closed thereby. */
export function readFields<F extends Fields>(cursor: ElementCursor, fields: F): ValuesOf<F> {
  // The plan was made from these very fields; TypeScript cannot follow names through a loop.
  return readPlanned(cursor, planOf(fields)) as ValuesOf<F>;
}

/** The name of a mandatory element that did not come: its place still holds the empty value of the plan itself. */
export function findMissing<F extends Fields>(fields: F, values: ValuesOf<F>): string | undefined {
  const { names, fields: kinds, empty } = planOf(fields);
  return names.find((name, index) => {
    const field = kinds[index];
    return field?.kind === 'struct' && field.mandatory === true && (values as Values)[name] === empty[name];
  });
}
