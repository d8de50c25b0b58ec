// Steps on one device: who it is, what its Informs said, who owns its link.
import type { StoredCredentials } from './credential-steps.ts';
import type { FirmwareRecord } from './firmware-steps.ts';
import type { RequestStep } from './mailbox-steps.ts';
import type { OperationRecord } from './operation-steps.ts';
import type { DeviceKey } from './store.ts';
import type { HandedOver } from './upstream-steps.ts';

/** Frozen at first contact (DESIGN "Device id"). */
export interface DeviceIdentity {
  readonly Manufacturer: string;
  readonly OUI: string;
  readonly ProductClass: string;
  readonly SerialNumber: string;
  readonly endpointId: string;
}

/** What the Informs said of the device, the last word on each; '' where none has spoken yet. */
export interface DeviceFacts {
  /** `Device.` or `InternetGatewayDevice.`, learnt from the parameters of the Inform (quirk 11). */
  readonly root: string;
  readonly SoftwareVersion: string;
  readonly HardwareVersion: string;
  /** RootDataModelVersion: `2.16`. */
  readonly dataModel: string;
  readonly ConnectionRequestURL: string;
  /** Where the CPE listens for UDP Connection Requests, `host:port`: its binding at the NAT, as STUN told it. */
  readonly UDPConnectionRequestAddress: string;
  /** Whether the CPE found a NAT before itself, as it says: `true`, `1`, `false`, `0`. */
  readonly NATDetected: string;
  /** The full Jabber ID by which the CPE is reached over XMPP (TR-069 Annex K). */
  readonly ConnReqJabberID: string;
  /** Proof of the last changing RPC that the CPE executed. */
  readonly ParameterKey: string;
  /** The n of urn:dslforum-org:cwmp-1-n. */
  readonly cwmpVersion: number;
  /** The address the Inform came from: the only one a Connection Request may go to unless told otherwise. */
  readonly sourceAddress: string;
  /** Authenticated user name, '' where none was asked for. */
  readonly username: string;
}

/** What one Inform says of the facts: a field it does not mention stays as it was known. */
export type SaidFacts = Partial<DeviceFacts>;

/** A thing that happened at a device and that somebody may want to hear of. */
export interface StoredEvent {
  /** Ascending per device; never reused. */
  readonly sequence: number;
  readonly at: number;
  readonly kind: DeviceEventKind;
  /** The event's own content, JSON; its shape belongs to `device/events.ts`. */
  readonly body: string;
  /** Set by the store on the one event that tells a boot: Boot! is raised once a boot. */
  readonly boot?: BootMark;
}
export interface BootMark {
  readonly expected: ExpectedBoot | undefined;
  readonly firmwareUpdated: boolean;
}
/** `transfer`, `operation`: one has ended, however that came. `firmware`: banks have changed. `notice`: what the Agent itself knows to have happened. */
export type DeviceEventKind = 'inform' | 'report' | 'values' | 'transfer' | 'operation' | 'firmware' | 'notice';
export type NewEvent = Omit<StoredEvent, 'sequence' | 'boot'>;

export interface TreeRecord {
  /** Hash of the catalogue that the instances refer to. */
  readonly catalogue: string;
  /** Instance numbers and deviations, in the encoding of `device/instance-tree/`. */
  readonly instances: string;
  readonly SoftwareVersion: string;
  readonly at: number;
  /** Endpoint ID of a USP Agent that the CPE itself runs; absent where it runs none. */
  readonly nativeAgent?: string;
  /** What its view remembers (numbers that it gave), in the view's own words; it outlives the trees. '' or absent: nothing. */
  readonly remembered?: string;
}
export type NewTree = Omit<TreeRecord, 'remembered'>;

/** Why and until when no Connection Request is sent and no session is parked (DESIGN mechanism 2, Closing). */
export interface Quiet {
  readonly reason: 'reboot' | 'factory-reset' | 'diagnostic';
  readonly until: number;
}

/** A Reboot or FactoryReset of ours whose BOOT has not come yet; it qualifies the next Boot!. */
export interface ExpectedBoot {
  readonly CommandKey: string;
  readonly command_key: string;
  readonly cause: string;
  readonly reason: string;
  readonly at: number;
}

