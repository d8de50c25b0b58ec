// FirmwareSteps over the documents of one device, and the document of its banks.
import type { NewEvent } from '../device-steps.ts';
import {
  FIRST_FIRMWARE,
  type FirmwareBody,
  type FirmwareMove,
  type FirmwareRecord,
  type FirmwareSteps,
} from '../firmware-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, parseStored, type Stored, write } from './documents.ts';
import {
  changedOperation,
  operationEvent,
  operationRecord,
  readOperations,
  withoutOperation,
  writeOperations,
} from './operation-documents.ts';
import { addEvents, readState, writeState } from './state.ts';

interface FirmwareDocument extends FirmwareRecord {
  readonly v: 1;
}

const withoutVersion = ({ active, bank }: FirmwareDocument): FirmwareRecord => ({ active, bank });

/** Of a device's stored banks; the first ones for a device of before there were any. */
export const parseFirmware = (stored: Stored | undefined): FirmwareRecord =>
  stored === undefined ? FIRST_FIRMWARE : withoutVersion(parseStored('firmware', stored) as FirmwareDocument);

const firmwareEvent = (body: FirmwareBody, at: number): NewEvent => ({
  at,
  kind: 'firmware',
  body: JSON.stringify(body),
});

export class DocumentFirmware implements FirmwareSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async moveFirmware(key: DeviceKey, move: FirmwareMove): Promise<'moved' | 'stale'> {
    const { number, detail, at, firmware, operation } = move;
    const state = readState(this.#documents, key);
    const document = readOperations(this.#documents, key);
    const found = document.open.find((one) => one.number === number);
    if (state === undefined || found?.detail !== detail) return 'stale';
    const before = parseFirmware(this.#documents.bytes(keyOf('firmware', key)));
    const events: NewEvent[] = firmware === undefined ? [] : [firmwareEvent({ before, after: firmware }, at)];
    if (operation.kind === 'ends') events.push(operationEvent(operationRecord(found), operation.outcome, at));
    const operations =
      operation.kind === 'ends'
        ? withoutOperation(document, number)
        : {
            ...document,
            open: document.open.map((one) => (one === found ? changedOperation(one, operation.change) : one)),
          };
    const written = addEvents(key, state, events);
    state.version += 1;
    await this.#documents.commit([
      writeState(key, state),
      writeOperations(key, operations),
      ...(firmware === undefined ? [] : [write(keyOf('firmware', key), { v: 1, ...firmware })]),
      ...written,
    ]);
    return 'moved';
  }
}
