// A second opinion on what was written: read by saxes, and taken apart by the letter of the schema. Nothing is lenient
// here: elements in their order and no others, exact arrayType, prefixes as they are due.
import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';
import type { ArrayField, Field, Fields, StructField } from '../../proxy/rpc/field.ts';
import type { Values } from './rpc-values.ts';

export interface Element {
  readonly name: string;
  readonly uri: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The root element. Throws where the document is not well-formed or leaves a prefix undeclared. */
export function parse(text: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const document: Element = { name: '', uri: '', attributes: {}, children: [], text: '' };
  const open = [document];
  parser.on('opentag', ({ name, uri, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
    const element: Element = { name, uri, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const append = (data: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += data;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return only(document);
}

export function only(parent: Element, name?: string): Element {
  const [child, ...others] = parent.children;
  assert.ok(child !== undefined && others.length === 0, `${parent.name} has one child`);
  if (name !== undefined) assert.equal(child.name, name);
  return child;
}

function integer(text: string): number {
  assert.match(text, /^-?\d+$/);
  return Number(text);
}

function items(element: Element, field: ArrayField, encoding: string): unknown[] {
  const prefix = field.itemNamespace === 'soapenc' ? encoding : field.itemNamespace;
  const arrayType = `${prefix}:${field.itemName}[${element.children.length}]`;
  assert.deepEqual(element.attributes, { [`${encoding}:arrayType`]: arrayType });
  return element.children.map((child) => {
    assert.equal(child.name, field.itemName);
    return valueOf(child, field.item, encoding);
  });
}

function valueOf(element: Element, field: Field, encoding: string): unknown {
  switch (field.kind) {
    case 'string':
    case 'text':
    case 'dateTime':
      assert.equal(element.children.length, 0);
      return element.text;
    case 'int':
    case 'unsignedInt':
      return integer(element.text);
    case 'boolean':
      assert.match(element.text, /^[01]$/);
      return element.text === '1';
    case 'struct':
      return valuesOf(element, field.fields, encoding);
    case 'array':
      return items(element, field, encoding);
    case 'optional':
      return valueOf(element, field.field, encoding);
    case 'repeated':
    case 'parameterValue':
      return assert.fail(`${field.kind} is no field of one element`);
  }
}

function chosen(element: Element, structs: readonly StructField[], encoding: string): Values {
  const type = element.attributes['xsi:type'] ?? '';
  const struct = structs.find(({ typeName }) => `cwmp:${typeName}` === type);
  assert.ok(struct, `${type} is one of the choice`);
  return { Type: struct.typeName, ...valuesOf(element, struct.fields, encoding) };
}

/** The values that the element's children hold, which are to be those of the fields, in order. */
export function valuesOf(element: Element, fields: Fields, encoding: string): Values {
  const values: Values = {};
  let next = 0;
  const take = (name: string): Element | undefined =>
    element.children[next]?.name === name ? element.children[next++] : undefined;
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === 'repeated') {
      const { item } = field;
      const list: Values[] = [];
      for (let child = take(name); child !== undefined; child = take(name)) {
        list.push(
          item.kind === 'choice' ? chosen(child, item.structs, encoding) : valuesOf(child, item.fields, encoding),
        );
      }
      values[name] = list;
      continue;
    }
    const child = take(name);
    if (child === undefined) {
      assert.equal(field.kind, 'optional', `${name} is there`);
    } else if (field.kind === 'parameterValue') {
      values[name] = child.text;
      values['Type'] = child.attributes['xsi:type']?.replace(/^xsd:/, '');
    } else {
      values[name] = valueOf(child, field, encoding);
    }
  }
  assert.equal(next, element.children.length, `${element.name} has no other children`);
  return values;
}
