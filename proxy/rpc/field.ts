// The vocabulary in which the RPCs of TR-069 Annex A are written down: which fields, of which type, in which order.
// Values travel as their lexical text wherever rounding or rejecting could lose something a CPE said (quirk 24).

/** `maxLength` in characters, where TR-069 gives one; it is checked on what Causeway writes, never on what a CPE sends. */
export interface StringField {
  readonly kind: 'string';
  readonly maxLength?: number;
}
/** int and unsignedInt become numbers; every value TR-069 gives these fields is far below 2^53. */
export interface IntegerField {
  readonly kind: 'int' | 'unsignedInt';
}
export interface BooleanField {
  readonly kind: 'boolean';
}
/** The text as sent: clocks of CPEs are unset, zoneless or malformed, and nothing here may refuse them. */
export interface DateTimeField {
  readonly kind: 'dateTime';
}
/** A parameter's value with its xsi:type; only ParameterValueStruct has one. */
export interface ParameterValueField {
  readonly kind: 'parameterValue';
}
export interface StructField<F extends Fields = Fields> {
  readonly kind: 'struct';
  /** The type's name in the CWMP schema, written in arrayType: `EventStruct`. */
  readonly typeName: string;
  readonly fields: F;
}
export interface ArrayField<E extends Field = Field> {
  readonly kind: 'array';
  /** The element's tag: `string` for a plain list, the struct's name otherwise. */
  readonly itemName: string;
  /** As written in soap-enc:arrayType: `xsd:string`, `cwmp:EventStruct`. */
  readonly itemType: string;
  readonly item: E;
}
/** A field that is left out when the value is undefined. */
export interface OptionalField<E extends Field = Field> {
  readonly kind: 'optional';
  readonly field: E;
}
export type Field =
  | StringField
  | IntegerField
  | BooleanField
  | DateTimeField
  | ParameterValueField
  | StructField
  | ArrayField
  | OptionalField;
/** Fields by element name, in the order in which they are written. */
export interface Fields {
  readonly [name: string]: Field;
}

/** `Type` is the xsi:type without prefix, as the CPE spelt it (quirk 18); '' when it sent none. */
export interface ParameterValue {
  readonly Value: string;
  readonly Type: string;
}

type ValueOfOptional<F> = F extends OptionalField<infer E> ? ValueOf<E> : never;
type RequiredNames<F> = { [K in keyof F]: F[K] extends OptionalField ? never : K }[keyof F];
type OptionalNames<F> = { [K in keyof F]: F[K] extends OptionalField ? K : never }[keyof F];

/** The TypeScript type of a field's value. */
export type ValueOf<F> = F extends StringField | DateTimeField
  ? string
  : F extends IntegerField
    ? number
    : F extends BooleanField
      ? boolean
      : F extends StructField<infer S>
        ? ValuesOf<S>
        : F extends ArrayField<infer E>
          ? readonly ValueOf<E>[]
          : never;
/** The TypeScript type of a set of fields; a `parameterValue` field spreads into `Value` and `Type`. */
export type ValuesOf<F> = {
  readonly [K in Exclude<RequiredNames<F>, ParameterValueNames<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalNames<F>]?: ValueOfOptional<F[K]> } & ([ParameterValueNames<F>] extends [never]
    ? unknown
    : ParameterValue);
type ParameterValueNames<F> = { [K in keyof F]: F[K] extends ParameterValueField ? K : never }[keyof F];

export const string = (maxLength?: number): StringField =>
  maxLength === undefined ? { kind: 'string' } : { kind: 'string', maxLength };
export const int: IntegerField = { kind: 'int' };
export const unsignedInt: IntegerField = { kind: 'unsignedInt' };
export const boolean: BooleanField = { kind: 'boolean' };
export const dateTime: DateTimeField = { kind: 'dateTime' };
export const parameterValue: ParameterValueField = { kind: 'parameterValue' };
export const struct = <const F extends Fields>(typeName: string, fields: F): StructField<F> => ({
  kind: 'struct',
  typeName,
  fields,
});
export const optional = <E extends Field>(field: E): OptionalField<E> => ({ kind: 'optional', field });
/** A list of `<string>` elements. */
export const strings = (maxLength?: number): ArrayField<StringField> => ({
  kind: 'array',
  itemName: 'string',
  itemType: 'xsd:string',
  item: string(maxLength),
});
/** A list of structs, each under its own type's name. */
export const arrayOf = <F extends Fields>(item: StructField<F>): ArrayField<StructField<F>> => ({
  kind: 'array',
  itemName: item.typeName,
  itemType: `cwmp:${item.typeName}`,
  item,
});
