// Client certificates that no CA of the settings has signed. What a tenant's own rows say of them is asked here: a certificate
// that stands there, or is signed by one that does, is a door for the Controllers that the rows mean and for nobody else
// (TR-369 R-SEC.4, "Checking a Certificate"); and where the tenant trusts on first use, a Controller of whom nothing is known
// may come with any (R-SEC.6). Whose rows these are is not known here: they are handed in as TenantTrust.
import type { X509Certificate } from 'node:crypto';
import { isTrusted } from '../usp/certificate.ts';
import type { ControllerCertificate } from './controller-certificate.ts';
import { matchesEndpoint } from './known-controllers.ts';
import { type Unsound, unsoundness } from './unsound.ts';

export interface Door {
  readonly certificate: X509Certificate;
  /** The Controller that it is for; undefined: for those that a certificate names which it has signed. */
  readonly endpointId: string | undefined;
}

/** Trust on first use is on. */
export interface FirstUse {
  readonly isKnown: (endpointId: string) => boolean;
  /** TOFUInactivityTimer; 0: none. */
  readonly inactivityMs: number;
}

export interface TenantTrust {
  readonly doors: readonly Door[];
  readonly firstUse: FirstUse | undefined;
}

/** Who comes through. */
export interface Opened {
  readonly tenant: string;
  readonly endpointIds: readonly string[];
  /** SHA-256 of what was shown, and of the door where that is another. */
  readonly fingerprints: readonly string[];
  /** Milliseconds. */
  readonly expiresAt: number;
  /** Nothing was known of it: what is to be remembered. */
  readonly firstUse?: FirstUseProof;
}
export interface FirstUseProof {
  /** PEM. */
  readonly certificate: string;
  readonly inactivityMs: number;
}

export interface DoorsContext {
  /** In the order in which they are asked. */
  readonly tenants: readonly string[];
  /** The one in which a Controller is trusted on first use that names none. */
  readonly fallback: string;
  /** Milliseconds. */
  readonly now: () => number;
  /** Whether the settings know a Controller of that Endpoint ID: then it is never trusted on first use. */
  readonly isNamed: (endpointId: string) => boolean;
  /** As it is now. */
  readonly read: (tenant: string) => Promise<TenantTrust>;
  readonly count: (outcome: Unsound | 'door' | 'first-use' | 'no-door') => void;
}

export interface Doors {
  /** `endpointId`: '' for users of the API; `tenant`: the one that was asked for. Undefined: it stays shut. */
  admit(
    certificate: ControllerCertificate,
    endpointId: string,
    tenant: string | undefined,
  ): Promise<Opened | undefined>;
  /** Whether somebody might come with it, by what was read last. */
  mayPass(certificate: ControllerCertificate): boolean;
  /** Reads all tenants' rows again; whether anybody at all might come. */
  look(): Promise<boolean>;
  /** A bell: rows have changed here. */
  changed(): void;
}

/** What other nodes have changed is known this long after it was, at the latest. */
const MAX_AGE_MS = 1000;

export function createDoors({ tenants, fallback, now, isNamed, read, count }: DoorsContext): Doors {
  let known: ReadonlyMap<string, TenantTrust> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const readAll = async (): Promise<void> => {
    const began = now();
    known = new Map(await Promise.all(tenants.map(async (tenant) => [tenant, await read(tenant)] as const)));
    readAt = began;
  };
  const refresh = (): Promise<void> => (reading ??= readAll().finally(() => (reading = undefined)));
  const fresh = async (): Promise<void> => {
    if (now() - readAt >= MAX_AGE_MS) await refresh();
  };
  const judge = (trust: TenantTrust | undefined, tenant: string, caller: Caller): Opened | undefined =>
    trust &&
    (throughDoor(trust, tenant, caller) ?? (caller.mayBeFirst ? onFirstUse(trust, tenant, caller) : undefined));
  return {
    async admit(certificate, endpointId, asked) {
      const { unknown } = certificate;
      if (unknown === undefined) return undefined;
      const fault = unsoundness(unknown, now());
      if (fault !== undefined) {
        count(fault);
        return undefined;
      }
      await fresh();
      for (const tenant of asked === undefined ? tenants : tenants.filter((one) => one === asked)) {
        const mayBeFirst = tenant === (asked ?? fallback) && !isNamed(endpointId);
        const caller = { unknown, names: certificate.endpointIds, endpointId, mayBeFirst, now: now() };
        if (judge(known.get(tenant), tenant, caller) === undefined) continue;
        // What was taken back a moment ago opens nothing.
        const opened = judge(await read(tenant), tenant, caller);
        if (opened === undefined) continue;
        count(opened.firstUse === undefined ? 'door' : 'first-use');
        return opened;
      }
      count('no-door');
      return undefined;
    },
    mayPass({ unknown, endpointIds: names }) {
      if (unknown === undefined || unsoundness(unknown, now()) !== undefined) return false;
      const caller = { unknown, names, endpointId: '', mayBeFirst: false, now: now() };
      return [...known].some(
        ([tenant, trust]) =>
          judge(trust, tenant, caller) !== undefined || (trust.firstUse !== undefined && names.some(isWhole)),
      );
    },
    async look() {
      await refresh();
      return [...known.values()].some(({ doors, firstUse }) => doors.length > 0 || firstUse !== undefined);
    },
    changed() {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Who stands before the door. */
interface Caller {
  readonly unknown: X509Certificate;
  /** Endpoint IDs that it names, and patterns that end in `*`. */
  readonly names: readonly string[];
  readonly endpointId: string;
  readonly mayBeFirst: boolean;
  readonly now: number;
}

const isWhole = (name: string): boolean => !name.endsWith('*');

function throughDoor({ doors }: TenantTrust, tenant: string, caller: Caller): Opened | undefined {
  for (const door of doors) {
    const endpointId = caller.endpointId === '' ? (door.endpointId ?? caller.names[0] ?? '') : caller.endpointId;
    if (!opens(door, caller, endpointId)) continue;
    const fingerprints = [...new Set([caller.unknown.fingerprint256, door.certificate.fingerprint256])];
    const ends = [caller.unknown, door.certificate].map(({ validTo }) => Date.parse(validTo));
    return { tenant, endpointIds: [endpointId], fingerprints, expiresAt: Math.min(...ends) };
  }
  return undefined;
}

/** One certificate at most between: constraints of a chain are not looked at here. */
function opens({ certificate, endpointId: meant }: Door, { unknown, names, now }: Caller, called: string): boolean {
  if (called === '' || !isTrusted([unknown], [certificate], now)) return false;
  if (names.length > 0) return (meant ?? called) === called && names.some((name) => matchesEndpoint(name, called));
  // It names nobody: only the row of a Controller can say whose it is, and only of this very certificate (R-SEC.4).
  return meant === called && certificate.fingerprint256 === unknown.fingerprint256;
}

/** R-SEC.0a, R-SEC.6, R-SEC.8: it names the Controller, of whom nothing is known yet. */
function onFirstUse({ firstUse }: TenantTrust, tenant: string, caller: Caller): Opened | undefined {
  const { unknown, names, endpointId } = caller;
  if (firstUse === undefined || !names.includes(endpointId) || firstUse.isKnown(endpointId)) return undefined;
  return {
    tenant,
    endpointIds: [endpointId],
    fingerprints: [unknown.fingerprint256],
    expiresAt: Date.parse(unknown.validTo),
    firstUse: { certificate: unknown.toString(), inactivityMs: firstUse.inactivityMs },
  };
}
