// What the ACS sees of an Inform: as if Causeway did nothing with the CPE. Our events are taken out, the ParameterKey is
// the one that the ACS set last, and values that only Causeway watches are not told; an Inform of which nothing is left
// is not shown at all. Every other byte stays what the CPE wrote. Pure.
import { hash } from 'node:crypto';
import { eventNumber, hasEvent } from '../../device/events.ts';
import { isOurKey } from '../../device/journal/keys.ts';
import type { Ledger } from '../../device/ledger.ts';
import type { InformRequest } from '../../rpc/inform.ts';
import type { Event } from '../../rpc/structs.ts';
import type { UpstreamRecord } from '../../store/upstream-steps.ts';
import { isWatchedByUsOnly, mayHoldOurKey, type OwnDoings, ownEvents } from './ownership.ts';
import { applyEdits, childNamed, type Edit, messageIn, type Part, readParts, removeMembers, textOf } from './parts.ts';
import { replaceParameterKey } from './parameter-key.ts';

export interface InformView {
  /** Undefined: nothing of it concerns the ACS. */
  readonly shown: string | undefined;
  /** What is stored with it. */
  readonly upstream: UpstreamRecord;
}
export interface InformFacts {
  readonly inform: InformRequest;
  readonly upstream: UpstreamRecord;
  readonly ledger: Ledger;
  readonly doings: Omit<OwnDoings, 'keptBefore'>;
}

const BOOTSTRAP = 0;
const VALUE_CHANGE = 4;
/** Of a CPE whose Informs carry more, every value counts as one of each Inform. */
const MOST_ALWAYS = 64;

const isParameterKey = (name: string): boolean => name.endsWith('ManagementServer.ParameterKey');

/** `text`: the Inform's body as Latin-1. */
export function viewInform(text: string, facts: InformFacts): InformView {
  const { inform } = facts;
  const codes = inform.Event.map(({ EventCode }) => EventCode);
  const before = hasEvent(codes, BOOTSTRAP) ? { ...facts.upstream, watched: [] } : facts.upstream;
  const keptBefore = inform.RetryCount > 0 ? before.kept : [];
  const hidden = hasEvent(codes, VALUE_CHANGE) ? ownValues(facts, before) : new Set<string>();
  const own = new Set(ownEvents(inform.Event, { ...facts.doings, keptBefore }));
  if (hidden.size > 0 && !tellsMore(facts, before, hidden)) {
    for (const event of inform.Event) if (eventNumber(event.EventCode) === VALUE_CHANGE) own.add(event);
  }
  const kept = [...own].map(({ EventCode }) => EventCode);
  const ParameterKey = theirKey(inform, before.ParameterKey);
  const upstream = { ...before, ...lookedAt(facts, before), kept, ParameterKey };
  // An Inform that came without any event is the CPE's own habit (quirk 19).
  if (own.size > 0 && own.size === inform.Event.length) return { shown: undefined, upstream };
  return { shown: rewrite(text, { own, hidden, ParameterKey }), upstream };
}

/** The last key that is not ours: what the ACS, or whoever was there before us, has set. */
function theirKey({ ParameterList }: InformRequest, known: string): string {
  const said = ParameterList.find(({ Name }) => isParameterKey(Name.trim()));
  return said === undefined || isOurKey(said.Value) ? known : said.Value;
}

function ownValues({ inform, ledger }: InformFacts, upstream: UpstreamRecord): ReadonlySet<string> {
  const always = new Set(upstream.always);
  const names = inform.ParameterList.map(({ Name }) => Name.trim());
  return new Set(names.filter((name) => !always.has(name) && isWatchedByUsOnly(name, ledger, upstream)));
}

/** Whether a value has changed that the ACS is to hear of: one beside those of every Inform, or one of these. */
function tellsMore(facts: InformFacts, { always, values }: UpstreamRecord, hidden: ReadonlySet<string>): boolean {
  const known = new Set(always);
  const others = facts.inform.ParameterList.filter(({ Name }) => !known.has(Name.trim()) && !hidden.has(Name.trim()));
  return others.some(({ Name }) => !isParameterKey(Name.trim())) || digestOf(facts.inform, known) !== values;
}

function digestOf({ ParameterList }: InformRequest, names: ReadonlySet<string>): string {
  const told = ParameterList.filter(({ Name }) => names.has(Name.trim()) && !isParameterKey(Name.trim()));
  return hash('sha1', JSON.stringify(told.map(({ Name, Value }) => [Name.trim(), Value])), 'base64url');
}

/** Of every Inform, shown or not: what the CPE changes by itself is reported in the next one. */
function lookedAt({ inform }: InformFacts, before: UpstreamRecord): Pick<UpstreamRecord, 'always' | 'values'> {
  const codes = inform.Event.map(({ EventCode }) => EventCode);
  const names = inform.ParameterList.map(({ Name }) => Name.trim());
  const isPlain = !hasEvent(codes, VALUE_CHANGE) && names.length <= MOST_ALWAYS;
  const always = isPlain ? names : before.always;
  return { always, values: digestOf(inform, new Set(always)) };
}

interface Changes {
  readonly own: ReadonlySet<Event>;
  readonly hidden: ReadonlySet<string>;
  readonly ParameterKey: string;
}

function rewrite(text: string, { own, hidden, ParameterKey }: Changes): string {
  if (own.size === 0 && hidden.size === 0 && !mayHoldOurKey(text)) return text;
  const message = messageIn(readParts(text));
  const events = childNamed(message, 'Event');
  const values = childNamed(message, 'ParameterList');
  const said = new Set([...own].map(({ EventCode, CommandKey }) => `${EventCode.trim()}\n${CommandKey.trim()}`));
  const isOwn = (part: Part): boolean =>
    said.has(`${textOf(text, part, 'EventCode')}\n${textOf(text, part, 'CommandKey')}`);
  const edits: Edit[] = [];
  if (events !== undefined) edits.push(...removeMembers(text, events, events.parts.filter(isOwn)));
  if (values !== undefined) {
    const gone = values.parts.filter((part) => hidden.has(textOf(text, part, 'Name')));
    edits.push(...removeMembers(text, values, gone), ...replaceParameterKey(text, values, ParameterKey));
  }
  return applyEdits(text, edits);
}
