// Texts, octets and lists of words. Pure.
import { isHexadecimal, normaliseBase64 } from '../../../path/binary.ts';
import type { Codec, MakeCodec } from '../codec.ts';
import {
  faithful,
  folded,
  plain,
  reading,
  refused,
  turning,
  withNumber,
  withWords,
  wordsOf,
  written,
} from './making.ts';

/** Never between the two halves of one character. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

const hexOfText = (text: string): string =>
  text
    .trim()
    .replace(/^0x/i, '')
    .replace(/[\s:-]/g, '');
/** A text of hexadecimal digits at the CPE, hexBinary in the view; what is none is shown as it came. */
const hex = turning(
  (text) => {
    const digits = hexOfText(text);
    return isHexadecimal(digits) ? digits : text;
  },
  (value) => (isHexadecimal(value) ? value : undefined),
);

/** Octets: base64 at the CPE, hexadecimal in the view. */
const base64 = turning(
  (text) => {
    const normal = normaliseBase64(text);
    return normal === undefined ? text : Buffer.from(normal, 'base64').toString('hex').toUpperCase();
  },
  (value) => (isHexadecimal(value) ? Buffer.from(value, 'hex').toString('base64') : undefined),
);

/** A text at the CPE, in the view the octets that it is sent as. */
const textOctets = reading((text) => Buffer.from(text, 'utf8').toString('hex').toUpperCase());

/** Several parameters, each with one item, are a list. */
const joined = faithful({
  read: (texts) =>
    texts.every((text) => text === undefined)
      ? undefined
      : texts
          .map((text) => (text ?? '').trim())
          .filter((text) => text !== '')
          .join(','),
  write: (value, before) => {
    const items = value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return items.length > before.length
      ? refused(`the device has room for ${before.length}`)
      : written(...before.map((_, index) => items[index] ?? ''));
  },
});

/** One item of a list, by its place counted from 1. */
const item: MakeCodec = ({ argument }) => {
  // The engine puts the number there; as the rule has it, it stands for rows that are not there.
  const place = argument === '{item}' ? 1 : Number(argument);
  if (!Number.isInteger(place) || place < 1) return 'its argument is a place in the list';
  const itemsIn = (text: string): readonly string[] => text.split(',').map((word) => word.trim());
  return faithful({
    read: ([text]) => (text === undefined ? undefined : itemsIn(text)[place - 1]),
    write: (value, [text = '']) => {
      const items = itemsIn(text);
      if (value.includes(',')) return refused('it is one item of a list');
      return place > items.length
        ? refused('the list has become shorter')
        : written(items.map((old, index) => (index === place - 1 ? value : old)).join(','));
    },
  });
};

/** A number of a row at the CPE (-1 or 0: none), in the view the path of the row of that number. */
const row = ([table = '']: readonly string[]): Codec =>
  turning(
    (text) => (Number(text) > 0 ? `Device.${table}.${text.trim()}` : ''),
    (value) => {
      if (value === '') return '-1';
      const number = /\.(\d+)\.?$/.exec(value)?.[1];
      return number !== undefined && value.replace(/\.$/, '') === `Device.${table}.${number}` ? number : undefined;
    },
  );

/** Of a list of the CPE the first that is one of the words; the last of the words where none is. */
const firstOf = (words: readonly string[]) =>
  reading((text) => {
    const wanted = wordsOf(text).map(folded);
    const known = (word: string): boolean => wanted.includes(folded(word));
    return words.slice(0, -1).find(known) ?? words.at(-1);
  });

export const textCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['truncated', withNumber((length) => reading((text) => cut(text, length)))],
  ['hex', plain(hex)],
  ['base64', plain(base64)],
  ['text-octets', plain(textOctets)],
  ['joined', plain(joined)],
  ['item', item],
  ['first-of', withWords(2, firstOf)],
  ['row', withWords(1, row)],
];
