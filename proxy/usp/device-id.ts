/// <reference lib="es2024.string" />
// The two names that Causeway gives a CPE, both from the DeviceId of its Inform: the device id, by which operators and
// the store know it, and the Endpoint ID of its Agent. Both are frozen at first contact; a CPE that changes its
// DeviceId is another device.
import { createHash } from 'node:crypto';
import { longestInstanceId } from './endpoint-id.ts';

/** The fields of DeviceIdStruct that make an identity (TR-069 A.3.3.1). */
export interface DeviceIdentity {
  readonly OUI: string;
  readonly ProductClass: string;
  readonly SerialNumber: string;
}
export type IdentityFault =
  /** Nothing tells this CPE from the others of its kind; a profile may put the CWMP user name in its place. */
  | 'empty-serial'
  /** A field longer than any CPE's; TR-069 allows 64 characters. */
  | 'identity-too-long';
export type DeviceId =
  { readonly ok: true; readonly deviceId: string } | { readonly ok: false; readonly reason: IdentityFault };
export type AgentEndpointId =
  { readonly ok: true; readonly endpointId: string } | { readonly ok: false; readonly reason: IdentityFault };

const longestField = 256;

/** '-' is encoded too: it separates the fields, and an id must say which is which. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[-!~*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * `OUI-ProductClass-SerialNumber`, the OUI in upper case, the others percent-encoded: `00256D-STB-01.A%2D7`. An OUI is six
 * hexadecimal digits; one that is not is encoded like the rest, so that nothing else ever stands in a device id.
 */
export function deviceIdOf({ OUI, ProductClass, SerialNumber }: DeviceIdentity): DeviceId {
  if (SerialNumber.trim() === '') return { ok: false, reason: 'empty-serial' };
  if (Math.max(OUI.length, ProductClass.length, SerialNumber.length) > longestField) {
    return { ok: false, reason: 'identity-too-long' };
  }
  const fields = [OUI.toUpperCase(), ProductClass, SerialNumber].map(percentEncode);
  return { ok: true, deviceId: fields.join('-') };
}

const DEVICE_ID = /^(?:[A-Za-z0-9._]|%[0-9A-F]{2})*(?:-(?:[A-Za-z0-9._]|%[0-9A-F]{2})*){2}$/;

/** Whether this can be a device id at all: nothing else ever becomes part of a key of the store. */
export const isDeviceId = (text: string): boolean => DEVICE_ID.test(text);

/** Made once, at random, for Causeway; to change it would rename Agents. */
const namespace = Buffer.from('374258e6b0544b2daf6fcdea6356c2f6', 'hex');

/** RFC 9562 §5.5. */
function uuid5(name: string): string {
  const hash = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * `ops::` and the device id; where R-ARC.2a or R-ARC.6 do not allow that (an OUI that is none, over 50 characters), `uuid::`
 * and a UUID that follows from the same three fields.
 */
export function agentEndpointId(identity: DeviceIdentity): AgentEndpointId {
  const device = deviceIdOf(identity);
  if (!device.ok) return device;
  const OUI = identity.OUI.toUpperCase();
  if (/^[0-9A-F]{6}$/.test(OUI) && device.deviceId.length <= longestInstanceId) {
    return { ok: true, endpointId: `ops::${device.deviceId}` };
  }
  return { ok: true, endpointId: `uuid::${uuid5(`${OUI}\n${identity.ProductClass}\n${identity.SerialNumber}`)}` };
}