/** A written RPC whose answer was lost with the link, so that the CPE itself may have fallen over it. */
export interface LostRpc {
  readonly method: string;
  /** Of method and arguments; the same for the same question. */
  readonly signature: string;
  /** Id of the request that it served; undefined where it was ours. */
  readonly request: string | undefined;
  /** Parameters that it read; 0 when it read none. */
  readonly names: number;
  readonly at: number;
}
/** Something in flight at BOOTs in a row. */
export interface RebootLoop {
  /** A signature, or the id of a request. */
  readonly subject: string;
  readonly method: string;
  readonly boots: number;
  /** When the last BOOT came. */
  readonly at: number;
}
/** What a CPE fell over, until it has other software. */
export interface Trouble {
  /** Until the next Inform tells whether it was a reboot. */
  readonly lost: LostRpc | undefined;
  /** The eight that happened last. */
  readonly loops: readonly RebootLoop[];
  /** The size of the last GetParameterValues that was lost. */
  readonly lostRead: { readonly names: number; readonly at: number } | undefined;
}

export interface WakeRecord {
  readonly at: number;
  /** An outcome of the south edge's own catalogue, `arrived` once the Inform came. */
  readonly outcome: string;
  readonly detail: string;
  /** The way that was tried last, in the south edge's own words: `http`, `udp`. */
  readonly way?: string;
  /** The way by which the CPE last came. */
  readonly worked?: string;
}

/** Everything stored of a device but its queues. */
export interface DeviceRecord {
  readonly key: DeviceKey;
  readonly identity: DeviceIdentity;
  readonly facts: DeviceFacts;
  readonly createdAt: number;
  readonly informAt: number;
  readonly informEvents: readonly string[];
  /** When the last "1 BOOT" (or first contact) was saved; LocalAgent.UpTime counts from it. */
  readonly bootAt: number;
  /**
   * Fencing number of the owner: every accepted Inform raises it, to the Inform's time at least. So a store that lost its
   * latest writes (Redis after a failover) gives no epoch out a second time.
   */
  readonly epoch: number;
  /** Incarnation that holds the device's link; undefined between sessions. */
  readonly owner: string | undefined;
  /** Raised by every change that an owner must not miss: local rows, attachments, tree and what is remembered of it, ledger; by nothing else. */
  readonly version: number;
  readonly tree: TreeRecord | undefined;
  /** LocalAgent rows of this device alone; the agent's own JSON. */
  readonly local: string;
  readonly localVersion: number;
  /** Watched CPE parameters and their last known values; the shape belongs to `device/ledger.ts`. */
  readonly ledger: string;
  /** What parking has learnt of this CPE; the shape belongs to `device/parking.ts`. */
  readonly parking: string;
  /** Names of GetRPCMethods, for `methodsOf` this software; empty when never asked. */
  readonly methods: readonly string[];
  readonly quiet: Quiet | undefined;
  readonly expectedBoot: ExpectedBoot | undefined;
  readonly wake: WakeRecord | undefined;
  /** It was told to open its sessions elsewhere, and has not come here since. */
  readonly released: HandedOver | undefined;
  /** Incarnations with an attachment (an open socket that wants this device near), in no order. */
  readonly attachments: readonly string[];
  /** Requests waiting or running. */
  readonly waiting: number;
  /** Sequence of the newest pending event; 0 when there is none. */
  readonly lastEvent: number;
  /** Events whose Notify rows are not derived yet, oldest first; of more than 1,000 the oldest go. */
  readonly pendingEvents: readonly StoredEvent[];
  /** A changing RPC whose request ended `unknown`: the next session finds out, for model and events only. */
  readonly inDoubt: RequestStep | undefined;
  /** True once an Inform carried a ParameterKey of ours: only then does its absence prove anything. */
  readonly keysSeen: boolean;
  /** undefined: it fell over nothing. */
  readonly trouble: Trouble | undefined;
  /** Transfers that the CPE has not been asked for yet. */
  readonly waitingTransfers: number;
  /** Up to when Periodic! was raised for whoever wants it; 0 while nobody does. */
  readonly periodicAt: number;
  /** Commands that have not ended, oldest first. */
  readonly operations: readonly OperationRecord[];
  /** Its banks, where the CPE shows none of its own. */
  readonly firmware: FirmwareRecord;
  /** Those that it was given, sealed. */
  readonly credentials: StoredCredentials;
}

