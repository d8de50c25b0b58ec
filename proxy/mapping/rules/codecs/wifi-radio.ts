// The radio in the words of Device:2. Pure.
import type { Codec, MakeCodec } from '../codec.ts';
import { faithful, folded, isTrue, plain, reading, refused, turning, wordsOf, written } from './making.ts';

type Texts = readonly (string | undefined)[];
export type Band = '2.4GHz' | '5GHz' | '6GHz';

const HIGHEST_OF_2_4 = 14;
const LOWEST_OF_5 = 32;

/** By what a vendor calls it (`2.4GHz`, `5G`), else by a channel's number. 6 GHz has numbers of its own only by name. */
function bandOf(text: string | undefined): Band | undefined {
  const named = /^\s*(2\.4|5|6)\s*G/i.exec(text ?? '')?.[1];
  if (named !== undefined) return named === '2.4' ? '2.4GHz' : named === '5' ? '5GHz' : '6GHz';
  const channel = Number(/^\s*(\d+)/.exec(text ?? '')?.[1] ?? 0);
  if (channel >= 1 && channel <= HIGHEST_OF_2_4) return '2.4GHz';
  return channel >= LOWEST_OF_5 ? '5GHz' : undefined;
}

/** The first text that says it: the channel may be 0, which is automatic. */
export function bandIn(texts: Texts): Band | undefined {
  for (const text of texts) {
    const band = bandOf(text);
    if (band !== undefined) return band;
  }
  return undefined;
}
const band: Codec = { read: bandIn };

/** [Channel, ChannelsInUse]: 0 is automatic, and the channel in use is told elsewhere, if that is no list of them all. */
const channel = faithful({
  read: ([own, inUse]) => {
    if (own === undefined) return undefined;
    if (own.trim() !== '0' && own.trim() !== '') return own.trim();
    const channels = wordsOf(inUse ?? '');
    return channels.length === 1 && channels[0] !== '0' ? channels[0] : undefined;
  },
  write: (value) => written(value, undefined),
});

/** [Status of the row, RadioEnabled] */
const radioStatus: Codec = {
  read: ([status, enabled]) => {
    if (status === undefined) return undefined;
    if (enabled !== undefined && !isTrue(enabled)) return 'Down';
    switch (folded(status)) {
      case 'up':
        return 'Up';
      case 'error':
        return 'Error';
      case 'disabled':
        return 'Down';
      default:
        return 'Unknown';
    }
  },
};

/** Two letters, then where they hold: everywhere (a blank), outside (O) or inside (I). `00` says nothing. */
const regulatoryDomain = faithful({
  read: ([text]) => {
    const letters = (text ?? '').trim().toUpperCase();
    if (/^[A-Z]{2}$/.test(letters)) return `${letters} `;
    return letters === '' || /^0+$/.test(letters) ? undefined : letters;
  },
  write: (value, [before]) => {
    // A CPE that has said two letters is told two.
    if (/^[A-Z]{2} $/.test(value) && (before ?? '').length !== 3) return written(value.trim());
    return (before ?? '').length === 2 ? refused('the device knows countries as a whole only') : written(value);
  },
});

/** Device:2 allows 4 or 8 digits; TR-098 has a number, which has lost its zeros. 0 is none. */
const pin = turning(
  (text) => (/^\s*0*\s*$/.test(text) ? '' : text.trim().padStart(8, '0')),
  (value) => (/^\d{8}$/.test(value) ? String(Number(value)) : undefined),
);

/** 16 is 0x10, version 1.0; some have the plain number. */
const version = reading((text) => {
  const number = Number(text);
  if (text.trim() === '' || number === 0) return '';
  if (!Number.isInteger(number)) return text.trim();
  return number < 16 ? `${number}.0` : `${number >> 4}.${number & 15}`;
});

/** [ConfigurationState, Enable, SetupLockedState, LastConfigurationError] */
const wpsStatus: Codec = {
  read: ([state, enable, locked, error]) => {
    if (state === undefined) return undefined;
    if (enable !== undefined && !isTrue(enable)) return 'Disabled';
    if (!['', 'unlocked'].includes(folded(locked))) return 'SetupLocked';
    if (folded(state) === 'configured') return 'Configured';
    if (folded(state) === 'not configured') return 'Unconfigured';
    return ['', 'noerror'].includes(folded(error)) ? 'Unconfigured' : 'Error';
  },
};

export const wifiRadioCodecs: readonly (readonly [string, MakeCodec])[] = [
  ['wifi.band', plain(band)],
  ['wifi.channel', plain(channel)],
  ['wifi.radio-status', plain(radioStatus)],
  ['wifi.regulatory-domain', plain(regulatoryDomain)],
  ['wps.pin', plain(pin)],
  ['wps.version', plain(version)],
  ['wps.status', plain(wpsStatus)],
];
