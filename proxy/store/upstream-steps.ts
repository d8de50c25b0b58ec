// Steps on what tells Causeway's own work from that of the ACS behind it (chain mode), and on devices handed back to
// an ACS of their own. None of it may live in a socket: the session after next needs it, on whatever node.
import type { DeviceRecord, OwnerStep } from './device-steps.ts';
import type { DeviceKey } from './store.ts';

/** What the ACS is to see of a device. */
export interface UpstreamRecord {
  /** The ParameterKey that is not ours: the last one that the ACS set; '' when it set none. */
  readonly ParameterKey: string;
  /** Event codes of the last Inform that were kept from the ACS: its retry keeps the same ones back. */
  readonly kept: readonly string[];
  /** Parameters, and objects with all below them, of which the ACS wants to be told. */
  readonly watched: readonly string[];
  /** Parameters that stand in every Inform of this CPE. */
  readonly always: readonly string[];
  /** Digest of the values of those in the last Inform. */
  readonly values: string;
}

export const NOTHING_UPSTREAM: UpstreamRecord = { ParameterKey: '', kept: [], watched: [], always: [], values: '' };

export interface UpstreamView {
  readonly device: DeviceRecord;
  readonly upstream: UpstreamRecord;
  /** A Connection Request of ours is under way, and no Inform has come since. */
  readonly calling: boolean;
}

export interface UpstreamSteps {
  /** Undefined: the device has never been here. */
  readUpstream(key: DeviceKey): Promise<UpstreamView | undefined>;
  saveUpstream(key: DeviceKey, epoch: number, upstream: UpstreamRecord): Promise<OwnerStep>;
  /** The device has another ACS from now on; its next Inform here takes that back. */
  markReleased(key: DeviceKey, epoch: number, released: HandedOver): Promise<OwnerStep>;
}

/** The CPE was told to open its sessions elsewhere. */
export interface HandedOver {
  readonly url: string;
  readonly at: number;
}
