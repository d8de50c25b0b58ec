// A Session Context of one Agent with one Controller (TR-369 "Exchange of USP Records within an E2E Session Context"), as
// data: what is known of it between two Records, and what a step of its machine brings about. Pure; no Endpoint ID is in it.
import type { Randomness } from '../../operate/clock.ts';
import type { SessionContextRecord } from '../../usp/record.ts';
import type { RetryPolicy } from '../retry.ts';

/** What a Controller's row wants of its contexts. */
export interface Rules {
  /** Without a Record for so long the context is over (R-E2E.7); 0: never. */
  readonly expirationMs: number;
  /** How often one Record is sent again for the asking; -1: always (MaxRetransmitTries). */
  readonly maxRetransmits: number;
  readonly retry: RetryPolicy;
}

/** When a step is, and where it has its chance from. */
export interface Moment {
  readonly now: number;
  readonly randomness: Randomness;
}

/** What a Record carries, and where it stands among the segments of a Msg. */
export type Carried = Pick<SessionContextRecord, 'payload' | 'payload_sar_state' | 'payloadrec_sar_state'>;

/** A Record that was sent, for when it is asked for again (R-E2E.16). */
export interface Sent {
  readonly sequence: bigint;
  readonly carried: Carried;
  /** How often it was sent again. */
  readonly resent: number;
}

/** Segments of a Msg that is not whole yet: the last one, and those before it. */
export interface Parts {
  readonly last: Uint8Array;
  readonly before: Parts | undefined;
  readonly count: number;
  readonly bytes: number;
  /** When it must be whole. */
  readonly until: number;
}

/** Something is to be tried again, unless a Record makes that needless. */
export interface Again {
  readonly at: number;
  /** Tries so far. */
  readonly tries: number;
}

export interface PastContext {
  readonly id: bigint;
  /** Records of it are late until then. */
  readonly until: number;
  /** We had begun it. */
  readonly own: boolean;
}

/** What outlives a context, so that the next is not disturbed by it. */
export interface Past {
  /** Newest first: Records of them that are late are no new beginning. */
  readonly past: readonly PastContext[];
  /** Contexts of ours in a row that failed before a Record came that was good (R-E2E.11, R-E2E.12). */
  readonly failures: number;
  /** Before this no failure begins another one (R-E2E.10). */
  readonly mayFailAt: number;
}

export interface NoContext extends Past {
  readonly kind: 'none';
  /** There was one, which failed: what is sent next begins another. */
  readonly lost: boolean;
}

export interface OpenContext extends Past {
  readonly kind: 'open';
  readonly id: bigint;
  /** We have begun it. */
  readonly own: boolean;
  /** Theirs has come while ours was on its way, and nothing says yet that they have not gone over to ours. */
  readonly crossed: boolean;
  /** A Record of the other side has come in it: until then it is being negotiated. */
  readonly heard: boolean;
  /** sequence_id of the next Record that we send. */
  readonly next: bigint;
  /** sequence_id of the next Record that we take. */
  readonly expected: bigint;
  /** Sent and not acknowledged, oldest first. */
  readonly sent: readonly Sent[];
  readonly sentBytes: number;
  /** Records that came before their turn. */
  readonly ahead: ReadonlyMap<bigint, SessionContextRecord>;
  readonly aheadBytes: number;
  readonly parts: Parts | undefined;
  /** When a Record last went by. */
  readonly activeAt: number;
  /** Of our first Record while nothing has come, or is said; of the Record that is missing while others wait for it. */
  readonly again: Again | undefined;
}
export type Context = NoContext | OpenContext;

export const NO_CONTEXT: NoContext = { kind: 'none', lost: false, past: [], failures: 0, mayFailAt: 0 };

/** Why a Record was ignored. */
export type SessionDrop =
  /** Of a context before. */
  | 'session-stale'
  /** Of no context that we know, and not the first of one. */
  | 'session-unknown'
  | 'session-expired'
  /** R-E2E.20.2, R-E2E.25. */
  | 'session-duplicate'
  /** It could not be taken or kept; the context began anew (R-E2E.21). */
  | 'session-failed';

