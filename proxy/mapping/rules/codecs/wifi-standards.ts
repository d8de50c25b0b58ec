// Wireless standards, which every vendor spells in its own way: `n`, `bgn`, `11bgn`, `b,g,n`, `b/g/n`. Pure.
import type { MakeCodec } from '../codec.ts';
import { faithful, plain, refused, written } from './making.ts';
import { bandIn, type Band } from './wifi-radio.ts';

const ORDER = ['a', 'b', 'g', 'n', 'ac', 'ax', 'be'] as const;
type Standard = (typeof ORDER)[number];

/** A single name of a generation means the ones before it too, as far as they are of the band. */
const IMPLIED: Readonly<Record<Band, readonly Standard[]>> = {
  '2.4GHz': ['b', 'g', 'n', 'ax', 'be'],
  '5GHz': ['a', 'n', 'ac', 'ax', 'be'],
  '6GHz': ['ax', 'be'],
};

const inOrder = (standards: Iterable<Standard>): readonly Standard[] => {
  const set = new Set(standards);
  return ORDER.filter((standard) => set.has(standard));
};

/** `anac` → a, n, ac. Undefined for what is no standard. */
function tokensOf(text: string): readonly Standard[] | undefined {
  const found = text.match(/ax|ac|be|[abgn]/g) ?? [];
  const known = found.flatMap((token) => ORDER.filter((standard) => standard === token));
  return known.join('') === text ? known : undefined;
}

function upTo(last: Standard, band: Band | undefined): readonly Standard[] {
  // TR-098: g is b and g. What is newer than b, g and n says its band by itself, if nothing else does.
  const own = IMPLIED[band ?? (last === 'ac' || last === 'a' ? '5GHz' : '2.4GHz')];
  const end = own.indexOf(last);
  return end < 0 ? [last] : own.slice(0, end + 1);
}

function standardsIn(text: string, band: Band | undefined): readonly Standard[] | undefined {
  const spelling = text.trim().toLowerCase();
  if (spelling === 'g-only') return ['g'];
  const bare = spelling.replaceAll('802.', '').replace(/^11/, '');
  const parted = bare.split(/[\s,/;+-]+/).filter((part) => part !== '');
  const tokens = parted.map((part) => tokensOf(part.replace(/^11/, '')));
  if (tokens.length === 0 || !tokens.every((part) => part !== undefined)) return undefined;
  const all = tokens.flat();
  const [only] = all;
  return all.length === 1 && only !== undefined ? inOrder(upTo(only, band)) : inOrder(all);
}

/** How a CPE that has spelt it so would spell these. */
function spellings(standards: readonly Standard[], before: string): readonly string[] {
  const last = standards.at(-1) ?? '';
  const together = standards.join('');
  if (/^11/.test(before.trim())) return [`11${together}`, `11${last}`];
  if (before.includes(',')) return [standards.join(',')];
  if (before.includes('/')) return [standards.join('/')];
  const isSingle = /^\s*(?:ax|ac|be|[abgn]|g-only)\s*$/i.test(before);
  const single = together === 'g' ? 'g-only' : last;
  return isSingle || before.trim() === '' ? [single] : [together];
}

const sameAs = (one: readonly string[] | undefined, other: readonly string[]): boolean =>
  one !== undefined && one.length === other.length && one.every((item, index) => item === other[index]);

/** [Standard, Channel, PossibleChannels] */
const standards = faithful({
  read: ([text, ...channels]) => {
    if (text === undefined) return undefined;
    return standardsIn(text, bandIn(channels))?.join(',') ?? text;
  },
  write: (value, [before = '', ...channels]) => {
    const wanted = inOrder(value.split(',').flatMap((item) => tokensOf(item.trim()) ?? []));
    const spelling = spellings(wanted, before)
      .map((text) => (/^11a?n?ac$/.test(text) ? '11ac' : text))
      .find((text) => sameAs(standardsIn(text, bandIn(channels)), wanted));
    if (wanted.length === 0 || spelling === undefined) return refused(`the device has no name for "${value}"`);
    return written(spelling, ...channels.map(() => undefined));
  },
});

/** TR-098 does not say what a radio could do: what its band has up to 802.11n and 11ac, and what it does now. */
const supported: MakeCodec = plain({
  read: ([text, ...channels]) => {
    if (text === undefined) return undefined;
    const band = bandIn(channels);
    const now = standardsIn(text, band) ?? [];
    const least =
      band === undefined ? [] : band === '2.4GHz' ? upTo('n', band) : upTo(band === '5GHz' ? 'ac' : 'ax', band);
    return inOrder([...least, ...now]).join(',');
  },
});

export const wifiStandardCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['wifi.standards', plain(standards)],
  ['wifi.standards-supported', supported],
];
