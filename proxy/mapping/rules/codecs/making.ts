// What codecs are put together from. Pure.
import type { Codec, MakeCodec, Written } from '../codec.ts';

type Texts = readonly (string | undefined)[];

export const written = (...texts: Texts): Written => ({ ok: true, texts });
/** Not a value that this device can be given. */
export const refused = (why: string): Written => ({ ok: false, code: 7012, why });

/** CPEs are not particular about white space and case in what they say. */
export const folded = (text: string | undefined): string => (text ?? '').trim().toLowerCase();

/** Words of a list, as CPEs part them: commas, semicolons or blanks. */
export const wordsOf = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((word) => word !== '');

export const isTrue = (text: string | undefined): boolean => ['1', 'true'].includes(folded(text));

/**
 * A codec that shows several texts alike must not turn one into another when a Controller writes what it has read: what is
 * shown already is left as it is. What is written must read back as what was asked for, or it is refused.
 */
export function faithful(codec: Required<Pick<Codec, 'read' | 'write'>>): Codec {
  return {
    read: codec.read,
    readsBefore: true,
    write(value, before) {
      if (before.some((text) => text !== undefined) && codec.read(before) === value) {
        return { ok: true, texts: before.map(() => undefined) };
      }
      const result = codec.write(value, before);
      if (!result.ok) return result;
      const after = codec.read(result.texts.map((text, index) => text ?? before[index]));
      return after === value ? result : refused(`the device would have "${after ?? ''}" then`);
    },
  };
}

/** Of a single parameter, and never written. */
export const reading = (read: (text: string) => string | undefined): Codec => ({
  read: (texts) => (texts[0] === undefined ? undefined : read(texts[0])),
});

/** Of a single parameter; `write` gives undefined for what the device cannot be told. */
export const turning = (
  read: (text: string) => string | undefined,
  write: (value: string) => string | undefined,
): Codec =>
  faithful({
    read: (texts) => (texts[0] === undefined ? undefined : read(texts[0])),
    write: (value) => {
      const text = write(value);
      return text === undefined ? refused(`the device has no "${value}"`) : written(text);
    },
  });

/** A codec without an argument. */
export const plain =
  (codec: Codec): MakeCodec =>
  ({ argument }) =>
    argument === '' ? codec : `it takes no argument, not "${argument}"`;

/** A codec with a list of words as its argument, at least `least` of them. */
export const withWords =
  (least: number, make: (words: readonly string[]) => Codec): MakeCodec =>
  ({ argument }) => {
    const words = argument.split(',').map((word) => word.trim());
    return words.length >= least && !words.includes('') ? make(words) : `it needs ${least} words, parted by commas`;
  };

/** A codec with a number as its argument. */
export const withNumber =
  (make: (number: number, type: Parameters<MakeCodec>[0]['type']) => Codec): MakeCodec =>
  ({ argument, type }) => {
    const number = Number(argument);
    return argument !== '' && Number.isFinite(number) && number > 0 ? make(number, type) : 'it needs a number above 0';
  };
