// Addresses, alone and in lists. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import { faithful, folded, plain, turning, withWords, wordsOf, written } from './making.ts';

/** TR-098 has no empty address: nothing is 0.0.0.0 there. */
const NONE = '0.0.0.0';
const shownAddress = (text: string): string => (text.trim() === NONE ? '' : text.trim());

const address = turning(shownAddress, (value) => (value === '' ? NONE : value));

/** With colons, whatever the CPE parts octets by. */
function shownMac(text: string): string {
  const digits = text.trim().replace(/[:.-]/g, '');
  return /^[0-9A-Fa-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : text.trim();
}
const mac = turning(shownMac, (value) => value);

const listOf = (words: (text: string) => readonly string[], each: (word: string) => string): Codec =>
  faithful({
    read: ([text]) =>
      text === undefined
        ? undefined
        : words(text)
            .map(each)
            .filter((word) => word !== '')
            .join(','),
    write: (value) => written(value),
  });

/** Nokia lists channels for each bandwidth, parted by semicolons: the first list has them all. */
const channelsIn = (text: string): readonly string[] => wordsOf(text.split(';')[0] ?? '');

const lists: Readonly<Record<string, Codec>> = {
  words: listOf(wordsOf, (word) => word),
  int: listOf(wordsOf, (word) => word),
  address: listOf(wordsOf, shownAddress),
  mac: listOf(wordsOf, shownMac),
  channels: listOf(channelsIn, (word) => word),
};
const list: MakeCodec = ({ argument }) => lists[argument] ?? `it needs one of ${Object.keys(lists).join(', ')}`;

/** The address, or list of them, in the first parameter while the second says the word; nothing otherwise. */
const whileState = ([word = '']: readonly string[]): Codec => ({
  read: ([text, state]) => {
    if (text === undefined) return undefined;
    return state === undefined || folded(state) === folded(word)
      ? wordsOf(text)
          .map(shownAddress)
          .filter((item) => item !== '')
          .join(',')
      : '';
  },
});

/** 255.255.255.0 → 24; undefined for what is no mask. */
export function prefixLength(mask: string): number | undefined {
  const octets = mask.trim().split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255))
    return undefined;
  const bits = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replace(/0+$/, '').length : undefined;
}

/** An address and its mask at the CPE, one prefix in the view: 192.168.1.0/24. */
const prefix = faithful({
  read: ([ip, mask]) => {
    if (ip === undefined) return undefined;
    const own = shownAddress(ip);
    const length = mask === undefined || shownAddress(mask) === '' ? undefined : prefixLength(mask);
    return own === '' || length === undefined ? own : `${own}/${length}`;
  },
  write: (value) => {
    const [ip = '', length = '32'] = value.split('/');
    if (ip === '') return written('', '');
    const bits = ''.padStart(Number(length), '1').padEnd(32, '0');
    return written(ip, (bits.match(/.{8}/g) ?? []).map((octet) => parseInt(octet, 2)).join('.'));
  },
});

export const addressCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['address', plain(address)],
  ['address-while', withWords(1, whileState)],
  ['mac', plain(mac)],
  ['list', list],
  ['prefix', plain(prefix)],
];
