// One CWMP session (TR-069 §3.7): Inform, this CPE's own requests, the empty POST, the RPCs of the ACS, the end. A plain
// loop around one POST at a time; it knows neither what made it start nor what its end means to the device.
import type { AcsRequest } from './acs-requests.ts';
import type { Demands } from './dialect.ts';
import type { Dispatched } from './dispatch.ts';
import type { FaultRules } from './fault-rules.ts';
import { headerValues, type Answer } from './http-exchange.ts';
import type { HttpClient, Post, PostResult } from './http-client.ts';
import type { Occurrence } from './observe.ts';
import { childOf, readEnvelope, type Element, type Envelope } from './soap-read.ts';
import { httpComplaints, soapComplaints } from './soap-complaints.ts';
import type { Content } from './soap-content.ts';
import type { Voice } from './voice.ts';

export interface SessionParts {
  readonly session: number;
  readonly client: HttpClient;
  readonly voice: Voice;
  readonly demands: Demands;
  readonly encodingPrefix: string;
  /** Sends an empty POST before the Inform, to be challenged. */
  readonly fishes: boolean;
  readonly inform: readonly Content[];
  /** What this CPE has to ask, oldest first; `answered` tells that one is done with. */
  readonly requests: readonly AcsRequest[];
  readonly answered: (request: AcsRequest) => void;
  readonly informAnswered: () => void;
  readonly dispatch: (envelope: Envelope) => Promise<Dispatched>;
  readonly rules: FaultRules;
  readonly now: () => number;
  readonly report: (occurrence: Occurrence) => void;
}

export interface SessionEnd {
  readonly ok: boolean;
  /** `done` when the ACS ended it in order. */
  readonly reason: string;
  /** Seconds from a Retry-After header. */
  readonly retryAfter?: number;
}

const DONE: SessionEnd = { ok: true, reason: 'done' };
const failed = (reason: string, retryAfter?: number): SessionEnd => ({
  ok: false,
  reason,
  ...(retryAfter !== undefined && { retryAfter }),
});

const EMPTY: Post = { text: '', method: '', opens: false };
/** A request that the ACS answers with 8005 is sent again, but not for ever. */
const MOST_REPEATS = 3;

/** What an answer of the ACS means. */
type Heard =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'end'; readonly end: SessionEnd };

export async function runSession(parts: SessionParts): Promise<SessionEnd> {
  if (parts.fishes) await parts.client.fishForChallenge();
  const opening = await ask(parts, { method: 'Inform', content: parts.inform, events: [] });
  if (opening.kind !== 'answered')
    return opening.kind === 'end' ? opening.end : failed('the Inform was answered with a fault');
  parts.informAnswered();
  parts.report({ kind: 'inform-answered', session: parts.session });
  let hold = opening.envelope.holdRequests;
  const waiting = [...parts.requests];
  let next: Post = EMPTY;
  for (;;) {
    // TR-069 §3.7.2.4: its own requests first, unless the ACS holds them back.
    const request = hold || next !== EMPTY ? undefined : waiting.shift();
    if (request !== undefined) {
      const asked = await ask(parts, request);
      if (asked.kind === 'end') return asked.end;
      if (asked.kind === 'answered') parts.answered(request);
      hold = asked.envelope.holdRequests;
      continue;
    }
    parts.report({ kind: 'waiting-for-acs', session: parts.session });
    const heard = hear(parts, await parts.client.post(next), undefined);
    if (heard.kind === 'end') return heard.end;
    next = EMPTY;
    if (heard.kind === 'nothing') {
      if (waiting.length === 0) return DONE;
      hold = false;
      continue;
    }
    hold = heard.envelope.holdRequests;
    const reply = await answer(parts, heard.envelope);
    if ('ok' in reply) return reply;
    next = reply;
  }
}

type Asked =
  | { readonly kind: 'answered' | 'fault'; readonly envelope: Envelope }
  | { readonly kind: 'end'; readonly end: SessionEnd };

/** Sends a request of this CPE until it is answered with anything but `retry` (fault 8005). */
async function ask(parts: SessionParts, { method, content }: AcsRequest): Promise<Asked> {
  const rule = parts.rules.find(method, [])?.answer;
  for (let repeats = 0; ; repeats += 1) {
    const { text, id } = parts.voice.request(method, content);
    const post: Post = { text, method, opens: method === 'Inform' };
    const heard = hear(
      parts,
      await parts.client.post(rule === 'half-body' ? { ...post, cutAfter: text.length >> 1 } : post),
      id,
    );
    if (heard.kind === 'end') return heard;
    if (heard.kind === 'nothing') return { kind: 'end', end: failed(`the ACS did not answer ${method}`) };
    const { envelope } = heard;
    if (rule === 'never') await parts.client.untilClosed();
    if (rule === 'close' || rule === 'never') return { kind: 'end', end: failed(`abandoned after ${method}, as told`) };
    if (envelope.content.local === `${method}Response`) return { kind: 'answered', envelope };
    const code = envelope.content.local === 'Fault' ? faultCodeIn(envelope.content) : undefined;
    if (code === undefined)
      return { kind: 'end', end: failed(`${method} was answered with ${envelope.content.local}`) };
    if (code !== '8005') return { kind: 'fault', envelope };
    if (repeats === MOST_REPEATS)
      return { kind: 'end', end: failed(`the ACS asks to repeat ${method} again and again`) };
  }
}

