// What TR-106's named types demand beyond the length that the model file gives: in the standard it is a pattern or prose.
import { isIPv6 } from 'node:net';

const OCTET = '(?:25[0-5]|2[0-4]\\d|[01]?\\d{1,2})';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
const MAC_ADDRESS = /^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$/;
const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
const ALIAS = /^\p{L}/u;
const PREFIX = /^(.*)\/(\d{1,3})$/s;

const isIpv4 = (text: string): boolean => IPV4.test(text);
/** Without a zone, which TR-106 forbids. */
const isIpv6 = (text: string): boolean => isIPv6(text) && !text.includes('%');

/** "address/length"; the address may be left out. */
function isPrefix(text: string, isAddress: (text: string) => boolean, longest: number): boolean {
  const [whole, address = '', length] = PREFIX.exec(text) ?? [];
  return whole !== undefined && (address === '' || isAddress(address)) && Number(length) <= longest;
}

/** Types whose empty value means "none" or "unknown". */
const OR_EMPTY: Readonly<Record<string, (text: string) => boolean>> = {
  IPAddress: (text) => isIpv4(text) || isIpv6(text),
  IPv4Address: isIpv4,
  IPv6Address: isIpv6,
  IPPrefix: (text) => isPrefix(text, isIpv4, 32) || isPrefix(text, isIpv6, 128),
  IPv4Prefix: (text) => isPrefix(text, isIpv4, 32),
  IPv6Prefix: (text) => isPrefix(text, isIpv6, 128),
  MACAddress: (text) => MAC_ADDRESS.test(text),
};
const NEVER_EMPTY: Readonly<Record<string, (text: string) => boolean>> = {
  // A Controller's Alias starts with a letter (TR-106 _AliasUSP).
  Alias: (text) => ALIAS.test(text),
  UUID: (text) => UUID.test(text),
};

/** Whether the text is a value of the named type; true for types that demand nothing more. */
export function isOfNamedType(typeName: string, text: string): boolean {
  const orEmpty = OR_EMPTY[typeName];
  return orEmpty === undefined ? (NEVER_EMPTY[typeName]?.(text) ?? true) : text === '' || orEmpty(text);
}
