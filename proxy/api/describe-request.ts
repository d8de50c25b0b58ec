// A request as the API shows it. Its name carries its device, so that it is found without an index.
import type { RequestRecord } from '../store/mailbox-steps.ts';
import type { DeviceKey } from '../store/store.ts';

const time = (at: number): string => new Date(at).toISOString();

export interface RequestDescription {
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
  /** The encoded Msg of the answer, base64; kept for requests that changed something. */
  readonly answer: string | null;
}

/** `<device>:<id>`: a device id has no colon. */
export const requestName = (key: DeviceKey, id: string): string => `${key.device}:${id}`;

export function parseRequestName(name: string): { readonly device: string; readonly id: string } | undefined {
  const colon = name.lastIndexOf(':');
  return colon <= 0 ? undefined : { device: name.slice(0, colon), id: name.slice(colon + 1) };
}

export function describeRequest(key: DeviceKey, request: RequestRecord): RequestDescription {
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
    answer: outcome === undefined || outcome.answer === '' ? null : outcome.answer,
  };
}
