// A request as the API shows it. Its name carries its device, so that it is found without an index.
import type { RequestRecord } from '../store/mailbox-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import { isDeviceId } from '../usp/device-id.ts';

const time = (at: number): string => new Date(at).toISOString();

/** What a list shows of each: an answer can be 64 KB. */
export interface RequestSummary {
  readonly id: string;
  readonly device: string;
  readonly kind: string;
  readonly from_id: string | null;
  readonly msg_id: string | null;
  readonly state: string;
  readonly enqueuedAt: string;
  readonly deadline: string;
  readonly endedAt: string | null;
  readonly error: string | null;
  /** Changing RPCs, in order, and whether each was answered. */
  readonly steps: readonly { readonly method: string; readonly at: string; readonly answered: boolean }[];
}
export interface RequestDescription extends RequestSummary {
  /** The encoded Msg of the answer, base64; kept for requests that changed something. */
  readonly answer: string | null;
}

/** `<device>:<id>`: a device id has no colon. */
export const requestName = (key: DeviceKey, id: string): string => `${key.device}:${id}`;

/** Undefined for what can be no request's name. */
export function parseRequestName(name: string): { readonly device: string; readonly id: string } | undefined {
  const [device = '', id = '', ...more] = name.split(':', 3);
  return isDeviceId(device) && /^[A-Z2-7]{20}$/.test(id) && more.length === 0 ? { device, id } : undefined;
}

export const describeRequest = (key: DeviceKey, request: RequestRecord): RequestDescription => ({
  ...summarizeRequest(key, request),
  answer: request.outcome?.answer === '' ? null : (request.outcome?.answer ?? null),
});

export function summarizeRequest(key: DeviceKey, request: RequestRecord): RequestSummary {
  const { outcome, origin } = request;
  return {
    id: requestName(key, request.id),
    device: key.device,
    kind: request.kind,
    from_id: origin?.from_id ?? null,
    msg_id: origin?.msg_id ?? null,
    state: request.state,
    enqueuedAt: time(request.enqueuedAt),
    deadline: time(request.deadline),
    endedAt: outcome === undefined ? null : time(outcome.at),
    error: outcome === undefined || outcome.error === '' ? null : outcome.error,
    steps: request.steps.map(({ method, at, result }) => ({ method, at: time(at), answered: result !== undefined })),
  };
}
