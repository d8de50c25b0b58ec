// The documents of one device, and the changes that more than one step makes to them.
import type {
  BootMark,
  DeviceFacts,
  DeviceIdentity,
  ExpectedBoot,
  NewEvent,
  OwnerStep,
  Quiet,
  StoredEvent,
  TreeRecord,
  WakeRecord,
} from '../device-steps.ts';
import type { RequestStep } from '../mailbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { HandedOver } from '../upstream-steps.ts';
import { type Documents, keyOf, remove, write, type Write } from './documents.ts';
import type { TroubleDocument } from './trouble.ts';

/** Changes with each Inform that says something new, hardly ever. */
export interface DeviceDocument {
  readonly v: 1;
  readonly createdAt: number;
  readonly identity: DeviceIdentity;
  readonly facts: DeviceFacts;
}

export interface EventDocument extends StoredEvent {
  readonly v: 1;
}

/** Events that wait to be derived; more than any Subscription keeps of their Notifies. */
const EVENTS_KEPT = 1000;

/** Reports remembered to tell a repeat; a CPE repeats its last few at most. */
const REPORTS_REMEMBERED = 16;

/** What of a tree stands in the state of the device. */
export type StoredTree = Omit<TreeRecord, 'instances' | 'remembered'>;

/** Changes with every step; small on purpose. */
export interface StateDocument {
  v: 1;
  epoch: number;
  /** Of the Inform before; undefined before the second. */
  epochBefore?: number;
  owner?: string;
  version: number;
  localVersion: number;
  informAt: number;
  informEvents: readonly string[];
  digest: string;
  bootAt: number;
  /** A BOOT was saved and the session that brought it has not ended well yet: a retry of it is the same boot. */
  bootOpen: boolean;
  sequence: number;
  /** Sequences of events whose Notify rows are not derived yet. */
  pending: number[];
  /** Digests of the last reports, newest last; a repeat is told by them. */
  reports: string[];
  /** Ids of waiting requests, oldest first. */
  waiting: string[];
  running?: { readonly id: string; readonly epoch: number };
  /** Ids of recently finished requests, newest last, for listing. */
  finished: string[];
  /** Unfinished requests by what their Controllers called them. */
  origins: Record<string, string>;
  /** Of the tree document, what is looked at in every session. */
  tree?: StoredTree;
  quiet?: Quiet;
  expectedBoot?: ExpectedBoot;
  wake?: WakeRecord;
  released?: HandedOver;
  inDoubt?: RequestStep;
  keysSeen: boolean;
  trouble?: TroubleDocument;
  /** Transfers that the CPE has not been asked for yet. */
  transfers?: number;
  /** Up to when Periodic! was raised; left out while nobody wants it. */
  periodicAt?: number;
  waking?: { readonly incarnation: string; readonly until: number };
  attachments: Record<string, number>;
}

export const newState = (): StateDocument => ({
  v: 1,
  epoch: 0,
  version: 1,
  localVersion: 0,
  informAt: 0,
  informEvents: [],
  digest: '',
  bootAt: 0,
  bootOpen: false,
  sequence: 0,
  pending: [],
  reports: [],
  waiting: [],
  finished: [],
  origins: Object.create(null) as Record<string, string>,
  attachments: Object.create(null) as Record<string, number>,
  keysSeen: false,
});

export const readState = (documents: Documents, key: DeviceKey): StateDocument | undefined =>
  documents.read<StateDocument>(keyOf('state', key));
export const writeState = (key: DeviceKey, state: StateDocument): Write => write(keyOf('state', key), state);

export const isOwner = (state: StateDocument, epoch: number): boolean =>
  state.owner !== undefined && state.epoch === epoch;

/** A step of the owner's: nothing is written, and the answer is `stale`, when somebody else has the device. */
export async function ownerStep(
  documents: Documents,
  key: DeviceKey,
  epoch: number,
  change: (state: StateDocument) => readonly Write[],
): Promise<OwnerStep> {
  const state = readState(documents, key);
  if (state === undefined || !isOwner(state, epoch)) return 'stale';
  const writes = change(state);
  await documents.commit([writeState(key, state), ...writes]);
  return 'done';
}

/** Incarnations that must be looked after when they are dead: the owner, who wakes, who is attached. */
export const holdersOf = ({ owner, waking, attachments }: StateDocument): ReadonlySet<string> =>
  new Set([owner, waking?.incarnation, ...Object.keys(attachments)].filter((holder) => holder !== undefined));

/** Requests waiting or running. */
export const unfinished = (state: StateDocument): number =>
  state.waiting.length + (state.running === undefined ? 0 : 1);

/** False for a repeat: a report that is remembered already. */
export function rememberReport(state: StateDocument, digest: string): boolean {
  if (state.reports.includes(digest)) return false;
  state.reports = [...state.reports, digest].slice(-REPORTS_REMEMBERED);
  return true;
}

/**
 * Adds events to a state; the writes belong into the same batch as the state. No report of a CPE is refused: the oldest
 * events that nobody could derive for so long go, as the oldest Notifies would.
 */
export function addEvents(key: DeviceKey, state: StateDocument, events: readonly NewEvent[], boot?: BootMark): Write[] {
  const added = events.map((event) => {
    state.sequence += 1;
    state.pending.push(state.sequence);
    const stored: EventDocument = { v: 1, ...event, sequence: state.sequence, ...(boot === undefined ? {} : { boot }) };
    return write(keyOf('event', key, String(state.sequence)), stored);
  });
  const dropped = state.pending.splice(0, Math.max(0, state.pending.length - EVENTS_KEPT));
  return [...added, ...dropped.map((sequence) => remove(keyOf('event', key, String(sequence))))];
}