/** Why a context ended without anybody having wanted that. */
export type Failure =
  /** session_id or sequence_id has a value that cannot be. */
  | 'value'
  | 'unknown'
  | 'expired'
  /** It is too far ahead, or too much waits for what is missing. */
  | 'window'
  /** What is missing did not come though it was asked for. */
  | 'gap'
  | 'segments'
  /** A Record was wanted again that is not there any more. */
  | 'retransmit-gone'
  /** MaxRetransmitTries. */
  | 'retransmit-limit'
  /** Each has gone over to the context that the other had begun. */
  | 'crossed'
  /** R-E2E.8. */
  | 'exhausted'
  /** Its signature was not good, or its payload is secured otherwise than the context is (R-E2E.19, R-E2E.23). */
  | 'integrity';

export type Effect =
  | { readonly kind: 'send'; readonly record: SessionContextRecord }
  /** A whole Msg, or what should be one. */
  | { readonly kind: 'deliver'; readonly payload: Uint8Array }
  | { readonly kind: 'drop'; readonly reason: SessionDrop }
  | { readonly kind: 'begun'; readonly by: 'agent' | 'controller' }
  | { readonly kind: 'resent' }
  | { readonly kind: 'asked-again' }
  /** The context is over; `unacknowledged` Records of it may not have come. */
  | { readonly kind: 'over'; readonly why: Failure | 'controller' | 'idle'; readonly unacknowledged: number };

export interface Step<C extends Context = Context> {
  readonly context: C;
  readonly effects: readonly Effect[];
}

/** R-E2E.8, R-E2E.9: within 10,000 of what a uint64 holds. */
export const EXHAUSTED = 2n ** 64n - 1n - 10_000n;

/** For so long a Record of a context before may be on its way, as TCP has it. */
export const LATE_MS = 60_000;
/** Contexts before that are remembered: none of them begins a second time. */
export const MOST_PAST = 16;

/** Records that wait for one that is missing: as many as a socket has in hand at once (mtp/intake). */
export const MOST_AHEAD = 64;
/** What our decoder takes as one Msg (usp/wire-read): neither a Msg in segments nor what waits may be larger. */
export const MOST_BYTES = 4 * 1024 * 1024;
/** Segments of one Msg: MOST_BYTES in Records of 512 bytes, the smallest MaxUSPRecordSize. */
export const MOST_SEGMENTS = 16_384;
/** From the first segment of a Msg to its last; a Record takes far less, and a peer that is gone holds memory no longer. */
export const PARTS_MS = 60_000;
/** How often a missing Record is asked for: with the waits of R-E2E.10 some 35 to 70 s, as long as segments may take. */
export const MOST_ASKED = 3;
/**
 * Unacknowledged Records are kept up to here, for each Notify that a peer never acknowledges is one; an older one that is
 * wanted again begins the context anew, as TR-369 has it. So does one of the first segments of a Msg in more than that.
 */
export const MOST_SENT = 1024;
/** What a kept Record takes beside its payload. */
export const RECORD_BYTES = 128;

export const isExpired = ({ activeAt }: OpenContext, { expirationMs }: Rules, now: number): boolean =>
  expirationMs > 0 && now - activeAt >= expirationMs;

/** When the machine is to be asked again (`tick`). */
export function wakeAt(context: Context): number | undefined {
  if (context.kind === 'none') return undefined;
  const times = [context.again?.at, context.parts?.until].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What a context holds of memory. */
export const bytesOf = (context: Context): number =>
  context.kind === 'none' ? 0 : context.sentBytes + context.aheadBytes + (context.parts?.bytes ?? 0);

export const sizeOf = (payload: readonly Uint8Array[]): number =>
  payload.reduce((sum, { length }) => sum + length, RECORD_BYTES);
