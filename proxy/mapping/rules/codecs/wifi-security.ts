// Security of an access point: TR-098 has it in half a dozen parameters, Device:2 in one word. Pure.
import type { Codec, MakeCodec, Written } from '../codec.ts';
import { isHexadecimal } from '../../../path/binary.ts';
import { faithful, folded, plain, reading, refused, written } from './making.ts';

type Texts = readonly (string | undefined)[];

const isWep64 = (level: string | undefined): boolean => folded(level).includes('40') && !folded(level).includes('104');

/** Which parameters say more: those for WPA, for 802.11i (WPA2), or for both, where a firmware has such. */
type By = 'wpa' | '11i' | 'both' | 'wpa3';
interface Beacon {
  readonly mode: string;
  readonly by: By;
}

/** WPA3 has no word in TR-098; these are seen at devices. */
const BEACONS: Readonly<Record<string, Beacon>> = {
  wpa: { mode: 'WPA', by: 'wpa' },
  basicandwpa: { mode: 'WPA', by: 'wpa' },
  '11i': { mode: 'WPA2', by: '11i' },
  wpa2: { mode: 'WPA2', by: '11i' },
  basicand11i: { mode: 'WPA2', by: '11i' },
  wpaand11i: { mode: 'WPA-WPA2', by: 'both' },
  basicandwpaand11i: { mode: 'WPA-WPA2', by: 'both' },
  wpa3: { mode: 'WPA3', by: 'wpa3' },
  '11iandwpa3': { mode: 'WPA3-Transition', by: 'wpa3' },
  'wpa2/wpa3': { mode: 'WPA3-Transition', by: 'wpa3' },
  wpa2andwpa3: { mode: 'WPA3-Transition', by: 'wpa3' },
};

const choose = (by: By, wpa: string | undefined, ieee11i: string | undefined, both: string | undefined) =>
  by === 'wpa' ? wpa : by === '11i' ? ieee11i : (both ?? ieee11i);

/**
 * [BeaconType, BasicEncryptionModes, BasicAuthenticationMode, WPAAuthenticationMode, IEEE11iAuthenticationMode,
 * WEPEncryptionLevel, and one for two of them together, where a firmware has it]
 */
function modeOf([beacon, encryption, , wpa, ieee11i, level, both]: Texts): string | undefined {
  if (beacon === undefined) return undefined;
  const known = BEACONS[folded(beacon)];
  if (known !== undefined) {
    const isEnterprise = folded(choose(known.by, wpa, ieee11i, both)).startsWith('eap');
    if (known.mode === 'WPA3-Transition') return isEnterprise ? 'WPA3-Enterprise' : 'WPA3-Personal-Transition';
    return `${known.mode}-${isEnterprise ? 'Enterprise' : 'Personal'}`;
  }
  if (folded(beacon) === 'owe') return 'OWE';
  if (folded(beacon) === 'none') return 'None';
  if (folded(beacon) !== 'basic') return beacon;
  if (!folded(encryption).startsWith('wep')) return 'None';
  return isWep64(level) ? 'WEP-64' : 'WEP-128';
}

const PSK = 'PSKAuthentication';
const EAP = 'EAPAuthentication';
/** What is told for each mode, in the order of modeOf. */
const TOLD: Readonly<Record<string, Texts>> = {
  None: ['Basic', 'None', 'None'],
  'WEP-64': ['Basic', 'WEPEncryption', 'None'],
  'WEP-128': ['Basic', 'WEPEncryption', 'None'],
  'WPA-Personal': ['WPA', undefined, undefined, PSK],
  'WPA-Enterprise': ['WPA', undefined, undefined, EAP],
  'WPA2-Personal': ['11i', undefined, undefined, undefined, PSK],
  'WPA2-Enterprise': ['11i', undefined, undefined, undefined, EAP],
  'WPA-WPA2-Personal': ['WPAand11i', undefined, undefined, PSK, PSK, undefined, PSK],
  'WPA-WPA2-Enterprise': ['WPAand11i', undefined, undefined, EAP, EAP, undefined, EAP],
};

/** [word for WPA3, word for WPA2 and WPA3, and the same of the parameter for both] */
const toldOfWpa3 = ([alone, both, sae, pskAndSae]: Texts): Readonly<Record<string, Texts>> => {
  const unchanged = [undefined, undefined, undefined, undefined, undefined];
  return {
    'WPA3-Personal': [alone, ...unchanged, sae],
    'WPA3-Personal-Transition': [both, ...unchanged, pskAndSae],
    'WPA3-Enterprise': [alone, ...unchanged, EAP],
  };
};

