// Reads the arguments of an RPC. What is missing or of the wrong type is fault 9003, as TR-069 A.5.1 has it.
import { fault, type Fault } from '../faults.ts';
import { childOf, textOf, type Element } from '../soap-read.ts';

export type FieldType = 'string' | 'boolean' | 'int' | 'unsignedInt';
type ValueOf<T extends FieldType> = T extends 'string' ? string : T extends 'boolean' ? boolean : number;
export type Values<F extends Readonly<Record<string, FieldType>>> = { readonly [K in keyof F]: ValueOf<F[K]> };

function readValue(text: string, type: FieldType): string | boolean | number | undefined {
  const trimmed = text.trim();
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      return /^(1|true)$/.test(trimmed) ? true : /^(0|false)$/.test(trimmed) ? false : undefined;
    case 'int':
      return /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
    case 'unsignedInt':
      return /^\+?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
  }
}

export function readArguments<const F extends Readonly<Record<string, FieldType>>>(
  element: Element,
  fields: F,
): Values<F> | Fault {
  const values: Record<string, string | boolean | number> = {};
  for (const [name, type] of Object.entries(fields)) {
    const text = textOf(element, name);
    if (text === undefined) return fault(9003, `${name} is missing`);
    const value = readValue(text, type);
    if (value === undefined) return fault(9003, `${name} is no ${type}`);
    values[name] = value;
  }
  // Each field was just read by its own type.
  return values as Values<F>;
}

/** The items of an array, or a fault when the array or an item of another name is there instead. */
export function readItems(element: Element, name: string, itemName: string): readonly Element[] | Fault {
  const array = childOf(element, name);
  if (array === undefined) return fault(9003, `${name} is missing`);
  const stranger = array.children.find(({ local }) => local !== itemName);
  return stranger === undefined ? array.children : fault(9003, `${name} holds a ${stranger.local}`);
}

export const isFault = (read: object): read is Fault => 'kind' in read && read.kind === 'fault';
