// The document of a device's transfers, and the changes that more than one step makes to it.
import type { NewEvent } from '../device-steps.ts';
import type { TransferBody } from '../operation-steps.ts';
import type { DeviceKey } from '../store.ts';
import type {
  NewTransfer,
  ReportMatch,
  TransferAnswer,
  TransferEnd,
  TransferRecord,
  TransferReport,
  TransferToAsk,
} from '../transfer-steps.ts';
import { type Documents, keyOf, remove, write, type Write } from './documents.ts';
import { operationOf, readOperations, withoutOperation, writeOperations } from './operation-documents.ts';
import { addEvents, type StateDocument } from './state.ts';

const ENDED_KEPT = 16;
const ENDED_KEPT_MS = 7 * 24 * 3_600_000;

/** One that has not ended; JSON leaves out what is undefined. */
export interface OpenTransfer extends NewTransfer {
  readonly state: 'waiting' | 'asked' | 'pending';
  readonly askedAt?: number;
  readonly acceptedAt?: number;
}
export interface EndedTransfer extends Omit<OpenTransfer, 'state' | 'secrets'> {
  readonly end: TransferEnd;
}

/** Both oldest first. */
export interface TransfersDocument {
  readonly v: 1;
  readonly open: readonly OpenTransfer[];
  readonly ended: readonly EndedTransfer[];
}

export const readTransfers = (documents: Documents, key: DeviceKey): TransfersDocument =>
  documents.read<TransfersDocument>(keyOf('transfers', key)) ?? { v: 1, open: [], ended: [] };

/** The document's write; the state counts what waits, since every Inform looks at that. */
export function writeTransfers(key: DeviceKey, state: StateDocument, document: TransfersDocument): Write {
  const waiting = document.open.filter((transfer) => transfer.state === 'waiting').length;
  if (waiting > 0) state.transfers = waiting;
  else delete state.transfers;
  const nothing = document.open.length === 0 && document.ended.length === 0;
  return nothing ? remove(keyOf('transfers', key)) : write(keyOf('transfers', key), document);
}

const timesOf = ({
  askedAt,
  acceptedAt,
}: OpenTransfer | EndedTransfer): Pick<TransferRecord, 'askedAt' | 'acceptedAt'> => ({
  askedAt,
  acceptedAt,
});
export function openRecord(transfer: OpenTransfer): TransferRecord {
  const { secrets: _, ...record } = transfer;
  return { ...record, ...timesOf(transfer), end: undefined };
}
export const endedRecord = (transfer: EndedTransfer): TransferRecord => ({
  ...transfer,
  ...timesOf(transfer),
  state: transfer.end.state,
});
export const recordToAsk = (transfer: OpenTransfer): TransferToAsk => ({
  ...openRecord(transfer),
  secrets: transfer.secrets,
});

export const lastsUntil = ({ end }: EndedTransfer): number => end.at + ENDED_KEPT_MS;

/** The document without what ended long ago. */
export const lasting = (document: TransfersDocument, now: number): TransfersDocument => ({
  ...document,
  ended: document.ended.filter((transfer) => lastsUntil(transfer) > now),
});

/** An open transfer as it ended; what was secret of it is forgotten. */
export function endedBy(
  { state: _state, secrets: _secrets, ...transfer }: OpenTransfer,
  end: TransferEnd,
): EndedTransfer {
  return { ...transfer, end };
}

/** The document with an open transfer ended. */
export function withEnded(document: TransfersDocument, ended: EndedTransfer): TransfersDocument {
  const open = document.open.filter(({ CommandKey }) => CommandKey !== ended.CommandKey);
  return { v: 1, open, ended: [...lasting(document, ended.end.at).ended, ended].slice(-ENDED_KEPT) };
}

/** Its RPC is about to leave. Undefined: it does not wait any more. */
export function withAsked(document: TransfersDocument, CommandKey: string, at: number): TransfersDocument | undefined {
  const found = document.open.find((transfer) => transfer.CommandKey === CommandKey);
  if (found?.state !== 'waiting') return undefined;
  const asked: OpenTransfer = { ...found, state: 'asked', askedAt: at };
  return { ...document, open: document.open.map((transfer) => (transfer === found ? asked : transfer)) };
}

/**
 * What the CPE answered, as writes: nothing where the transfer has ended. An agreement counts once, and only of one that is
 * asked for.
 */
export function answerTransfer(
  documents: Documents,
  key: DeviceKey,
  state: StateDocument,
  { CommandKey, at, end }: TransferAnswer,
): Write[] {
  const document = readTransfers(documents, key);
  const found = document.open.find((transfer) => transfer.CommandKey === CommandKey);
  if (found === undefined) return [];
  if (end !== undefined) {
    const ended = endedBy(found, end);
    const events = raiseEnded(documents, key, state, [endedRecord(ended)], at);
    return [writeTransfers(key, state, withEnded(document, ended)), ...events];
  }
  if (found.state !== 'asked') return [];
  const pending: OpenTransfer = { ...found, state: 'pending', secrets: '', acceptedAt: at };
  const open = document.open.map((transfer) => (transfer === found ? pending : transfer));
  return [writeTransfers(key, state, { ...document, open })];
}

const endedEvent = (body: TransferBody, at: number): NewEvent => ({ at, kind: 'transfer', body: JSON.stringify(body) });

/**
 * The events of transfers that end, as writes, and the end of the operations that waited for them. `report`: sequence of
 * the event that told of the end.
 */
export function raiseEnded(
  documents: Documents,
  key: DeviceKey,
  state: StateDocument,
  transfers: readonly TransferRecord[],
  at: number,
  report?: number,
): Write[] {
  const before = readOperations(documents, key);
  let operations = before;
  const events = transfers.map((transfer) => {
    const operation = operationOf(operations, transfer.CommandKey);
    // One on firmware looks at its transfer and decides: there may be another try.
    if (operation !== undefined && operation.kind !== 'firmware')
      operations = withoutOperation(operations, operation.number);
    const told = report === undefined ? {} : { report };
    return endedEvent({ transfer, ...told, ...(operation === undefined ? {} : { operation }) }, at);
  });
  const writes = addEvents(key, state, events);
  if (operations === before) return writes;
  state.version += 1;
  return [...writes, writeOperations(key, operations)];
}

/** What a report tells of, and how that is known. */
export type Match =
  | { readonly kind: 'by-key' | 'only-pending'; readonly transfer: OpenTransfer }
  | Extract<ReportMatch, { readonly kind: 'none' }>;

/**
 * By CommandKey; a CPE that lost it (quirk 27), or that reports what another ACS asked for, is believed where only one
 * transfer can be meant. A key of ours that names another transfer is never taken for this one's.
 */
export function matchReport({ open, ended }: TransfersDocument, report: TransferReport): Match {
  const told = open.filter(({ state, kind }) => state !== 'waiting' && report.kinds.includes(kind));
  const named = told.find(({ CommandKey }) => CommandKey === report.CommandKey);
  if (named !== undefined) return { kind: 'by-key', transfer: named };
  if (ended.some(({ CommandKey }) => CommandKey === report.CommandKey)) return { kind: 'none', why: 'ended' };
  if (report.ours) return { kind: 'none', why: 'forgotten' };
  const [only, another] = told;
  if (only === undefined) return { kind: 'none', why: 'none-pending' };
  return another === undefined ? { kind: 'only-pending', transfer: only } : { kind: 'none', why: 'several-pending' };
}
