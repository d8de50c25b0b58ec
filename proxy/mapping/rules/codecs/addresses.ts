// Addresses, alone and in lists. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import { faithful, folded, plain, turning, withWords, wordsOf, written } from './making.ts';

/** TR-098 has no empty address: nothing is 0.0.0.0 there. */
const NONE = '0.0.0.0';
const shownAddress = (text: string): string => (text.trim() === NONE ? '' : text.trim());

const address = turning(shownAddress, (value) => (value === '' ? NONE : value));

const WITH_COLONS = /^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/;
/** With colons, whatever the CPE parts octets by. */
function shownMac(text: string): string {
  // Nearly all do part them so.
  if (WITH_COLONS.test(text)) return text;
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

/** [mask, address]: Device:2 has the mask as a prefix of the address, 192.168.1.0/24. */
const networkMask = faithful({
  read: ([mask, own]) => {
    if (mask === undefined) return undefined;
    const length = shownAddress(mask) === '' ? undefined : prefixLength(mask);
    const network = shownAddress(own ?? '');
    return length === undefined || network === '' ? '' : `${network}/${length}`;
  },
  write: (value, before) => {
    const length = /\/(\d{1,2})$/.exec(value)?.[1];
    const bits = ''.padStart(Math.min(Number(length ?? 0), 32), '1').padEnd(32, '0');
    const mask = (bits.match(/.{8}/g) ?? []).map((octet) => parseInt(octet, 2)).join('.');
    return written(length === undefined ? '' : mask, ...before.slice(1).map(() => undefined));
  },
});

/** `PVC: 8/35` at the CPE, in the view without the kind of circuit. */
const circuit = turning(
  (text) => text.replace(/(^|,)\s*[PS]VC:\s*/gi, '$1').trim(),
  (value) =>
    value === ''
      ? ''
      : value
          .split(',')
          .map((one) => `PVC: ${one.trim()}`)
          .join(', '),
);

export const addressCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['address', plain(address)],
  ['address-while', withWords(1, whileState)],
  ['mac', plain(mac)],
  ['list', list],
  ['network-mask', plain(networkMask)],
  ['atm.circuit', plain(circuit)],
];
