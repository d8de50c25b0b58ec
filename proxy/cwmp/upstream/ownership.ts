// Whose a thing is that a CPE reports: Causeway's own, or the ACS's. Our ParameterKeys and CommandKeys have a form of
// their own, so that most of it shows in the report itself; the rest follows from what is stored of the device. Pure.
import { eventNumber } from '../../device/events.ts';
import { isOurKey } from '../../device/journal/keys.ts';
import type { Ledger } from '../../device/ledger.ts';
import type { AcsMethodName, AcsRequest } from '../../rpc/methods.ts';
import type { Event } from '../../rpc/structs.ts';
import type { UpstreamRecord } from '../../store/upstream-steps.ts';

/** One of ours anywhere in a text; what merely looks like one is then read more closely. */
const OUR_KEY = /(?<![A-Za-z0-9])1[A-Z2-7]{20}[0-9]{2}(?![A-Za-z0-9])/;
export const mayHoldOurKey = (text: string): boolean => OUR_KEY.test(text);

const CONNECTION_REQUEST = 6;
const DIAGNOSTICS_COMPLETE = 8;
/** Events without a key that come with the method event which has it (TR-069 §3.7.1.5). */
const COMES_WITH: ReadonlyMap<number, ReadonlySet<string>> = new Map([
  [3, new Set(['ScheduleInform'])],
  [7, new Set(['Download', 'Upload', 'ScheduleDownload'])],
  [11, new Set(['ChangeDUState'])],
]);

const METHOD_EVENT = /^\s*M\s+(\w+)/i;
const methodOf = ({ EventCode }: Event): string | undefined => METHOD_EVENT.exec(EventCode)?.[1];

const haveCommon = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].some((member) => other.has(member));

/** What is known of our own doings when an Inform comes. */
export interface OwnDoings {
  /** The CPE may have come because we called it. */
  readonly called: boolean;
  /** A diagnostic of ours runs. */
  readonly diagnostic: boolean;
  /** Codes that were kept from the ACS when this Inform came before; empty when it did not. */
  readonly keptBefore: readonly string[];
}

/** Events that the ACS has nothing to do with. `1 BOOT` is never one: that the CPE started anew concerns everybody. */
export function ownEvents(events: readonly Event[], doings: OwnDoings): readonly Event[] {
  const ours = new Set<string>();
  const theirs = new Set<string>();
  for (const event of events) {
    const method = methodOf(event);
    if (method !== undefined) (isOurKey(event.CommandKey) ? ours : theirs).add(method);
  }
  return events.filter((event) => {
    if (methodOf(event) !== undefined) return isOurKey(event.CommandKey);
    const number = eventNumber(event.EventCode);
    if (number === undefined) return false;
    if (number === CONNECTION_REQUEST) return doings.called || doings.keptBefore.includes(event.EventCode);
    if (number === DIAGNOSTICS_COMPLETE) return doings.diagnostic || doings.keptBefore.includes(event.EventCode);
    const causes = COMES_WITH.get(number);
    return causes !== undefined && haveCommon(causes, ours) && !haveCommon(causes, theirs);
  });
}

/** Whether the ACS wants to be told of a parameter. */
const wants = (watched: readonly string[], name: string): boolean =>
  watched.some((path) => name === path || (path.endsWith('.') && name.startsWith(path)));

/** Whether a CPE reports a parameter because we asked it to, and for no other reason. */
export function isWatchedByUsOnly(name: string, ledger: Ledger, { watched }: UpstreamRecord): boolean {
  const entry = ledger.get(name);
  if (entry === undefined) return false;
  return entry.notification !== 0 && entry.before === 0 && !wants(watched, name);
}

/** Who is to hear of a request of the CPE's. */
export type Recipient = 'us' | 'acs' | 'both';

const BY_COMMAND_KEY: ReadonlySet<AcsMethodName> = new Set(['TransferComplete', 'DUStateChangeComplete']);

/** What ends work that somebody ordered is told to whoever ordered it; what the CPE did by itself, to both. */
export function recipientOf<N extends AcsMethodName>(method: N, value: AcsRequest<N>): Recipient {
  if (method === 'GetRPCMethods') return 'acs';
  if (!BY_COMMAND_KEY.has(method)) return 'both';
  return isOurKey((value as AcsRequest<'TransferComplete'>).CommandKey) ? 'us' : 'acs';
}