export interface InformToSave {
  readonly key: DeviceKey;
  readonly identity: DeviceIdentity;
  readonly facts: SaidFacts;
  readonly incarnation: string;
  readonly at: number;
  readonly eventCodes: readonly string[];
  /** Over events and ParameterList; equal digests and RetryCount > 0 make a repeat (DESIGN mechanism 6). */
  readonly digest: string;
  readonly retryCount: number;
  readonly boot: boolean;
  /** It tells that what the CPE was left alone for is over: a boot, or a completed diagnostic. */
  readonly endsQuiet: boolean;
  /** The ParameterKey in it is one of ours. */
  readonly ourKey: boolean;
  readonly event: NewEvent;
  /** Devices a tenant may have; first contact beyond it is refused. */
  readonly registryCap: number;
  /** A device that is not enrolled (EnrolmentSteps) is refused. */
  readonly mustBeEnrolled?: boolean;
  /**
   * There are several tenants, and that of `key` is a guess: a device that is new there may be another's (`elsewhere`), and
   * is this tenant's from now on where it is not.
   */
  readonly claimsTenant?: boolean;
  /** Id of the device's own pair that the CPE has shown; it is the current one from this step on. */
  readonly presentedPair?: string;
  /** It has shown none, and is refused where the device has one (CredentialSteps). */
  readonly wantsOwn?: boolean;
}
export type InformSaved =
  | {
      readonly kind: 'saved';
      /** True at first contact. */
      readonly first: boolean;
      /** True when no event and no boot was added because this Inform is a repeat; claim and facts are as of any other. */
      readonly repeat: boolean;
      /** The owner that this Inform displaced, if it was still registered. */
      readonly displaced: string | undefined;
      readonly record: DeviceRecord;
    }
  | { readonly kind: 'registry-full' | 'not-enrolled' | 'lacks-own-credentials' }
  /** It belongs to this tenant; nothing was saved. */
  | { readonly kind: 'elsewhere'; readonly tenant: string };

/** `stale`: another Inform has taken the device over since. */
export type OwnerStep = 'done' | 'stale';

export interface Release {
  /** Events up to this sequence need no Notify any more. */
  readonly eventsDone: number;
  /** The session ended well by both sides: its BOOT will not be retried. */
  readonly clean: boolean;
  readonly force: boolean;
  /** What parking has learnt, when it has learnt something. */
  readonly parking?: string;
}
export type Released = { readonly kind: 'released'; readonly waiting: number } | { readonly kind: 'waiting' | 'stale' };

/** What happens in the moment in which LocalAgent rows change. */
export interface LocalEffects {
  readonly events: readonly NewEvent[];
  /** Notifies that nobody wants any more. */
  readonly silenced: readonly Silenced[];
}
/** Of a Subscription; where a Controller is named, of its alone. */
export interface Silenced {
  readonly subscription: number;
  readonly controller?: string;
}

