// A device as the API shows it: who it is, what it last said, and whether it is at hand. No secrets, no values.
import type { DeviceRecord } from '../store/device-steps.ts';

const time = (at: number): string | null => (at === 0 ? null : new Date(at).toISOString());

export interface DeviceDescription {
  readonly id: string;
  readonly endpointId: string;
  readonly Manufacturer: string;
  readonly OUI: string;
  readonly ProductClass: string;
  readonly SerialNumber: string;
  readonly SoftwareVersion: string;
  readonly HardwareVersion: string;
  readonly root: string;
  readonly cwmp: string;
  readonly firstSeen: string | null;
  readonly lastInform: {
    readonly at: string | null;
    readonly ageSeconds: number;
    readonly events: readonly string[];
    readonly from: string;
  };
  readonly lastBoot: string | null;
  /** `open`: a session is open now, and a request is on the wire at once. */
  readonly session: 'open' | 'none';
  readonly waitingRequests: number;
  readonly quiet: { readonly reason: string; readonly until: string | null } | null;
  readonly lastConnectionRequest: {
    readonly at: string | null;
    readonly outcome: string;
    readonly detail: string;
  } | null;
  readonly discovered: boolean;
  /** Endpoint ID of the USP Agent that the device itself runs (`usp.native`). */
  readonly nativeAgent: string | null;
  /** It has shown credentials of its own, since then; `changing`: it is being given others, or its first. */
  readonly ownCredentials: { readonly since: string | null; readonly changing: boolean } | null;
  /** It was handed over to another ACS, and has not come here since. */
  readonly released: { readonly at: string | null; readonly url: string } | null;
}

export function describeDevice(device: DeviceRecord, now: number): DeviceDescription {
  const { identity, facts, quiet, wake, released, credentials } = device;
  const { current, next } = credentials;
  return {
    id: device.key.device,
    endpointId: identity.endpointId,
    Manufacturer: identity.Manufacturer,
    OUI: identity.OUI,
    ProductClass: identity.ProductClass,
    SerialNumber: identity.SerialNumber,
    SoftwareVersion: facts.SoftwareVersion,
    HardwareVersion: facts.HardwareVersion,
    root: facts.root,
    cwmp: `1.${facts.cwmpVersion}`,
    firstSeen: time(device.createdAt),
    lastInform: {
      at: time(device.informAt),
      ageSeconds: Math.max(0, Math.round((now - device.informAt) / 1000)),
      events: device.informEvents,
      from: facts.sourceAddress,
    },
    lastBoot: time(device.bootAt),
    session: device.owner === undefined ? 'none' : 'open',
    waitingRequests: device.waiting,
    quiet: quiet === undefined || quiet.until <= now ? null : { reason: quiet.reason, until: time(quiet.until) },
    lastConnectionRequest:
      wake === undefined ? null : { at: time(wake.at), outcome: wake.outcome, detail: wake.detail },
    discovered: device.tree !== undefined,
    nativeAgent: device.tree?.nativeAgent ?? null,
    ownCredentials:
      current === undefined && next === undefined
        ? null
        : { since: time(current?.at ?? 0), changing: next !== undefined },
    released: released === undefined ? null : { at: time(released.at), url: released.url },
  };
}
