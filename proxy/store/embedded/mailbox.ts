// MailboxSteps on the embedded store.
import type { ExpectedBoot, OwnerStep, Quiet } from '../device-steps.ts';
import type {
  Enqueued,
  EndedEntry,
  MailboxCaps,
  MailboxEntry,
  MailboxSteps,
  RequestOrigin,
  RequestOutcome,
  RequestRecord,
  RequestStep,
  Settled,
  Settlement,
  Taken,
} from '../mailbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, type LogWrite, write } from './documents.ts';
import { addEvents, isOwner, readState, type StateDocument, writeState } from './state.ts';

/** How long an outcome can be fetched by id. */
export const OUTCOME_KEPT_MS = 10 * 60_000;
/** Finished requests listed per device; older ones are still found by id. */
const FINISHED_LISTED = 64;

interface RequestDocument {
  v: 1;
  entry: MailboxEntry;
  steps: RequestStep[];
  running: boolean;
  outcome?: RequestOutcome;
}

const originKey = (origin: RequestOrigin): string => JSON.stringify([origin.from_id, origin.to_id, origin.msg_id]);

const readRequest = (documents: Documents, key: DeviceKey, id: string): RequestDocument | undefined =>
  documents.read<RequestDocument>(keyOf('request', key, id));
const writeRequest = (key: DeviceKey, request: RequestDocument, expiresAt?: number): LogWrite =>
  write(keyOf('request', key, request.entry.id), request, expiresAt);

/** Ends a request in its state and its document: the write is the caller's to commit. */
function end(key: DeviceKey, state: StateDocument, request: RequestDocument, outcome: RequestOutcome): LogWrite {
  const { id, origin } = request.entry;
  state.waiting = state.waiting.filter((other) => other !== id);
  if (state.running?.id === id) delete state.running;
  if (origin !== undefined) {
    const { [originKey(origin)]: _ended, ...others } = state.origins;
    state.origins = others;
  }
  state.finished = [...state.finished, id].slice(-FINISHED_LISTED);
  request.outcome = outcome;
  request.running = false;
  request.entry = { ...request.entry, payload: '' };
  return writeRequest(key, request, outcome.at + OUTCOME_KEPT_MS);
}

const recordOf = (request: RequestDocument): RequestRecord => {
  const { id, kind, origin, enqueuedAt, deadline } = request.entry;
  const state = request.outcome?.state ?? (request.running ? 'running' : 'waiting');
  return { id, kind, origin, enqueuedAt, deadline, state, steps: request.steps, outcome: request.outcome };
};

function withResult(steps: RequestStep[], result: string | undefined): void {
  const last = steps.at(-1);
  if (last !== undefined && result !== undefined) steps[steps.length - 1] = { ...last, result };
}

export class EmbeddedMailbox implements MailboxSteps {
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
    await this.#documents.commit([writeState(key, state), writeRequest(key, request)]);
    return { kind: 'queued', taken, owner: state.owner, quiet: state.quiet };
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
    if (request === undefined || state.running?.id !== id) return 'done';
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
    also: { readonly previousResult?: string; readonly quiet?: Quiet; readonly expectedBoot?: ExpectedBoot },
  ): Promise<OwnerStep | 'ended'> {
    const state = readState(this.#documents, key);
    if (state === undefined || !isOwner(state, epoch)) return 'stale';
    const request = readRequest(this.#documents, key, id);
    if (request === undefined || request.outcome !== undefined) return 'ended';
    withResult(request.steps, also.previousResult);
    request.steps.push(step);
    if (also.quiet !== undefined) state.quiet = also.quiet;
    if (also.expectedBoot !== undefined) state.expectedBoot = also.expectedBoot;
    await this.#documents.commit([writeState(key, state), writeRequest(key, request)]);
    return 'done';
  }

  async settle(
    key: DeviceKey,
    epoch: number | undefined,
    id: string,
    { outcome, lastResult, events }: Settlement,
  ): Promise<Settled> {
    const state = readState(this.#documents, key);
    const request = readRequest(this.#documents, key, id);
    if (state === undefined || request === undefined || request.outcome !== undefined) return { kind: 'already' };
    if (epoch !== undefined && !isOwner(state, epoch)) return { kind: 'stale' };
    withResult(request.steps, lastResult);
    const { returnPath } = request.entry;
    const writes = [end(key, state, request, outcome), ...addEvents(key, state, events ?? [])];
    await this.#documents.commit([writeState(key, state), ...writes]);
    return { kind: 'first', returnPath };
  }

  async expireRequests(
    key: DeviceKey,
    now: number,
    error: string,
  ): Promise<{ readonly ended: readonly EndedEntry[]; readonly next: number | undefined }> {
    const state = readState(this.#documents, key);
    if (state === undefined) return { ended: [], next: undefined };
    const waiting = this.#waiting(key, state);
    const late = waiting.filter((request) => request.entry.deadline <= now);
    const next = waiting.filter((request) => request.entry.deadline > now).map((request) => request.entry.deadline);
    const ended = await this.#endAll(key, state, late, { state: 'expired', at: now, error, answer: '' });
    return { ended, next: next.length === 0 ? undefined : Math.min(...next) };
  }

  async failWaiting(key: DeviceKey, outcome: RequestOutcome): Promise<readonly EndedEntry[]> {
    const state = readState(this.#documents, key);
    return state === undefined ? [] : this.#endAll(key, state, this.#waiting(key, state), outcome);
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

  #waiting(key: DeviceKey, state: StateDocument): RequestDocument[] {
    return state.waiting.flatMap((id) => readRequest(this.#documents, key, id) ?? []);
  }

  async #endAll(
    key: DeviceKey,
    state: StateDocument,
    requests: readonly RequestDocument[],
    outcome: RequestOutcome,
  ): Promise<readonly EndedEntry[]> {
    if (requests.length === 0) return [];
    const ended = requests.map((request) => ({ entry: request.entry, outcome }));
    const writes = requests.map((request) => end(key, state, request, outcome));
    await this.#documents.commit([writeState(key, state), ...writes]);
    return ended;
  }
}
