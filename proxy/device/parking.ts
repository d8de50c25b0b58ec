// Whether a CPE that has nothing to do is held, asked something cheap, or let go (DESIGN mechanism 2). A pure function
// of what is known; `cwmp` only holds and releases.
import type { ParkPolicy } from '../profile/profile.ts';

export interface ParkSettings {
  readonly holdMs: number;
  readonly idleMs: number;
  readonly maxMs: number;
  readonly pollMs: number;
  /** Watched parameters that one poll reads at most. */
  readonly batch: number;
}

export interface ParkFacts {
  readonly policy: ParkPolicy;
  readonly now: number;
  /** When the CPE's empty POST made the session ours. */
  readonly parkedSince: number;
  /** When the HTTP request that is held now arrived. */
  readonly heldSince: number;
  /** When the last request of this session ended; undefined when it served none. */
  readonly lastRequestAt: number | undefined;
  /** When the watched parameters were last read; undefined when not in this session. */
  readonly lastPollAt: number | undefined;
  readonly attached: boolean;
  /** CPE parameters under subscription. */
  readonly watched: number;
  /** SessionTimeout of the Inform's header; undefined when it had none. */
  readonly sessionTimeoutMs: number | undefined;
  /** What this CPE or its model taught us; undefined when nothing. */
  readonly learnedHoldMs: number | undefined;
  /** Work was done that the CPE starts or applies when the session ends. */
  readonly closing: boolean;
  /** It is about to reboot, or busy with a diagnostic that it reports when no session is open. */
  readonly quiet: boolean;
  /** Its connection is whole: that it gave up would be noticed. */
  readonly listens: boolean;
  /** The root of its model is known, so that there is something cheap to ask. */
  readonly askable: boolean;
  /** Another park would exceed the node's cap. */
  readonly full: boolean;
  readonly stopping: boolean;
}

export type ParkEnd =
  /** Work of the session applies at its end. */
  | 'closing'
  /** The CPE is rebooting or in a diagnostic. */
  | 'quiet'
  /** The CPE has closed its half of the connection. */
  | 'half-closed'
  /** The profile never parks. */
  | 'never'
  /** Nobody asked for anything, and nobody is attached. */
  | 'unattached'
  | 'idle'
  | 'max'
  /** It watches more than a poll reads: let go, so that it reports by itself. */
  | 'too-many-watched'
  /** Its hold is over, and nothing is known that it could be asked. */
  | 'nothing-to-ask'
  /** The node has as many parks as it may. */
  | 'cap'
  | 'stopping';

export type ParkDecision =
  | { readonly kind: 'end'; readonly reason: ParkEnd }
  /** Hold the CPE's HTTP request, and ask again at `until`. */
  | { readonly kind: 'hold'; readonly until: number }
  /** Read the watched parameters. */
  | { readonly kind: 'poll' }
  /** One cheap read, so that the CPE's own patience starts anew. */
  | { readonly kind: 'ask' };

/** The CPE's SessionTimeout is not to be waited out to its last second. */
const SESSION_TIMEOUT_MARGIN_MS = 5000;
/** Shorter holds would be polling under another name. */
const SHORTEST_HOLD_MS = 1000;

export function longestHold(settings: ParkSettings, facts: ParkFacts): number {
  const bySession =
    facts.sessionTimeoutMs === undefined
      ? Number.POSITIVE_INFINITY
      : facts.sessionTimeoutMs - SESSION_TIMEOUT_MARGIN_MS;
  const shortest = Math.min(settings.holdMs, bySession, facts.learnedHoldMs ?? Number.POSITIVE_INFINITY);
  return Math.max(SHORTEST_HOLD_MS, shortest);
}

function endReason(settings: ParkSettings, facts: ParkFacts): ParkEnd | undefined {
  if (facts.stopping) return 'stopping';
  if (facts.closing) return 'closing';
  if (facts.quiet) return 'quiet';
  if (!facts.listens) return 'half-closed';
  if (facts.policy === 'never') return 'never';
  if (facts.policy === 'attached' && facts.lastRequestAt === undefined && !facts.attached) return 'unattached';
  if (facts.full) return 'cap';
  if (facts.now - facts.parkedSince >= settings.maxMs) return 'max';
  const quietMs = facts.now - (facts.lastRequestAt ?? facts.parkedSince);
  if (facts.watched > settings.batch && quietMs >= settings.pollMs) return 'too-many-watched';
  return !facts.attached && quietMs >= settings.idleMs ? 'idle' : undefined;
}

/** The decision at `facts.now`. */
export function decidePark(settings: ParkSettings, facts: ParkFacts): ParkDecision {
  const reason = endReason(settings, facts);
  if (reason !== undefined) return { kind: 'end', reason };
  const polls = facts.watched > 0 && facts.watched <= settings.batch;
  const nextPoll = polls ? (facts.lastPollAt ?? facts.parkedSince) + settings.pollMs : Number.POSITIVE_INFINITY;
  if (nextPoll <= facts.now) return { kind: 'poll' };
  const holdEnd = facts.heldSince + longestHold(settings, facts);
  if (holdEnd <= facts.now) {
    if (polls) return { kind: 'poll' };
    return facts.askable ? { kind: 'ask' } : { kind: 'end', reason: 'nothing-to-ask' };
  }
  const last = facts.lastRequestAt ?? facts.parkedSince;
  const until = Math.min(
    holdEnd,
    nextPoll,
    facts.parkedSince + settings.maxMs,
    facts.attached ? Number.POSITIVE_INFINITY : last + settings.idleMs,
    facts.watched > settings.batch ? last + settings.pollMs : Number.POSITIVE_INFINITY,
  );
  return { kind: 'hold', until };
}
