// Units, and numbers that are words. Pure.
import type { ValueType } from '../../../path/value-type.ts';
import type { Codec, MakeCodec } from '../codec.ts';
import { plain, reading, turning, withNumber, withWords } from './making.ts';

const NUMBER = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;
const numberIn = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);

/** Never `1e+21`; of a decimal no more digits than a unit can need. */
const spelt = (number: number, whole: boolean): string =>
  whole ? BigInt(Math.round(number)).toString() : String(Number(number.toFixed(6)));

const isWhole = (type: ValueType | undefined): boolean => type?.base !== 'decimal' && type?.base !== 'string';

/** What the CPE has times `factor` is what the view has. */
const scaled = (factor: number, type: ValueType | undefined): Codec =>
  turning(
    (text) => {
      const number = numberIn(text);
      return number === undefined ? text : spelt(number * factor, isWhole(type));
    },
    (value) => {
      const number = numberIn(value);
      return number === undefined ? undefined : spelt(number / factor, true);
    },
  );

/** Ethernet's rates in Mbit/s: TR-098 says Auto where Device:2 has -1. */
const bitRate = turning(
  (text) => (/^\s*auto/i.test(text) ? '-1' : text.trim()),
  (value) => (value === '-1' ? 'Auto' : value),
);

/** TR-098 has narrower bounds than Device:2. */
const within = ([low = '', high = '']: readonly string[]): Codec =>
  turning(
    (text) => text.trim(),
    (value) => (Number(value) >= Number(low) && Number(value) <= Number(high) ? value : undefined),
  );

/** A number below 0 stands for none, and none is shown. */
const unsigned = turning(
  (text) => (Number(text) < 0 ? undefined : text.trim()),
  (value) => value,
);

const MEGA = 1_000_000;
/** Nobody has a line of less than 10 kbit/s; a CPE that tells so little means Mbit/s. */
const LEAST_BITS = 10_000;
const megabitsIn = (text: string): number | undefined => {
  const number = numberIn(text);
  return number === undefined || number < LEAST_BITS ? number : number / MEGA;
};
/** The highest of several rates, since who does not know one of them tells 0. */
const megabits: Codec = {
  read: (texts) => {
    const told = texts.filter((text) => text !== undefined);
    const rates = told.map(megabitsIn).filter((rate) => rate !== undefined);
    return rates.length === 0 ? told[0] : spelt(Math.max(...rates), true);
  },
};

/** Levels in thousandths of a dBm, in the steps of two that Device:2 has. */
const level = (dBm: number): string => {
  const bounded = Math.min(Math.max(Math.round((dBm * 1000) / 2) * 2, -65_536), 65_534);
  return String(bounded);
};
const decibels = reading((text) => {
  // `-21.5 dBm`, `-21.5dBm`.
  const number = numberIn(text.replace(/\s*dBm\s*$/i, ''));
  return number === undefined ? undefined : level(number);
});
/** Tenths of a microwatt, as CMCC's and CT-COM's parameters have them. */
const tenthMicrowatts = reading((text) => {
  const number = numberIn(text);
  return number === undefined || number <= 0 ? undefined : level(10 * Math.log10(number / 10_000));
});

export const numberCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['scale', withNumber(scaled)],
  ['unsigned', plain(unsigned)],
  ['within', withWords(2, within)],
  ['bit-rate', plain(bitRate)],
  ['megabits', plain(megabits)],
  ['decibels', plain(decibels)],
  ['tenth-microwatts', plain(tenthMicrowatts)],
  // Where the CPE has a word (Auto), nobody knows the number.
  ['number-or-zero', plain(reading((text) => (numberIn(text) === undefined ? '0' : text.trim())))],
];
