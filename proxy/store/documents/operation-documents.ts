// The document of a device's operations, and the changes that more than one step makes to it.
import type { NewEvent } from '../device-steps.ts';
import type {
  NewOperation,
  OperationBody,
  OperationChange,
  OperationOutcome,
  OperationRecord,
  OperationToRun,
} from '../operation-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, parseStored, type Stored, write, type Write } from './documents.ts';

/** JSON leaves out what is undefined. */
export interface StoredOperation extends NewOperation {
  readonly number: number;
  readonly startedAt?: number;
  readonly looks: number;
}

export interface OperationsDocument {
  readonly v: 1;
  /** Number of the next row. */
  readonly next: number;
  /** Oldest first. */
  readonly open: readonly StoredOperation[];
  /** Tokens of the last that ended. */
  readonly ended: readonly string[];
}

/** Requests that a device can still resume: a few more than run at once. */
const ENDED_KEPT = 64;
const NONE: OperationsDocument = { v: 1, next: 1, open: [], ended: [] };

export const readOperations = (documents: Documents, key: DeviceKey): OperationsDocument =>
  documents.read<OperationsDocument>(keyOf('operations', key)) ?? NONE;

export const writeOperations = (key: DeviceKey, document: OperationsDocument): Write =>
  write(keyOf('operations', key), document);

export function operationRecord(stored: StoredOperation): OperationRecord {
  const { input: _input, token: _token, ...operation } = stored;
  return { ...operation, startedAt: stored.startedAt };
}
export const operationToRun = (stored: StoredOperation): OperationToRun => ({
  ...operationRecord(stored),
  input: stored.input,
});

/** Of a device's stored operations; none for a device of before there were any. */
export const parseOperations = (stored: Stored): readonly OperationRecord[] =>
  (parseStored('operations', stored) as OperationsDocument).open.map(operationRecord);

/** Once it is Active its input is forgotten. */
export const changedOperation = (operation: StoredOperation, change: OperationChange): StoredOperation => ({
  ...operation,
  ...change,
  ...(change.status === 'Active' ? { input: '' } : {}),
});

/** The document without one. */
export function withoutOperation(document: OperationsDocument, number: number): OperationsDocument {
  const gone = document.open.find((operation) => operation.number === number);
  const token = gone?.token ?? '';
  return {
    ...document,
    open: document.open.filter((operation) => operation !== gone),
    ended: token === '' ? document.ended : [...document.ended, token].slice(-ENDED_KEPT),
  };
}

export const operationEvent = (operation: OperationRecord, outcome: OperationOutcome, at: number): NewEvent => ({
  at,
  kind: 'operation',
  body: JSON.stringify({ operation, outcome } satisfies OperationBody),
});

/** The operation that ends with a transfer; undefined where the transfer is nobody's. */
export function operationOf(document: OperationsDocument, CommandKey: string): OperationRecord | undefined {
  const found = document.open.find(({ transfer }) => transfer === CommandKey);
  return found === undefined ? undefined : operationRecord(found);
}
