// Security of an access point: TR-098 has it in half a dozen parameters, Device:2 in one word. Pure.
import type { Codec, MakeCodec, Written } from '../codec.ts';
import { isHexadecimal } from '../../../path/binary.ts';
import { faithful, folded, plain, refused, written } from './making.ts';

type Texts = readonly (string | undefined)[];

const isWep64 = (level: string | undefined): boolean => folded(level).includes('40') && !folded(level).includes('104');

/** Which of the parameters for WPA and for 802.11i count, by the beacon. */
const BEACONS: Readonly<Record<string, { readonly mode: string; readonly by: 'wpa' | '11i' }>> = {
  wpa: { mode: 'WPA', by: 'wpa' },
  basicandwpa: { mode: 'WPA', by: 'wpa' },
  '11i': { mode: 'WPA2', by: '11i' },
  wpa2: { mode: 'WPA2', by: '11i' },
  basicand11i: { mode: 'WPA2', by: '11i' },
  wpaand11i: { mode: 'WPA-WPA2', by: '11i' },
  basicandwpaand11i: { mode: 'WPA-WPA2', by: '11i' },
};

/** [BeaconType, BasicEncryptionModes, BasicAuthenticationMode, WPAAuthenticationMode, IEEE11iAuthenticationMode, WEPEncryptionLevel] */
function modeOf([beacon, encryption, , wpa, ieee11i, level]: Texts): string | undefined {
  if (beacon === undefined) return undefined;
  const known = BEACONS[folded(beacon)];
  if (known !== undefined) {
    const authentication = folded(known.by === 'wpa' ? wpa : ieee11i);
    return `${known.mode}-${authentication.startsWith('eap') ? 'Enterprise' : 'Personal'}`;
  }
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
  'WPA-WPA2-Personal': ['WPAand11i', undefined, undefined, PSK, PSK],
  'WPA-WPA2-Enterprise': ['WPAand11i', undefined, undefined, EAP, EAP],
};

function tellMode(value: string, before: Texts): Written {
  const texts = TOLD[value];
  if (texts === undefined) return refused(`TR-098 has no word for ${value}`);
  // A device without parameters for WPA's or 802.11i's authentication would go on with another one.
  const lacks = texts.some((text, index) => text !== undefined && index > 2 && before[index] === undefined);
  const isKnown = before.some((text) => text !== undefined);
  if (lacks && isKnown && value.endsWith('Enterprise')) return refused('the device has no parameter for it');
  return written(...before.map((_, index) => texts[index]));
}

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

/** [BeaconType, WPAEncryptionModes, IEEE11iEncryptionModes]: that of the beacon; of both where it has both. */
const encryption: Codec = faithful({
  read: ([beacon, wpa, ieee11i]) => {
    const known = BEACONS[folded(beacon)];
    if (known === undefined) return beacon === undefined ? undefined : '';
    const own = (known.by === 'wpa' ? wpa : ieee11i) ?? wpa ?? ieee11i;
    return own === undefined ? undefined : (ENCRYPTIONS[folded(own)] ?? '');
  },
  write: (value, [beacon]) => {
    const told = ENCRYPTION_TOLD[value.replaceAll(' ', '')];
    if (told === undefined) return refused(`TR-098 has no word for "${value}"`);
    const both = beacon === undefined || folded(beacon).includes('wpaand11i');
    const isWpa = BEACONS[folded(beacon)]?.by === 'wpa';
    return written(undefined, both || isWpa ? told : undefined, both || !isWpa ? told : undefined);
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
  ['wifi.mode', plain(faithful({ read: modeOf, write: tellMode }))],
  ['wifi.encryption', plain(encryption)],
  ['wifi.wep-key', plain(wepKey)],
];
