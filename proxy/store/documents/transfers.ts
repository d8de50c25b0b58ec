// TransferSteps over the documents of one device.
import type { NewEvent } from '../device-steps.ts';
import type { DeviceKey } from '../store.ts';
import type {
  ExpiredTransfers,
  NewTransfer,
  OpenTransferState,
  TransferEnd,
  TransferEnded,
  TransferRecord,
  TransferReport,
  TransferReportSaved,
  TransferSteps,
  TransferToAsk,
} from '../transfer-steps.ts';
import type { Documents } from './documents.ts';
import { addEvents, isOwner, readState, rememberReport, writeState } from './state.ts';
import {
  endedBy,
  endedRecord,
  lasting,
  lastsUntil,
  matchReport,
  openRecord,
  raiseEnded,
  readTransfers,
  recordToAsk,
  withEnded,
  writeTransfers,
} from './transfer-documents.ts';

export class DocumentTransfers implements TransferSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async beginTransfer(
    key: DeviceKey,
    transfer: NewTransfer,
    cap: number,
  ): Promise<'begun' | 'full' | 'unknown-device'> {
    const state = readState(this.#documents, key);
    if (state === undefined) return 'unknown-device';
    const document = readTransfers(this.#documents, key);
    // Whoever asks for it again was not sure that the first time had come here.
    if ([...document.open, ...document.ended].some(({ CommandKey }) => CommandKey === transfer.CommandKey))
      return 'begun';
    if (document.open.length >= cap) return 'full';
    const begun = { ...document, open: [...document.open, { ...transfer, state: 'waiting' as const }] };
    const written = writeTransfers(key, state, begun);
    await this.#documents.commit([writeState(key, state), written]);
    return 'begun';
  }

  async endTransfer(
    key: DeviceKey,
    CommandKey: string,
    end: TransferEnd,
    from: readonly OpenTransferState[],
  ): Promise<TransferEnded> {
    const state = readState(this.#documents, key);
    const document = readTransfers(this.#documents, key);
    const found = document.open.find((transfer) => transfer.CommandKey === CommandKey);
    if (state === undefined || found === undefined) {
      const before = document.ended.find((transfer) => transfer.CommandKey === CommandKey);
      return before === undefined ? { kind: 'unknown' } : { kind: 'unchanged', state: before.end.state };
    }
    if (!from.includes(found.state)) return { kind: 'unchanged', state: found.state };
    const ended = endedBy(found, end);
    const transfer = endedRecord(ended);
    const events = raiseEnded(this.#documents, key, state, [transfer], end.at);
    const written = writeTransfers(key, state, withEnded(document, ended));
    await this.#documents.commit([writeState(key, state), written, ...events]);
    return { kind: 'ended', transfer };
  }

  async saveTransferReport(
    key: DeviceKey,
    epoch: number,
    digest: string,
    event: NewEvent,
    report: TransferReport,
  ): Promise<TransferReportSaved> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return { kind: 'stale' };
    if (!rememberReport(state, digest)) return { kind: 'repeat' };
    const document = readTransfers(this.#documents, key);
    const match = matchReport(document, report);
    const reported = addEvents(key, state, [event]);
    if (match.kind === 'none') {
      await this.#documents.commit([writeState(key, state), ...reported]);
      return { kind: 'saved', match };
    }
    const ended = endedBy(match.transfer, report.end);
    const transfer = endedRecord(ended);
    const events = raiseEnded(this.#documents, key, state, [transfer], report.end.at, state.sequence);
    const written = writeTransfers(key, state, withEnded(document, ended));
    await this.#documents.commit([writeState(key, state), written, ...reported, ...events]);
    return { kind: 'saved', match: { kind: match.kind, transfer } };
  }

  async expireTransfers(key: DeviceKey, now: number): Promise<ExpiredTransfers> {
    const state = readState(this.#documents, key);
    const before = readTransfers(this.#documents, key);
    if (state === undefined) return { ended: [], next: undefined };
    const end = { state: 'expired', at: now, FaultCode: 0, FaultString: '', StartTime: '', CompleteTime: '' } as const;
    const late = before.open.filter(({ expiresAt }) => expiresAt <= now).map((transfer) => endedBy(transfer, end));
    const after = late.reduce(withEnded, lasting(before, now));
    const ended = late.map(endedRecord);
    const times = [...after.open.map(({ expiresAt }) => expiresAt), ...after.ended.map(lastsUntil)];
    const next = times.length === 0 ? undefined : Math.min(...times);
    if (late.length === 0 && after.ended.length === before.ended.length) return { ended, next };
    const events = raiseEnded(this.#documents, key, state, ended, now);
    const written = writeTransfers(key, state, after);
    await this.#documents.commit([writeState(key, state), written, ...events]);
    return { ended, next };
  }

  async readTransfer(key: DeviceKey, CommandKey: string): Promise<TransferToAsk | undefined> {
    const { open, ended } = readTransfers(this.#documents, key);
    const found = open.find((transfer) => transfer.CommandKey === CommandKey);
    if (found !== undefined) return recordToAsk(found);
    const before = ended.find((transfer) => transfer.CommandKey === CommandKey);
    return before === undefined ? undefined : { ...endedRecord(before), secrets: '' };
  }

  async listTransfers(key: DeviceKey): Promise<readonly TransferRecord[]> {
    const { open, ended } = readTransfers(this.#documents, key);
    return [...open.map(openRecord).toReversed(), ...ended.map(endedRecord).toReversed()];
  }
}
