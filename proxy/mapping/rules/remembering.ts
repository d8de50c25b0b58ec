// Codecs that take lists and sets of words apart cost microseconds a value, and devices say the same few things: what they
// made of the last texts is kept. Of words only, never of what may be secret or a device's own.
import type { Codec } from './codec.ts';

const KEPT = 128;
const FAMILIES = /^(?:enum|enum-list|list|wifi\.(?!wep-key)[\w.-]+|wps\.(?!pin)[\w.-]+)$/;

/** By a codec's name in rules. */
export const isWorthKeeping = (name: string): boolean => FAMILIES.test(name);

/** The same codec, which reads the same texts once. */
export function remembering(codec: Codec): Codec {
  const known = new Map<string, string | undefined>();
  return {
    ...codec,
    read(texts) {
      // What is not there is no empty text.
      const key =
        texts.length === 1 ? texts[0] : texts.map((text) => (text === undefined ? '-' : `+${text}`)).join('\n');
      if (key === undefined) return codec.read(texts);
      const found = known.get(key);
      if (found !== undefined || known.has(key)) return found;
      if (known.size >= KEPT) known.clear();
      const value = codec.read(texts);
      known.set(key, value);
      return value;
    },
  };
}