/** Does what the ACS asks, and returns the next POST or the session's end. */
async function answer(parts: SessionParts, envelope: Envelope): Promise<Post | SessionEnd> {
  const { session, client } = parts;
  if (envelope.content.local === 'Fault' || envelope.content.local.endsWith('Response')) {
    return failed(`the ACS sent ${envelope.content.local} unasked`);
  }
  const at = parts.now();
  const { method, args, answer: said, reply } = await parts.dispatch(envelope);
  parts.report({ kind: 'rpc', session, method, arguments: args, answer: said, at });
  switch (reply.kind) {
    case 'envelope':
      return { text: reply.text, method: '', opens: false };
    case 'half': {
      await client.post({ text: reply.text, method: '', opens: false, cutAfter: reply.text.length >> 1 });
      return failed(`half an answer to ${method}, as told`);
    }
    case 'empty':
      // Not the shared EMPTY: this one answers an RPC, so no request of our own goes before it.
      return { ...EMPTY };
    case 'never':
      await client.untilClosed();
      return failed(`no answer to ${method}, as told`);
    case 'close':
      return failed(`closed in place of an answer to ${method}, as told`);
  }
}

/** Reads an answer of the ACS; what cannot go on is the session's end. */
function hear(parts: SessionParts, result: PostResult, answersId: string | undefined): Heard {
  const { session, voice, report } = parts;
  const end = (reason: string, retryAfter?: number): Heard => ({ kind: 'end', end: failed(reason, retryAfter) });
  switch (result.kind) {
    case 'gave-up':
      report({ kind: 'held-given-up', session, heldFor: result.heldFor });
      return end('the ACS held its answer too long');
    case 'stopped':
      return end('stopped');
    case 'closed':
    case 'refused':
      return end(result.reason);
    case 'answer':
      break;
  }
  for (const text of httpComplaints(result.status, result.rawHeaders, result.body))
    report({ kind: 'complaint', session, text });
  if (result.status === 204 || (result.status === 200 && result.body.length === 0)) return { kind: 'nothing' };
  if (result.status !== 200 && !isFaultAnswer(result)) return end(`HTTP ${result.status}`, retryAfterOf(result));
  const text = result.body.toString('utf8');
  const read = readEnvelope(text);
  if (!read.ok) return end(read.reason);
  const expected = { envelopePrefix: voice.envelopePrefix(), encodingPrefix: parts.encodingPrefix, answersId };
  for (const complaint of soapComplaints(read.envelope, expected))
    report({ kind: 'complaint', session, text: complaint });
  const objection = objectionTo(read.envelope, parts.demands);
  if (objection !== undefined) return end(objection);
  voice.heard(read.envelope);
  return { kind: 'envelope', envelope: read.envelope };
}

/** SOAP 1.1 §6.2 sends a Fault with status 500. */
const isFaultAnswer = ({ status, body }: Answer): boolean => status === 500 && body.includes('Fault');

function retryAfterOf({ rawHeaders }: Answer): number | undefined {
  const [seconds = ''] = headerValues(rawHeaders, 'Retry-After');
  return /^\d+$/.test(seconds) ? Number(seconds) : undefined;
}

/** What makes this make of CPE drop the session. */
function objectionTo({ text, root, content }: Envelope, demands: Demands): string | undefined {
  if (demands.noDeclaration && !text.startsWith(`<${root.prefix}:`))
    return 'invalid SOAP message: it does not begin with the envelope';
  if (demands.envelopePrefix !== undefined && root.prefix !== demands.envelopePrefix) {
    return `there is no ${demands.envelopePrefix}:Envelope`;
  }
  return demands.cwmpPrefix && content.prefix !== 'cwmp' && content.local !== 'Fault'
    ? 'there is no cwmp: element'
    : undefined;
}

function faultCodeIn(element: Element): string | undefined {
  const code = childOf(element, 'FaultCode')?.text.trim();
  return code ?? element.children.map(faultCodeIn).find((found) => found !== undefined);
}
