// OperationSteps over the documents of one device.
import type {
  NewOperation,
  OperationBegun,
  OperationChange,
  OperationOutcome,
  OperationStatus,
  OperationSteps,
  OperationToRun,
} from '../operation-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { Documents } from './documents.ts';
import {
  changedOperation,
  operationEvent,
  operationRecord,
  type OperationsDocument,
  operationToRun,
  readOperations,
  type StoredOperation,
  withoutOperation,
  writeOperations,
} from './operation-documents.ts';
import { addEvents, readState, type StateDocument, writeState } from './state.ts';

export class DocumentOperations implements OperationSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async beginOperation(key: DeviceKey, operation: NewOperation, cap: number): Promise<OperationBegun> {
    const state = readState(this.#documents, key);
    if (state === undefined) return { kind: 'unknown-device' };
    const document = readOperations(this.#documents, key);
    const { token } = operation;
    const known = token === '' ? undefined : document.open.find((other) => other.token === token);
    if (known !== undefined) return { kind: 'known', operation: operationRecord(known) };
    if (token !== '' && document.ended.includes(token)) return { kind: 'ended' };
    if (document.open.length >= cap) return { kind: 'full' };
    const begun: StoredOperation = {
      ...operation,
      number: document.next,
      looks: 0,
      ...(operation.status === 'Active' ? { startedAt: operation.createdAt } : {}),
    };
    await this.#commit(key, state, { ...document, next: document.next + 1, open: [...document.open, begun] });
    return { kind: 'begun', operation: operationRecord(begun) };
  }

  async changeOperation(
    key: DeviceKey,
    number: number,
    from: readonly OperationStatus[],
    change: OperationChange,
  ): Promise<'changed' | 'unchanged'> {
    const state = readState(this.#documents, key);
    const document = readOperations(this.#documents, key);
    const found = document.open.find((operation) => operation.number === number);
    if (state === undefined || found === undefined || !from.includes(found.status)) return 'unchanged';
    const changed = changedOperation(found, change);
    // What it is left alone for is what it is called for now.
    if (change.status === 'Canceling' && state.quiet?.reason === 'diagnostic') delete state.quiet;
    const open = document.open.map((operation) => (operation === found ? changed : operation));
    await this.#commit(key, state, { ...document, open });
    return 'changed';
  }

  async endOperation(
    key: DeviceKey,
    number: number,
    outcome: OperationOutcome,
    at: number,
  ): Promise<'ended' | 'unknown'> {
    const state = readState(this.#documents, key);
    const document = readOperations(this.#documents, key);
    const found = document.open.find((operation) => operation.number === number);
    if (state === undefined || found === undefined) return 'unknown';
    const events = addEvents(key, state, [operationEvent(operationRecord(found), outcome, at)]);
    state.version += 1;
    const written = writeOperations(key, withoutOperation(document, number));
    await this.#documents.commit([writeState(key, state), written, ...events]);
    return 'ended';
  }

  async dropOperation(key: DeviceKey, number: number): Promise<void> {
    const state = readState(this.#documents, key);
    const document = readOperations(this.#documents, key);
    if (state === undefined || !document.open.some((operation) => operation.number === number)) return;
    await this.#commit(key, state, withoutOperation(document, number));
  }

  async readOperation(key: DeviceKey, number: number): Promise<OperationToRun | undefined> {
    const found = readOperations(this.#documents, key).open.find((operation) => operation.number === number);
    return found === undefined ? undefined : operationToRun(found);
  }

  #commit(key: DeviceKey, state: StateDocument, document: OperationsDocument): Promise<void> {
    state.version += 1;
    return this.#documents.commit([writeState(key, state), writeOperations(key, document)]);
  }
}