export interface DeviceSteps {
  /** Claims the device for an incarnation, saves what the Inform said and its event; the answer may then be sent. */
  saveInform(inform: InformToSave): Promise<InformSaved>;
  /**
   * Saves a report of the CPE (TransferComplete and its like). A repeated report, by the digest of what identifies it,
   * is not saved twice, unless 16 others came in between.
   */
  saveReport(key: DeviceKey, epoch: number, digest: string, event: NewEvent): Promise<OwnerStep | 'repeat'>;
  /** Adds events that results of our own RPCs revealed. */
  raiseEvents(key: DeviceKey, epoch: number, events: readonly NewEvent[]): Promise<OwnerStep>;
  /**
   * Gives the device up. Unless forced it is refused with `waiting` while requests wait, be they new or left by an earlier
   * owner. An entry that runs goes back to the head of the mailbox when it has no recorded step. `waiting` of the result
   * counts what wants the CPE back: all that waits, and an entry left running with steps.
   */
  release(key: DeviceKey, epoch: number, release: Release): Promise<Released>;
  /**
   * Ends all that an incarnation that is dead held of a device: its ownership (what it left running without a recorded step
   * waits again), its attachments and its Connection Request. Idempotent.
   */
  disown(key: DeviceKey, incarnation: string): Promise<void>;
  /**
   * The link of `epoch` was lost with this RPC in flight: the next Inform says whether the CPE rebooted. Where that Inform
   * has been saved already it is counted at once (`counted`); after a later one it is not known any more (`stale`).
   */
  saveLostRpc(key: DeviceKey, epoch: number, lost: LostRpc): Promise<OwnerStep | 'counted'>;
  /** An RPC that had been in flight at a BOOT was answered: it is no loop. */
  endLoop(key: DeviceKey, epoch: number, subject: string): Promise<OwnerStep>;
  /** The doubt about a changing RPC is settled. */
  clearDoubt(key: DeviceKey, epoch: number): Promise<OwnerStep>;
  readDevice(key: DeviceKey): Promise<DeviceRecord | undefined>;
  /** The tenant that a device belongs to, by an Inform or an enrolment; undefined for one that is not known. */
  tenantOf(device: string): Promise<string | undefined>;
  /** The device whose Agent has this Endpoint ID. */
  findDevice(tenant: string, endpointId: string): Promise<DeviceKey | undefined>;
  /** Devices in byte order of their ids, after `after`. */
  listDevices(tenant: string, after: string, limit: number): Promise<readonly DeviceRecord[]>;
  /** Devices that an incarnation owns, is waking or has attached: what to look after when it is dead. In no order. */
  ownedBy(incarnation: string): Promise<readonly DeviceKey[]>;
  /** What is remembered stays. */
  saveTree(key: DeviceKey, epoch: number, tree: NewTree): Promise<OwnerStep>;
  /** Of the device's tree, and of those that come after it. */
  saveRemembered(key: DeviceKey, epoch: number, remembered: string): Promise<OwnerStep>;
  saveMethods(key: DeviceKey, epoch: number, methods: readonly string[]): Promise<OwnerStep>;
  /** `events`: what was found when the ledger was held against the CPE. */
  saveLedger(key: DeviceKey, epoch: number, ledger: string, events?: readonly NewEvent[]): Promise<OwnerStep>;
  /** Anybody may; of a device that is not known nothing is kept. */
  saveParking(key: DeviceKey, parking: string): Promise<void>;
  /** Without a Quiet, an expected boot is not expected any more either. */
  setQuiet(key: DeviceKey, epoch: number, quiet: Quiet | undefined): Promise<OwnerStep>;
  /**
   * Adds events that no CPE brought; anybody may. `periodic` moves the time up to which Periodic! was raised: `already` when
   * it is not where it was thought to be.
   */
  raiseNotices(
    key: DeviceKey,
    events: readonly NewEvent[],
    periodic?: { readonly from: number; readonly to: number },
  ): Promise<'done' | 'already'>;
  /** Replaces the device's LocalAgent rows if they are still at `localVersion`, and with them what follows from that. */
  changeLocal(
    key: DeviceKey,
    localVersion: number,
    local: string,
    also?: LocalEffects,
  ): Promise<'changed' | 'conflict'>;
  /** One more socket of an incarnation; each `attach` needs its `detach`. */
  attach(key: DeviceKey, incarnation: string): Promise<void>;
  detach(key: DeviceKey, incarnation: string): Promise<void>;
  /** One Connection Request for all who wait: true for the one who shall send it, within `leaseMs`. An Inform ends it too. */
  beginWake(key: DeviceKey, incarnation: string, at: number, leaseMs: number): Promise<boolean>;
  /** Keeps the outcome, and lets the next one begin, whoever began this one. */
  endWake(key: DeviceKey, wake: WakeRecord): Promise<void>;
}
