// What a CPE wants to say, before any dialect has spelt it: values, structs and arrays by their CWMP names.
import type { ValueType } from './value-type.ts';

export interface Text {
  readonly kind: 'text';
  readonly name: string;
  readonly text: string;
}
/** A parameter's value, the only thing that carries an xsi:type in every dialect. */
export interface Value {
  readonly kind: 'value';
  readonly name: string;
  readonly text: string;
  /** `object` is what one program says in place of the values below a partial path (quirk 18). */
  readonly type: ValueType | 'object';
}
export interface Flag {
  readonly kind: 'flag';
  readonly name: string;
  readonly value: boolean;
}
export interface Moment {
  readonly kind: 'moment';
  readonly name: string;
  /** Milliseconds since 1970; undefined is the unknown time. */
  readonly at: number | undefined;
}
export interface Struct {
  readonly kind: 'struct';
  readonly name: string;
  readonly children: readonly Content[];
}
/** `itemType` is a struct of CWMP or, for plain strings, `string`. */
export interface List {
  readonly kind: 'list';
  readonly name: string;
  readonly itemType: string;
  readonly items: readonly Content[];
}
export type Content = Text | Value | Flag | Moment | Struct | List;

export const text = (name: string, content: string | number): Text => ({ kind: 'text', name, text: String(content) });
export const value = (content: string, type: Value['type']): Value => ({
  kind: 'value',
  name: 'Value',
  text: content,
  type,
});
export const flag = (name: string, on: boolean): Flag => ({ kind: 'flag', name, value: on });
export const moment = (name: string, at: number | undefined): Moment => ({ kind: 'moment', name, at });
export const struct = (name: string, ...children: readonly Content[]): Struct => ({ kind: 'struct', name, children });
export const list = (name: string, itemType: string, items: readonly Content[]): List => ({
  kind: 'list',
  name,
  itemType,
  items,
});
export const strings = (name: string, items: readonly string[]): List =>
  list(
    name,
    'string',
    items.map((item) => text('string', item)),
  );
