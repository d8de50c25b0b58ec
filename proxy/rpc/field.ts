// The vocabulary in which the RPCs of TR-069 Annex A are written down: which fields, of which type, in which order.
// Values travel as their lexical text wherever rounding or rejecting could lose something a CPE said (quirk 24).

/**
 * A name, key, code or address: white space around it is layout and is dropped on reading (quirk 23).
 * `maxLength` in characters, where TR-069 gives one; it is checked on what Causeway writes, never on what a CPE sends.
 */
export interface StringField {
  readonly kind: 'string';
  readonly maxLength?: number;
}
/** Free text, kept verbatim. */
export interface TextField {
  readonly kind: 'text';
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
export interface StructField<F extends Fields = Fields, N extends string = string> {
  readonly kind: 'struct';
  /** The type's name in the CWMP schema, written in arrayType: `EventStruct`. */
  readonly typeName: N;
  readonly fields: F;
  /** A message without it is refused: no default could stand for it. Everything else that is missing reads as empty. */
  readonly mandatory?: true;
}
export interface ArrayField<E extends Field = Field> {
  readonly kind: 'array';
  /** The element's tag: `string` for a plain list, the struct's name otherwise. */
  readonly itemName: string;
  /** Where the item's type is defined; with `itemName` it makes the soap-enc:arrayType: `xsd:string`, `cwmp:EventStruct`. */
  readonly itemNamespace: 'xsd' | 'cwmp' | 'soapenc';
  readonly item: E;
}
/** One of several structs, told apart by the xsi:type of its element. */
export interface ChoiceField<S extends StructField = StructField> {
  readonly kind: 'choice';
  readonly structs: readonly S[];
}
/**
 * Structs that repeat the field's own element, as the schema of CWMP 1.2 has it for deployment units. Programs that send
 * a SOAP array in its place (one element, the structs below it under their types' names) are understood too.
 */
export interface RepeatedField<E extends StructField | ChoiceField = StructField | ChoiceField> {
  readonly kind: 'repeated';
  readonly item: E;
}
/** A field that is left out when the value is undefined. */
export interface OptionalField<E extends Field = Field> {
  readonly kind: 'optional';
  readonly field: E;
}
export type Field =
  | StringField
  | TextField
  | IntegerField
  | BooleanField
  | DateTimeField
  | ParameterValueField
  | StructField
  | ArrayField
  | RepeatedField
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
export type ValueOf<F> = F extends StringField | TextField | DateTimeField
  ? string
  : F extends IntegerField
    ? number
    : F extends BooleanField
      ? boolean
      : F extends StructField<infer S>
        ? ValuesOf<S>
        : F extends ArrayField<infer E>
          ? readonly ValueOf<E>[]
          : F extends RepeatedField<infer E>
            ? readonly ItemOf<E>[]
            : never;
type ItemOf<E> = E extends ChoiceField<infer S> ? ChosenOf<S> : ValueOf<E>;
/** `Type` names the chosen struct. */
type ChosenOf<S> = S extends StructField<infer F, infer N> ? { readonly Type: N } & ValuesOf<F> : never;
/** The TypeScript type of a set of fields; a `parameterValue` field spreads into `Value` and `Type`. */
export type ValuesOf<F> = {
  readonly [K in Exclude<RequiredNames<F>, ParameterValueNames<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalNames<F>]?: ValueOfOptional<F[K]> } & ([ParameterValueNames<F>] extends [never]
    ? unknown
    : ParameterValue);
type ParameterValueNames<F> = { [K in keyof F]: F[K] extends ParameterValueField ? K : never }[keyof F];

export const string = (maxLength?: number): StringField =>
  maxLength === undefined ? { kind: 'string' } : { kind: 'string', maxLength };
export const text = (maxLength?: number): TextField =>
  maxLength === undefined ? { kind: 'text' } : { kind: 'text', maxLength };
export const int: IntegerField = { kind: 'int' };
export const unsignedInt: IntegerField = { kind: 'unsignedInt' };
export const boolean: BooleanField = { kind: 'boolean' };
export const dateTime: DateTimeField = { kind: 'dateTime' };
export const parameterValue: ParameterValueField = { kind: 'parameterValue' };
export const struct = <const N extends string, const F extends Fields>(typeName: N, fields: F): StructField<F, N> => ({
  kind: 'struct',
  typeName,
  fields,
});
export const mandatory = <F extends Fields, N extends string>(field: StructField<F, N>): StructField<F, N> => ({
  ...field,
  mandatory: true,
});
export const optional = <E extends Field>(field: E): OptionalField<E> => ({ kind: 'optional', field });
/** A list of `<string>` elements. */
export const strings = (maxLength?: number): ArrayField<StringField> => ({
  kind: 'array',
  itemName: 'string',
  itemNamespace: 'xsd',
  item: string(maxLength),
});
/** A list of `<base64>` elements, a type of the SOAP encoding. */
export const base64s: ArrayField<StringField> = {
  kind: 'array',
  itemName: 'base64',
  itemNamespace: 'soapenc',
  item: string(),
};
/** A list of structs, each under its own type's name. */
export const arrayOf = <F extends Fields, N extends string>(
  item: StructField<F, N>,
): ArrayField<StructField<F, N>> => ({
  kind: 'array',
  itemName: item.typeName,
  itemNamespace: 'cwmp',
  item,
});
export const oneOf = <const S extends readonly StructField[]>(...structs: S): ChoiceField<S[number]> => ({
  kind: 'choice',
  structs,
});
export const repeated = <E extends StructField | ChoiceField>(item: E): RepeatedField<E> => ({
  kind: 'repeated',
  item,
});
