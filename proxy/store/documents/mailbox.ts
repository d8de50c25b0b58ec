// MailboxSteps over the documents of one device.
import { CausewayError } from '../../errors.ts';
import type { OwnerStep } from '../device-steps.ts';
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
import type { Documents, Write } from './documents.ts';
import {
  endRequest,
  originKey,
  readRequest,
  type RequestDocument,
  recordOf,
  withResult,
  writeRequest,
} from './requests.ts';
import { addEvents, isOwner, readState, type StateDocument, writeState } from './state.ts';
import { answerTransfer, readTransfers, withAsked, writeTransfers } from './transfer-documents.ts';

export class DocumentMailbox implements MailboxSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async enqueue(key: DeviceKey, entry: MailboxEntry, caps: MailboxCaps, takeAs?: number): Promise<Enqueued> {
    const state = readState(this.#documents, key);
    if (state === undefined) return { kind: 'unknown-device' };
    const origin = entry.origin === undefined ? undefined : originKey(entry.origin);
    const known = origin === undefined ? undefined : state.origins[origin];
    const unanswered = known === undefined ? undefined : readRequest(this.#documents, key, known);
    if (unanswered !== undefined) {
      unanswered.entry = { ...unanswered.entry, returnPath: entry.returnPath };
      await this.#documents.commit([writeRequest(key, unanswered)]);
      return { kind: 'joined', id: unanswered.entry.id };
    }
    if (state.waiting.length >= caps.entries) return { kind: 'full' };
    const idle = state.running === undefined && state.waiting.length === 0;
    const taken = takeAs !== undefined && isOwner(state, takeAs) && idle;
    if (taken) state.running = { id: entry.id, epoch: state.epoch };
    else state.waiting.push(entry.id);
    if (origin !== undefined) state.origins[origin] = entry.id;
    const request: RequestDocument = { v: 1, entry, steps: [], running: taken };
    const writes = [writeState(key, state), writeRequest(key, request)];
    // A request that starts at once has done nothing yet that could be lost: its first changing step is safe after it.
    if (taken) this.#documents.commitAhead(writes);
    else await this.#documents.commit(writes);
    return { kind: 'queued', taken, owner: state.owner, version: state.version, quiet: state.quiet };
  }

  async take(key: DeviceKey, epoch: number): Promise<Taken> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return { kind: 'stale' };
    const { running } = state;
    if (running?.epoch === epoch) return { kind: 'empty' };
    const id = running?.id ?? state.waiting[0];
    const request = id === undefined ? undefined : readRequest(this.#documents, key, id);
    if (id === undefined || request === undefined) return { kind: 'empty' };
    state.waiting = state.waiting.filter((other) => other !== id);
    state.running = { id, epoch };
    request.running = true;
    await this.#documents.commit([writeState(key, state), writeRequest(key, request)]);
    return { kind: 'entry', entry: request.entry, steps: request.steps };
  }

  async putBack(key: DeviceKey, epoch: number, id: string): Promise<OwnerStep> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return 'stale';
    const request = readRequest(this.#documents, key, id);
    if (request === undefined || state.running?.id !== id || request.steps.length > 0) return 'done';
    delete state.running;
    state.waiting.unshift(id);
    request.running = false;
    await this.#documents.commit([writeState(key, state), writeRequest(key, request)]);
    return 'done';
  }

  async recordStep(
    key: DeviceKey,
    epoch: number,
    id: string,
    step: RequestStep,
    also: StepEffects,
  ): Promise<OwnerStep | 'ended' | 'withdrawn'> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return 'stale';
    const request = readRequest(this.#documents, key, id);
    if (request === undefined || state.running?.id !== id || state.running.epoch !== epoch) return 'ended';
    if (step.step < 1 || step.step > request.steps.length + 1) {
      throw new CausewayError('CAUSEWAY_BUG', `step ${step.step} of ${id} follows step ${request.steps.length}`);
    }
    const asked = also.transfer === undefined ? [] : this.#ask(key, state, also.transfer, step.at);
    if (asked === undefined) return 'withdrawn';
    withResult(request.steps, step.step - 1, also.previousResult);
    // A step that was proven not to have happened is recorded again under its own number.
    request.steps[step.step - 1] = step;
    if (also.quiet !== undefined) state.quiet = also.quiet;
    if (also.expectedBoot !== undefined) state.expectedBoot = also.expectedBoot;
    await this.#documents.commit([writeState(key, state), writeRequest(key, request), ...asked]);
    return 'done';
  }

  async settle(
    key: DeviceKey,
    epoch: number | undefined,
    id: string,
    { outcome, lastResult, onlyRead, events, transfer }: Settlement,
  ): Promise<Settled> {
    const state = readState(this.#documents, key);
    const request = readRequest(this.#documents, key, id);
    if (state === undefined) return { kind: 'already' };
    const answered = transfer === undefined ? [] : answerTransfer(this.#documents, key, state, transfer);
    const open = request !== undefined && request.outcome === undefined;
    if (!open || (epoch !== undefined && !isOwner(state, epoch))) {
      if (answered.length > 0) await this.#documents.commit([writeState(key, state), ...answered]);
      return { kind: open ? 'stale' : 'already' };
    }
    withResult(request.steps, request.steps.length, lastResult);
    const { returnPath } = request.entry;
    const writes = [endRequest(key, state, request, outcome), ...addEvents(key, state, events ?? []), ...answered];
    // After a crash it runs again, and nobody is left who has heard of the first time.
    if (onlyRead === true) this.#documents.commitAhead([writeState(key, state), ...writes]);
    else await this.#documents.commit([writeState(key, state), ...writes]);
    return { kind: 'first', returnPath };
  }

  async expireRequests(key: DeviceKey, now: number, maxMs: number, error: string): Promise<Expired> {
    const state = readState(this.#documents, key);
    if (state === undefined) return { ended: [], next: undefined };
    const ended: EndedEntry[] = [];
    const writes: Write[] = [];
    let next: number | undefined;
    const running = this.#running(key, state);
    for (const request of [...running, ...this.#waiting(key, state)]) {
      const first = request.steps[0];
      const end = first === undefined ? request.entry.deadline : first.at + maxMs;
      const owned = running.includes(request) && isOwner(state, state.running?.epoch ?? 0);
      if (end > now || owned) {
        // A live owner ends what it runs; should it die first, this is looked at again.
        const at = end > now ? end : now + maxMs;
        next = Math.min(next ?? at, at);
        continue;
      }
      const outcome = { state: first === undefined ? 'expired' : 'unknown', at: now, error, answer: '' } as const;
      ended.push({ entry: request.entry, outcome });
      writes.push(endRequest(key, state, request, outcome));
    }
    if (ended.length > 0) await this.#documents.commit([writeState(key, state), ...writes]);
    return { ended, next };
  }

  async failWaiting(key: DeviceKey, outcome: RequestOutcome): Promise<readonly EndedEntry[]> {
    const state = readState(this.#documents, key);
    const waiting = state === undefined ? [] : this.#waiting(key, state);
    if (state === undefined || waiting.length === 0) return [];
    const ended = waiting.map(({ entry }) => ({ entry, outcome }));
    const writes = waiting.map((request) => endRequest(key, state, request, outcome));
    await this.#documents.commit([writeState(key, state), ...writes]);
    return ended;
  }

  async readRequest(key: DeviceKey, id: string): Promise<RequestRecord | undefined> {
    const request = readRequest(this.#documents, key, id);
    return request === undefined ? undefined : recordOf(request);
  }

  async listRequests(key: DeviceKey, limit: number): Promise<readonly RequestRecord[]> {
    const state = readState(this.#documents, key);
    if (state === undefined) return [];
    const running = state.running === undefined ? [] : [state.running.id];
    return [...state.waiting.toReversed(), ...running, ...state.finished.toReversed()]
      .slice(0, limit)
      .flatMap((id) => readRequest(this.#documents, key, id) ?? [])
      .map(recordOf);
  }

  /** Undefined: the transfer does not wait to be asked for. */
  #ask(key: DeviceKey, state: StateDocument, CommandKey: string, at: number): Write[] | undefined {
    const asked = withAsked(readTransfers(this.#documents, key), CommandKey, at);
    return asked === undefined ? undefined : [writeTransfers(key, state, asked)];
  }

  #running(key: DeviceKey, state: StateDocument): RequestDocument[] {
    const request = state.running === undefined ? undefined : readRequest(this.#documents, key, state.running.id);
    return request === undefined ? [] : [request];
  }

  #waiting(key: DeviceKey, state: StateDocument): RequestDocument[] {
    return state.waiting.flatMap((id) => readRequest(this.#documents, key, id) ?? []);
  }
}
