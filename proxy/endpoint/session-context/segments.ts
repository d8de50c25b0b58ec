// Segmentation and reassembly of Msgs in plain text (TR-369 "SAR function algorithm"). Pure.
import type { PayloadSarState, SessionContextRecord } from '../../usp/record.ts';
import { type Carried, MOST_BYTES, MOST_SEGMENTS, type Parts, PARTS_MS } from './context.ts';

/** In plain text both states are the same in every Record. */
const carried = (payload: readonly Uint8Array[], state: PayloadSarState): Carried => ({
  payload,
  payload_sar_state: state,
  payloadrec_sar_state: state,
});

/** A Record of no payload: it begins a context (R-E2E.2 is deprecated), or asks for a Record. */
export const NOTHING = carried([], 'NONE');

/** The Records of a Msg; each carries at most `capacity` bytes of it, undefined: all of it. */
export function segment(payload: Uint8Array, capacity: number | undefined): readonly Carried[] {
  // Copies: they are kept until they are acknowledged, and what they are views of would be kept with them.
  if (capacity === undefined || payload.length <= capacity) return [carried([new Uint8Array(payload)], 'NONE')];
  const count = Math.ceil(payload.length / capacity);
  return Array.from({ length: count }, (_, index) => {
    const part = new Uint8Array(payload.subarray(index * capacity, (index + 1) * capacity));
    return carried([part], index === 0 ? 'BEGIN' : index === count - 1 ? 'COMPLETE' : 'INPROCESS');
  });
}

export type Reassembled =
  /** `payload`: a whole Msg, where this Record has completed one. */
  | { readonly ok: true; readonly parts: Parts | undefined; readonly payload: Uint8Array | undefined }
  | { readonly ok: false };

const FAILED: Reassembled = { ok: false };

/** Adds the payload of the next Record to what has come before; `ok: false` where it does not fit there (R-E2E.21). */
export function reassemble(
  parts: Parts | undefined,
  { payload, payload_sar_state, payloadrec_sar_state }: SessionContextRecord,
  now: number,
): Reassembled {
  const [first, ...more] = payload;
  // A Record without a payload says nothing of segments: it may come between two of them.
  if (first === undefined || (first.length === 0 && payload_sar_state === 'NONE'))
    return { ok: true, parts, payload: undefined };
  // Without TLS there is one datagram in a Record, and both states say the same.
  if (more.length > 0 || payload_sar_state !== payloadrec_sar_state) return FAILED;
  const begins = payload_sar_state === 'NONE' || payload_sar_state === 'BEGIN';
  if (begins !== (parts === undefined)) return FAILED;
  if (payload_sar_state === 'NONE') return { ok: true, parts: undefined, payload: first };
  const bytes = (parts?.bytes ?? 0) + first.length;
  const count = (parts?.count ?? 0) + 1;
  if (bytes > MOST_BYTES || count > MOST_SEGMENTS) return FAILED;
  // A copy: what came is a view of all that the socket has read at once.
  const last = new Uint8Array(first);
  const longer: Parts = { last, before: parts, count, bytes, until: parts?.until ?? now + PARTS_MS };
  if (payload_sar_state !== 'COMPLETE') return { ok: true, parts: longer, payload: undefined };
  return { ok: true, parts: undefined, payload: joined(longer) };
}

function joined(parts: Parts): Uint8Array {
  const whole = new Uint8Array(parts.bytes);
  let end = parts.bytes;
  for (let one: Parts | undefined = parts; one !== undefined; one = one.before) {
    end -= one.last.length;
    whole.set(one.last, end);
  }
  return whole;
}
