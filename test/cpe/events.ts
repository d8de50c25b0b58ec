// The events a CPE has to report (TR-069 §3.7.1.5): which are told once however often they happened, which once for
// each time, and what becomes of them while a session carries them. Pure but for the queue's own state.

export interface CpeEvent {
  /** `6 CONNECTION REQUEST`, `M Reboot`, … */
  readonly code: string;
  readonly commandKey: string;
}

export const event = (code: string, commandKey = ''): CpeEvent => ({ code, commandKey });

export const BOOTSTRAP = '0 BOOTSTRAP';
export const BOOT = '1 BOOT';
export const PERIODIC = '2 PERIODIC';
export const SCHEDULED = '3 SCHEDULED';
export const VALUE_CHANGE = '4 VALUE CHANGE';
export const CONNECTION_REQUEST = '6 CONNECTION REQUEST';
export const TRANSFER_COMPLETE = '7 TRANSFER COMPLETE';
export const DIAGNOSTICS_COMPLETE = '8 DIAGNOSTICS COMPLETE';

/** Only method events (`M …`) are told once for each time they happened. */
const isMultiple = ({ code }: CpeEvent): boolean => code.startsWith('M ');

/** Numbered events by number, method events after them. */
const rank = ({ code }: CpeEvent): number => (/^\d+/.test(code) ? Number.parseInt(code, 10) : 100);

/** Adds what is not there yet, in the order in which events are reported. */
export function mergeEvents(events: readonly CpeEvent[], more: readonly CpeEvent[]): CpeEvent[] {
  const merged = [...events];
  for (const added of more) {
    if (isMultiple(added) || !merged.some(({ code }) => code === added.code)) merged.push(added);
  }
  return merged.sort((one, other) => rank(one) - rank(other));
}

/** What a reboot makes stale: results of diagnostics are gone, and the boot to report is the new one. */
const lostInReboot = new Set([BOOT, DIAGNOSTICS_COMPLETE]);

export interface EventQueue {
  /** Queues for the next session; a BOOTSTRAP drops everything else that was not delivered. */
  add(event: CpeEvent): void;
  /** What waits for a session, without what the running one carries. */
  waiting(): readonly CpeEvent[];
  /** Takes what waits for a session that begins; it stays here until the session's end is known. */
  take(): readonly CpeEvent[];
  /** The carried events arrived. */
  delivered(): void;
  /** They did not, as far as known: the next session carries them again. */
  returned(): void;
  /** The device restarts. */
  rebooted(): void;
  clear(): void;
}

export function createEventQueue(): EventQueue {
  let waiting: CpeEvent[] = [];
  let carried: readonly CpeEvent[] = [];
  return {
    add: (added) => {
      waiting = added.code === BOOTSTRAP ? [added] : mergeEvents(waiting, [added]);
      if (added.code === BOOTSTRAP) carried = [];
    },
    waiting: () => waiting,
    take: () => {
      carried = waiting;
      waiting = [];
      return carried;
    },
    delivered: () => {
      carried = [];
    },
    returned: () => {
      waiting = mergeEvents([...carried], waiting);
      carried = [];
    },
    rebooted: () => {
      waiting = mergeEvents([...carried], waiting).filter(({ code }) => !lostInReboot.has(code));
      carried = [];
    },
    clear: () => {
      waiting = [];
      carried = [];
    },
  };
}
