// A device's documents as the DeviceRecord that they make up at one moment.
import type { StoredCredentials } from '../credential-steps.ts';
import type {
  DeviceFacts,
  DeviceIdentity,
  DeviceRecord,
  ExpectedBoot,
  Quiet,
  StoredEvent,
  TreeRecord,
  Trouble,
  WakeRecord,
} from '../device-steps.ts';
import type { FirmwareRecord } from '../firmware-steps.ts';
import type { RequestStep } from '../mailbox-steps.ts';
import type { OperationRecord } from '../operation-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { HandedOver } from '../upstream-steps.ts';
import { readCredentials } from './credentials.ts';
import { type Documents, keyOf, parseStored, type Stored } from './documents.ts';
import { parseFirmware } from './firmware.ts';
import { parseOperations } from './operation-documents.ts';
import {
  type DeviceDocument,
  type EventDocument,
  readState,
  type StateDocument,
  type StoredTree,
  unfinished,
} from './state.ts';
import { troubleOf } from './trouble.ts';

class Tree implements TreeRecord {
  readonly catalogue: string;
  readonly SoftwareVersion: string;
  readonly at: number;
  readonly nativeAgent?: string;
  readonly #instances: Stored | undefined;
  readonly #remembered: Stored | undefined;

  constructor(documents: Documents, key: DeviceKey, stored: StoredTree) {
    this.catalogue = stored.catalogue;
    this.SoftwareVersion = stored.SoftwareVersion;
    this.at = stored.at;
    if (stored.nativeAgent !== undefined) this.nativeAgent = stored.nativeAgent;
    this.#instances = documents.bytes(keyOf('tree', key));
    this.#remembered = documents.bytes(keyOf('remembered', key));
  }

  get instances(): string {
    return this.#instances?.toString() ?? '';
  }
  get remembered(): string {
    return this.#remembered?.toString() ?? '';
  }
}

/** Facts that a device stored by an earlier version does not have until its next Inform. */
const NOT_SAID = { UDPConnectionRequestAddress: '', NATDetected: '', ConnReqJabberID: '' };

/**
 * A device at one moment. What an Inform with nothing to do never looks at (tree, local rows …) is parsed only when it is
 * asked for, from the bytes of that moment. A class, since an object literal with accessors takes 1.5 us to make.
 */
export class Snapshot implements DeviceRecord {
  readonly key: DeviceKey;
  readonly identity: DeviceIdentity;
  readonly facts: DeviceFacts;
  readonly createdAt: number;
  readonly informAt: number;
  readonly informEvents: readonly string[];
  readonly bootAt: number;
  readonly epoch: number;
  readonly owner: string | undefined;
  readonly version: number;
  readonly localVersion: number;
  readonly tree: TreeRecord | undefined;
  readonly quiet: Quiet | undefined;
  readonly inDoubt: RequestStep | undefined;
  readonly keysSeen: boolean;
  readonly trouble: Trouble | undefined;
  readonly waitingTransfers: number;
  readonly periodicAt: number;
  readonly credentials: StoredCredentials;
  readonly expectedBoot: ExpectedBoot | undefined;
  readonly wake: WakeRecord | undefined;
  readonly released: HandedOver | undefined;
  readonly attachments: readonly string[];
  readonly waiting: number;
  readonly lastEvent: number;
  readonly #local: Stored | undefined;
  readonly #ledger: Stored | undefined;
  readonly #parking: Stored | undefined;
  #methods: Stored | readonly string[] | undefined;
  readonly #operations: Stored | undefined;
  readonly #firmware: Stored | undefined;
  readonly #events: readonly (Stored | undefined)[];

  constructor(documents: Documents, key: DeviceKey, device: DeviceDocument, state: StateDocument) {
    this.key = key;
    this.identity = device.identity;
    this.facts = Object.hasOwn(device.facts, 'ConnReqJabberID') ? device.facts : { ...NOT_SAID, ...device.facts };
    this.createdAt = device.createdAt;
    this.informAt = state.informAt;
    this.informEvents = state.informEvents;
    this.bootAt = state.bootAt;
    this.epoch = state.epoch;
    this.owner = state.owner;
    this.version = state.version;
    this.localVersion = state.localVersion;
    this.tree = state.tree === undefined ? undefined : new Tree(documents, key, state.tree);
    this.quiet = state.quiet;
    this.inDoubt = state.inDoubt === undefined ? undefined : { ...state.inDoubt, result: undefined };
    this.keysSeen = state.keysSeen;
    this.trouble = troubleOf(state.trouble);
    this.waitingTransfers = state.transfers ?? 0;
    this.periodicAt = state.periodicAt ?? 0;
    this.credentials = readCredentials(documents, key);
    this.expectedBoot = state.expectedBoot;
    this.wake = state.wake;
    this.released = state.released;
    this.attachments = Object.keys(state.attachments);
    this.waiting = unfinished(state);
    this.lastEvent = state.pending.at(-1) ?? 0;
    this.#local = documents.bytes(keyOf('local', key));
    this.#ledger = documents.bytes(keyOf('ledger', key));
    this.#parking = documents.bytes(keyOf('parking', key));
    this.#methods = documents.bytes(keyOf('methods', key));
    this.#operations = documents.bytes(keyOf('operations', key));
    this.#firmware = documents.bytes(keyOf('firmware', key));
    this.#events = state.pending.map((sequence) => documents.bytes(keyOf('event', key, String(sequence))));
  }

  get local(): string {
    return this.#local?.toString() ?? '';
  }
  get ledger(): string {
    return this.#ledger?.toString() ?? '';
  }
  get parking(): string {
    return this.#parking?.toString() ?? '';
  }
  get methods(): readonly string[] {
    const methods = this.#methods;
    if (methods === undefined) return [];
    if (typeof methods !== 'string' && !Buffer.isBuffer(methods)) return methods;
    const parsed = parseStored('methods', methods) as readonly string[];
    this.#methods = parsed;
    return parsed;
  }
  get operations(): readonly OperationRecord[] {
    return this.#operations === undefined ? [] : parseOperations(this.#operations);
  }
  get firmware(): FirmwareRecord {
    return parseFirmware(this.#firmware);
  }
  get pendingEvents(): readonly StoredEvent[] {
    return this.#events.flatMap((bytes) => (bytes === undefined ? [] : [parseEvent(bytes)]));
  }
}

function parseEvent(bytes: Stored): StoredEvent {
  const { v: _, boot, ...event } = parseStored('event', bytes) as EventDocument;
  return boot === undefined
    ? event
    : { ...event, boot: { expected: boot.expected, firmwareUpdated: boot.firmwareUpdated } };
}

export function readRecord(documents: Documents, key: DeviceKey): DeviceRecord | undefined {
  const device = documents.read<DeviceDocument>(keyOf('device', key));
  const state = readState(documents, key);
  return device === undefined || state === undefined ? undefined : new Snapshot(documents, key, device, state);
}
