// A codec as rules name it, for tests of what it reads and writes.
import type { Codec } from '../../../proxy/mapping/rules/codec.ts';
import { codecs } from '../../../proxy/mapping/rules/codecs/registry.ts';
import type { EnumRule } from '../../../proxy/mapping/rules/document.ts';
import type { BaseType } from '../../../proxy/path/value-type.ts';

type Texts = readonly (string | undefined)[];

const NO_ENUMS: ReadonlyMap<string, EnumRule> = new Map();

/** `as` as in a rule file: `scale:1000`. Throws what the codec says of a bad argument. */
export function codecNamed(as: string, base: BaseType = 'string', enums = NO_ENUMS): Codec {
  const colon = as.indexOf(':');
  const [name, argument] = colon < 0 ? [as, ''] : [as.slice(0, colon), as.slice(colon + 1)];
  const made = codecs.get(name)?.({ argument, enums, type: { base } }) ?? `there is no codec ${name}`;
  if (typeof made === 'string') throw new Error(made);
  return made;
}

/** What is written, item by item; undefined for what is refused. */
export function writtenBy(codec: Codec, value: string, before: Texts): Texts | undefined {
  const result = codec.write?.(value, before);
  return result?.ok === true ? result.texts : undefined;
}

/** The device's texts after a write; undefined for what is refused. */
export function afterWriting(codec: Codec, value: string, before: Texts): Texts | undefined {
  return writtenBy(codec, value, before)?.map((text, index) => text ?? before[index]);
}
