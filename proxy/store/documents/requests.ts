// The documents of requests, and the changes that more than one step makes to them.
import type { MailboxEntry, RequestOrigin, RequestOutcome, RequestRecord, RequestStep } from '../mailbox-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, type Write, write } from './documents.ts';
import type { StateDocument } from './state.ts';

/** How long an outcome can be fetched by id. */
const OUTCOME_KEPT_MS = 10 * 60_000;
/** Finished requests listed per device; older ones are still found by id. */
const FINISHED_LISTED = 64;

export interface RequestDocument {
  v: 1;
  entry: MailboxEntry;
  steps: RequestStep[];
  running: boolean;
  outcome?: RequestOutcome;
}

export const originKey = (origin: RequestOrigin): string =>
  JSON.stringify([origin.from_id, origin.to_id, origin.msg_id]);

export function readRequest(documents: Documents, key: DeviceKey, id: string): RequestDocument | undefined {
  const request = documents.read<RequestDocument>(keyOf('request', key, id));
  if (request === undefined) return undefined;
  const { entry, steps } = request;
  // JSON leaves out what is undefined.
  request.entry = { ...entry, origin: entry.origin, returnPath: entry.returnPath };
  request.steps = steps.map((step) => ({ ...step, result: step.result }));
  return request;
}
export const writeRequest = (key: DeviceKey, request: RequestDocument, expiresAt?: number): Write =>
  write(keyOf('request', key, request.entry.id), request, expiresAt);

/** Ends a request in its state and its document: the write is the caller's to commit. */
export function endRequest(
  key: DeviceKey,
  state: StateDocument,
  request: RequestDocument,
  outcome: RequestOutcome,
): Write {
  const { id, origin } = request.entry;
  state.waiting = state.waiting.filter((other) => other !== id);
  if (state.running?.id === id) delete state.running;
  if (origin !== undefined && state.origins[originKey(origin)] === id) {
    const { [originKey(origin)]: _ended, ...others } = state.origins;
    state.origins = others;
  }
  state.finished = [...state.finished, id].slice(-FINISHED_LISTED);
  request.outcome = outcome;
  request.running = false;
  const last = request.steps.at(-1);
  if (outcome.state === 'unknown' && last !== undefined && last.result === undefined) state.inDoubt = last;
  request.entry = { ...request.entry, payload: '' };
  return writeRequest(key, request, outcome.at + OUTCOME_KEPT_MS);
}

export const recordOf = (request: RequestDocument): RequestRecord => {
  const { id, kind, origin, enqueuedAt, deadline } = request.entry;
  const state = request.outcome?.state ?? (request.running ? 'running' : 'waiting');
  return { id, kind, origin, enqueuedAt, deadline, state, steps: request.steps, outcome: request.outcome };
};

/** The result of step `number`, if there are both. */
export function withResult(steps: RequestStep[], number: number, result: string | undefined): void {
  const step = steps[number - 1];
  if (step !== undefined && result !== undefined) steps[number - 1] = { ...step, result };
}

/** A request that an owner left running waits again, at the head, unless it may have changed something. */
export function putBackUnchanged(documents: Documents, key: DeviceKey, state: StateDocument): Write[] {
  const id = state.running?.id;
  const request = id === undefined ? undefined : readRequest(documents, key, id);
  if (id === undefined || request === undefined || request.steps.length > 0) return [];
  delete state.running;
  state.waiting.unshift(id);
  request.running = false;
  return [writeRequest(key, request)];
}
