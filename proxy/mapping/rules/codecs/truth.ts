// Between booleans and words. Pure.
import type { MakeCodec } from '../codec.ts';
import { faithful, folded, isTrue, plain, refused, turning, withWords, written } from './making.ts';

/** What the CPE must be told for true or false; undefined: one of several words, and nobody knows which. */
const told = (value: string, yes: string | undefined, no: string | undefined): string | undefined =>
  isTrue(value) ? yes : no;

export const truthCodecs: readonly (readonly [string, MakeCodec])[] = [
  // `either:Enabled,Disabled`: the word for a boolean of the CPE.
  [
    'either',
    withWords(2, ([yes = '', no = '']) =>
      turning(
        (text) => (isTrue(text) ? yes : no),
        (value) => (value === yes ? '1' : value === no ? '0' : undefined),
      ),
    ),
  ],
  // `equals:DHCP,Static`: whether the CPE says DHCP; where it shall not, it is told Static.
  [
    'equals',
    withWords(1, ([word = '', other]) =>
      turning(
        (text) => String(folded(text) === folded(word)),
        (value) => told(value, word, other),
      ),
    ),
  ],
  // `differs:Off,Active`: whether the CPE says anything but Off; where it shall, it is told Active.
  [
    'differs',
    withWords(1, ([word = '', other]) =>
      turning(
        (text) => String(folded(text) !== folded(word) && folded(text) !== ''),
        (value) => told(value, other, word),
      ),
    ),
  ],
  [
    'negated',
    plain(
      turning(
        (text) => String(!isTrue(text)),
        (value) => (isTrue(value) ? '0' : '1'),
      ),
    ),
  ],
  // Whether the CPE has the parameter at all.
  ['present', plain({ read: (texts) => (texts.some((text) => text !== undefined) ? 'true' : undefined) })],
  // Several booleans of the CPE, of which one is enough; false is written to all.
  [
    'any',
    plain(
      faithful({
        read: (texts) => {
          const known = texts.filter((text) => text !== undefined);
          return known.length === 0 ? undefined : String(known.some(isTrue));
        },
        write: (value, before) =>
          isTrue(value) && before.length > 1
            ? refused('the device has several of them: which one is meant nobody knows')
            : written(...before.map(() => (isTrue(value) ? '1' : '0'))),
      }),
    ),
  ],
];