const tellMode =
  (told: Readonly<Record<string, Texts>>) =>
  (value: string, before: Texts): Written => {
    const texts = told[value];
    if (texts === undefined) return refused(`TR-098 has no word for ${value}`);
    // A device without parameters for WPA's or 802.11i's authentication would go on with another one.
    const lacks = texts.some(
      (text, index) => text !== undefined && OF_STANDARD.has(index) && before[index] === undefined,
    );
    const isKnown = before.some((text) => text !== undefined);
    if (lacks && isKnown && value.endsWith('Enterprise')) return refused('the device has no parameter for it');
    return written(...before.map((_, index) => texts[index]));
  };
/** WPAAuthenticationMode, IEEE11iAuthenticationMode */
const OF_STANDARD: ReadonlySet<number> = new Set([3, 4]);

/** `wifi.mode`, or `wifi.mode:WPA3,11iandWPA3` with the words of devices that have WPA3. */
const mode: MakeCodec = ({ argument }) => {
  const words = argument === '' ? [] : argument.split(',').map((word) => word.trim());
  if (words.length === 1)
    return 'it takes two words for WPA3, alone and beside WPA2, and two more of another parameter';
  const told = words.length === 0 ? TOLD : { ...TOLD, ...toldOfWpa3(words) };
  return faithful({ read: modeOf, write: tellMode(told) });
};

const STANDARD_MODES =
  'None,WEP-64,WEP-128,WPA-Personal,WPA2-Personal,WPA-WPA2-Personal,WPA-Enterprise,WPA2-Enterprise,WPA-WPA2-Enterprise';
const WPA3_MODES = 'WPA3-Personal,WPA3-Personal-Transition,WPA3-Enterprise';
/** What TR-098 has words for; of WPA3 nobody knows whether a device can, but of one that does. */
const modesSupported = reading((beacon) =>
  BEACONS[folded(beacon)]?.by === 'wpa3' ? `${STANDARD_MODES},${WPA3_MODES}` : STANDARD_MODES,
);

const ENCRYPTIONS: Readonly<Record<string, string>> = {
  tkipencryption: 'TKIP',
  aesencryption: 'AES',
  tkipandaesencryption: 'TKIP,AES',
  wepandtkipencryption: 'TKIP',
  wepandaesencryption: 'AES',
  wepandtkipandaesencryption: 'TKIP,AES',
};
const ENCRYPTION_TOLD: Readonly<Record<string, string>> = {
  TKIP: 'TKIPEncryption',
  AES: 'AESEncryption',
  'TKIP,AES': 'TKIPandAESEncryption',
  'AES,TKIP': 'TKIPandAESEncryption',
};

/** [BeaconType, WPAEncryptionModes, IEEE11iEncryptionModes, and one for both]: that of the beacon; WPA3 has but AES. */
const encryption: Codec = faithful({
  read: ([beacon, wpa, ieee11i, both]) => {
    const known = BEACONS[folded(beacon)];
    if (known === undefined) return beacon === undefined ? undefined : '';
    const own = choose(known.by, wpa, ieee11i, both) ?? wpa ?? ieee11i;
    const shown = own === undefined ? undefined : (ENCRYPTIONS[folded(own)] ?? '');
    return known.by === 'wpa3' ? shown || 'AES' : shown;
  },
  write: (value, before) => {
    const [beacon] = before;
    const told = ENCRYPTION_TOLD[value.replaceAll(' ', '')];
    if (told === undefined) return refused(`TR-098 has no word for "${value}"`);
    const by = BEACONS[folded(beacon)]?.by;
    const all = beacon === undefined || by === 'both';
    const texts = [undefined, all || by === 'wpa' ? told : undefined, all || by !== 'wpa' ? told : undefined];
    return written(...[...texts, all || by === 'wpa3' ? told : undefined].slice(0, before.length));
  },
});

/** [WEPKeyIndex, WEPKey.1 … WEPKey.4]: Device:2 has one key, that is the one in use. */
const wepKey: Codec = faithful({
  read: ([index, ...keys]) => (index === undefined ? undefined : keys[Math.max(Number(index) || 1, 1) - 1]?.trim()),
  write: (value, [index, ...keys]) => {
    if (!isHexadecimal(value)) return refused('it is no key of hexadecimal digits');
    const place = Math.max(Number(index) || 1, 1) - 1;
    return written(undefined, ...keys.map((_, at) => (at === place ? value : undefined)));
  },
});

export const wifiSecurityCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['wifi.mode', mode],
  ['wifi.modes-supported', plain(modesSupported)],
  ['wifi.encryption', plain(encryption)],
  ['wifi.wep-key', plain(wepKey)],
];
