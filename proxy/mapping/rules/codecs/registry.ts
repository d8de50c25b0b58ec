// Every codec by the name that rules call it (`as: enum:wlan.status`); mappings/README.md lists them. `reference` and
// `references` are the engine's own, since they need the rows of a device.
import type { MakeCodec } from '../codec.ts';
import { addressCodecs } from './addresses.ts';
import { connectionCodecs } from './connections.ts';
import { enumCodecs } from './enum.ts';
import { numberCodecs } from './numbers.ts';
import { textCodecs } from './texts.ts';
import { timeZoneCodecs } from './time-zone.ts';
import { truthCodecs } from './truth.ts';
import { wifiRadioCodecs } from './wifi-radio.ts';
import { wifiSecurityCodecs } from './wifi-security.ts';
import { wifiStandardCodecs } from './wifi-standards.ts';

export const codecs: ReadonlyMap<string, MakeCodec> = new Map([
  ...addressCodecs,
  ...connectionCodecs,
  ...enumCodecs,
  ...numberCodecs,
  ...textCodecs,
  ...timeZoneCodecs,
  ...truthCodecs,
  ...wifiRadioCodecs,
  ...wifiSecurityCodecs,
  ...wifiStandardCodecs,
]);
