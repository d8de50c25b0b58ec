// Between texts of the CPE and one value of the view. A codec is pure and total: what it cannot read it shows as it came,
// what it cannot write it refuses.
import type { ValueType } from '../../path/value-type.ts';
import type { EnumRule } from './document.ts';

/** What a codec is told of where it stands; the same for every device with the same files. */
export interface CodecPlace {
  /** What stands behind the colon. */
  readonly argument: string;
  readonly enums: ReadonlyMap<string, EnumRule>;
  /** Of the parameter of the view; undefined where the standard does not know it. */
  readonly type: ValueType | undefined;
}

/** A text for each parameter of `from`; undefined leaves it alone. */
export type Written =
  | { readonly ok: true; readonly texts: readonly (string | undefined)[] }
  | { readonly ok: false; readonly code: 7011 | 7012; readonly why: string };

export interface Codec {
  /** `texts` in the order of `from`, undefined for what the CPE did not tell. Undefined: there is no value. */
  read(texts: readonly (string | undefined)[]): string | undefined;
  /** `before`: the texts as they are, where they were read; absent: it cannot be written. */
  write?(value: string, before: readonly (string | undefined)[]): Written;
  /** All that reading does is to spell one text as this type has it: nearly every value is such a one. */
  readonly spells?: ValueType;
  /** It must know `before` to write. */
  readonly readsBefore?: boolean;
}

/** Undefined: there is no codec of that name, or the argument is none of its own; the text says why. */
export type MakeCodec = (place: CodecPlace) => Codec | string;
