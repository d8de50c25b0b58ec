// To where the gateway may connect because somebody told it to: a Controller that is to be dialled, a server that has a file
// for a CPE. Whoever may write a row or give a command could otherwise have it knock anywhere (SSRF). The name is judged
// before it is looked up, and each address that was found again, so that a name cannot be turned to the inside afterwards
// (DNS rebinding). Pure.
import { type Address, networkSet, parseAddress, parseNetwork } from './network.ts';

export type HostRefusal =
  | 'host-not-allowed'
  /** The name is allowed, and leads where only an address that is listed itself may lead. */
  | 'address-not-allowed';

export interface HostPolicy {
  /** Nothing is listed: nothing is allowed. */
  readonly isOff: boolean;
  /** Of the host of a URL, a name or an address. */
  judge(host: string, port: number): HostRefusal | undefined;
  /** Of an address that a name which was let pass has led to. */
  judgeResolved(name: string, address: string, port: number): HostRefusal | undefined;
}
export type ParsedHosts =
  { readonly ok: true; readonly policy: HostPolicy } | { readonly ok: false; readonly entry: string };

interface Entry {
  readonly kind: 'name' | 'suffix' | 'network';
  readonly matches: (host: string) => boolean;
  /** Undefined: any. */
  readonly port: number | undefined;
}

/** This machine, this link, everybody, nobody, and the metadata services of clouds. */
const isInside = networksOf(
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  ...['::/128', '::1/128', 'fe80::/10', 'ff00::/8', '64:ff9b::/96', 'fd00:ec2::254'],
);
const isPrivate = networksOf('10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7');

/** Entries: `name`, `*.suffix`, an address or a network; each with `:port`, or for any port. IPv6 with a port in brackets. */
export function parseHosts(texts: readonly string[]): ParsedHosts {
  const entries: Entry[] = [];
  for (const text of texts) {
    const entry = parseEntry(text);
    if (entry === undefined) return { ok: false, entry: text };
    entries.push(entry);
  }
  return { ok: true, policy: policyOf(entries) };
}

function policyOf(entries: readonly Entry[]): HostPolicy {
  const find = (kinds: readonly Entry['kind'][], host: string, port: number): boolean =>
    entries.some(
      (entry) => kinds.includes(entry.kind) && (entry.port === undefined || entry.port === port) && entry.matches(host),
    );
  return {
    isOff: entries.length === 0,
    judge(host, port) {
      const kinds: readonly Entry['kind'][] = parseAddress(host) === undefined ? ['name', 'suffix'] : ['network'];
      return find(kinds, nameOf(host), port) ? undefined : 'host-not-allowed';
    },
    judgeResolved(name, text, port) {
      const address = parseAddress(text);
      if (address === undefined) return 'address-not-allowed';
      if (find(['network'], text, port)) return undefined;
      // Whoever is below a suffix may let its name lead anywhere; of a name that is listed whole its zone is trusted.
      const isTrusted = find(['name'], nameOf(name), port);
      return isInside(address) || (isPrivate(address) && !isTrusted) ? 'address-not-allowed' : undefined;
    },
  };
}

/** Names have no case, and the dot at their end says only that they are whole. */
const nameOf = (host: string): string => host.toLowerCase().replace(/\.$/, '');

const NAME = /^(\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

function parseEntry(text: string): Entry | undefined {
  const [, bracketed, behind] = /^\[(.+)\](?::(\d{1,5}))?$/.exec(text) ?? [];
  const [, plain, after] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? text;
  const digits = behind ?? after;
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const network = parseNetwork(host);
  if (network.ok) {
    const holds = networkSet([network.network]);
    const matches = (other: string): boolean => {
      const address = parseAddress(other);
      return address !== undefined && holds(address);
    };
    return { kind: 'network', matches, port };
  }
  const name = nameOf(host);
  const match = NAME.exec(name);
  // What looks like a network and is none is a slip, not a name; so is a bare number.
  if (match === null || /^[\d.]+$/.test(name)) return undefined;
  if (match[1] === undefined) return { kind: 'name', matches: (other) => other === name, port };
  return { kind: 'suffix', matches: (other) => other.endsWith(name.slice(1)), port };
}

function networksOf(...texts: readonly string[]): (address: Address) => boolean {
  return networkSet(
    texts.flatMap((text) => {
      const parsed = parseNetwork(text);
      return parsed.ok ? [parsed.network] : [];
    }),
  );
}
