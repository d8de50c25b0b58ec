// MailboxSteps on Redis: the steps over documents, run on one device each.
import type { OwnerStep } from '../device-steps.ts';
import { DocumentMailbox } from '../documents/mailbox.ts';
import type {
  EndedEntry,
  Enqueued,
  Expired,
  MailboxCaps,
  MailboxEntry,
  MailboxSteps,
  RequestOutcome,
  RequestRecord,
  RequestStep,
  Settled,
  Settlement,
  StepEffects,
  Taken,
} from '../mailbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { DeviceRunner } from './device-runner.ts';

export class RedisMailbox implements MailboxSteps {
  readonly #runner: DeviceRunner;

  constructor(runner: DeviceRunner) {
    this.#runner = runner;
  }

  enqueue(key: DeviceKey, entry: MailboxEntry, caps: MailboxCaps, takeAs?: number): Promise<Enqueued> {
    return this.#on(key, (mailbox) => mailbox.enqueue(key, entry, caps, takeAs));
  }

  take(key: DeviceKey, epoch: number): Promise<Taken> {
    return this.#on(key, (mailbox) => mailbox.take(key, epoch));
  }

  putBack(key: DeviceKey, epoch: number, id: string): Promise<OwnerStep> {
    return this.#on(key, (mailbox) => mailbox.putBack(key, epoch, id));
  }

  recordStep(
    key: DeviceKey,
    epoch: number,
    id: string,
    step: RequestStep,
    also: StepEffects,
  ): Promise<OwnerStep | 'ended' | 'withdrawn'> {
    return this.#on(key, (mailbox) => mailbox.recordStep(key, epoch, id, step, also));
  }

  settle(key: DeviceKey, epoch: number | undefined, id: string, settlement: Settlement): Promise<Settled> {
    return this.#on(key, (mailbox) => mailbox.settle(key, epoch, id, settlement));
  }

  expireRequests(key: DeviceKey, now: number, maxMs: number, error: string): Promise<Expired> {
    return this.#on(key, (mailbox) => mailbox.expireRequests(key, now, maxMs, error));
  }

  failWaiting(key: DeviceKey, outcome: RequestOutcome): Promise<readonly EndedEntry[]> {
    return this.#on(key, (mailbox) => mailbox.failWaiting(key, outcome));
  }

  readRequest(key: DeviceKey, id: string): Promise<RequestRecord | undefined> {
    return this.#on(key, (mailbox) => mailbox.readRequest(key, id));
  }

  listRequests(key: DeviceKey, limit: number): Promise<readonly RequestRecord[]> {
    return this.#on(key, (mailbox) => mailbox.listRequests(key, limit));
  }

  #on<T>(key: DeviceKey, step: (mailbox: DocumentMailbox) => Promise<T>): Promise<T> {
    return this.#runner.run(key, (documents) => step(new DocumentMailbox(documents)));
  }
}
