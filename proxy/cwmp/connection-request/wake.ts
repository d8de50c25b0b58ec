// Asks one CPE over HTTP to open a session (TR-069 §3.2.2): requests without credentials, then with each of the
// configured ones in order, and again after a pause where the CPE is busy or refuses. One request at a time, one budget
// of time. It ends with exactly one outcome and the trace of how it came about; it never throws for what a CPE does.
// That several waiters for one device share one wake is the caller's business.
import { createAddressPolicy, type AddressCheck, type AddressPolicySettings } from './address-policy.ts';
import {
  answerChallenge,
  chooseChallenge,
  describeChallenge,
  type ConnectionRequestCredentials,
} from './challenge-answer.ts';
import type { Clock } from '../../operate/clock.ts';
import { parseConnectionRequestUrl, type ConnectionRequestTarget } from './connection-request-url.ts';
import { requestOnce, systemEffects, type AttemptResult, type HttpClientEffects } from './http-client.ts';
import { describeEnding, type ConnectionRequestEnding, type ConnectionRequestOutcome } from './outcomes.ts';
import { createTrace, type TraceRecorder, type TraceStep } from './trace.ts';

export interface HttpWakerEffects {
  readonly clock: Clock;
  /** That many bytes, for cnonces unpredictable to others. */
  readonly random: (size: number) => Uint8Array;
  readonly connect?: HttpClientEffects['connect'];
  readonly resolve?: HttpClientEffects['resolve'];
}

export interface HttpWakerSettings {
  readonly addresses: AddressPolicySettings;
  /** Resolving and connecting, each. Default 5,000. */
  readonly connectMs?: number;
  /** Default 5,000. */
  readonly replyMs?: number;
  /** For all requests of one wake together, pauses included. Default 15,000. */
  readonly budgetMs?: number;
  /** Whether an https CPE must show a valid certificate, and the CAs (PEM) that count. Default: it must; Node's CAs. */
  readonly tls?: { readonly verify: boolean; readonly ca?: string };
}

export interface WakeRequest {
  /** ManagementServer.ConnectionRequestURL as the CPE reported it; undefined or empty: it has not. */
  readonly url: string | undefined;
  /** Where the CPE's last authenticated Inform came from; see createAddressPolicy for CPEs behind a proxy. */
  readonly sourceAddress: string | undefined;
  /** Tried in this order, each when the CPE answers 401. */
  readonly candidates: readonly ConnectionRequestCredentials[];
  /** Answer a CPE that offers Basic only: whoever answers in its place then reads the passwords. Default true. */
  readonly allowBasic?: boolean;
  /** Instead of the setting, when the caller's own deadline is nearer. */
  readonly budgetMs?: number;
}

export interface WakeResult {
  readonly outcome: ConnectionRequestOutcome;
  readonly trace: readonly TraceStep[];
}

export type HttpWaker = (request: WakeRequest) => Promise<WakeResult>;

const DEFAULT_CONNECT_MS = 5_000;
const DEFAULT_REPLY_MS = 5_000;
const DEFAULT_BUDGET_MS = 15_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
/** With less time left after a pause another try could only end in a time-out that says less than we know. */
const SHORTEST_TRY_MS = 1_000;
const CNONCE_BYTES = 8;

/** One wake under way. */
interface Wake {
  readonly target: ConnectionRequestTarget;
  readonly request: WakeRequest;
  readonly effects: HttpWakerEffects;
  readonly record: TraceRecorder;
  /** By the clock: no request or pause begins after it, and one under way is ended by it, but for the closing. */
  readonly deadline: number;
  readonly budgetMs: number;
  /** One request on a connection of its own. */
  readonly send: (authorization: string | undefined) => Promise<AttemptResult>;
  /** Index of the candidate to try next: a refused one is not tried again after a pause. */
  candidate: number;
}

export function createHttpWaker(effects: HttpWakerEffects, settings: HttpWakerSettings): HttpWaker {
  const policyFor = createAddressPolicy(settings.addresses);
  return async (request) => {
    const { steps, record } = createTrace(() => effects.clock.now());
    const url = request.url?.trim() ?? '';
    const parsed = parseConnectionRequestUrl(url);
    let ending: ConnectionRequestEnding;
    if (url === '') ending = { kind: 'no-url' };
    else if (!parsed.ok) ending = { kind: 'bad-url', problem: parsed.problem };
    else {
      const { target } = parsed;
      record('url', `${target.secure ? 'https' : 'http'}://${target.host}${target.path}`);
      ending = await persevere(beginWake(effects, settings, request, target, policyFor(request.sourceAddress), record));
    }
    const outcome = describeEnding(ending);
    record('outcome', `${outcome.kind}: ${outcome.explanation}`);
    return { outcome, trace: steps };
  };
}

function beginWake(
  effects: HttpWakerEffects,
  settings: HttpWakerSettings,
  request: WakeRequest,
  target: ConnectionRequestTarget,
  checkAddress: AddressCheck,
  record: TraceRecorder,
): Wake {
  const client: HttpClientEffects = { ...systemEffects, ...effects };
  const budgetMs = request.budgetMs ?? settings.budgetMs ?? DEFAULT_BUDGET_MS;
  const deadline = effects.clock.now() + budgetMs;
  const common = {
    target,
    checkAddress,
    deadline,
    connectMs: settings.connectMs ?? DEFAULT_CONNECT_MS,
    replyMs: settings.replyMs ?? DEFAULT_REPLY_MS,
    tls: settings.tls ?? { verify: true },
    record,
  };
  const send: Wake['send'] = (authorization) => requestOnce(client, { ...common, authorization });
  return { target, request, effects, record, deadline, budgetMs, send, candidate: 0 };
}

/** Again after a pause while the CPE is busy or refuses (it may be rebooting) and there is time. */
async function persevere(wake: Wake): Promise<ConnectionRequestEnding> {
  const { clock, random } = wake.effects;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const ending = await converse(wake);
    if (ending.kind !== 'busy' && ending.kind !== 'refused') return ending;
    // A quarter more or less, so that CPEs refused together are not asked together again.
    const wait = Math.round(pause * (0.75 + ((random(1)[0] ?? 0) / 255) * 0.5));
    if (clock.now() + wait + SHORTEST_TRY_MS > wake.deadline) return ending;
    wake.record('wait', `${ending.kind}; ${wait} ms until the next request`);
    await new Promise<void>((resolve) => clock.after(wait, resolve));
  }
}

/** From a request without credentials to the first reply that is no 401, or until the candidates are used up. */
async function converse(wake: Wake): Promise<ConnectionRequestEnding> {
  const { request, record } = wake;
  let authorization: string | undefined;
  let repeatedForStale = false;
  for (;;) {
    if (wake.effects.clock.now() >= wake.deadline) return { kind: 'out-of-time', budgetMs: wake.budgetMs };
    const result = await wake.send(authorization);
    if (!result.ok) return result.ending;
    const { reply } = result;
    if (reply.status !== 401) return endingOfStatus(reply.status, authorization !== undefined);

    // Each 401 brings a challenge of its own, and only the latest counts (quirk 9).
    const chosen = chooseChallenge(reply, request.allowBasic ?? true);
    if (authorization !== undefined) {
      const stale = chosen.ok && chosen.challenge.scheme === 'digest' && chosen.challenge.stale;
      repeatedForStale = stale && !repeatedForStale;
      if (!repeatedForStale) wake.candidate += 1;
    }
    if (!chosen.ok) return { kind: 'challenge-not-understood', reason: chosen.reason };
    const credentials = request.candidates[wake.candidate];
    if (credentials === undefined) {
      const tried = request.candidates.length;
      return tried === 0 ? { kind: 'no-credentials' } : { kind: 'wrong-credentials', tried };
    }
    const asked = describeChallenge(chosen.challenge);
    record(
      'credentials',
      `asked for ${asked}; next: ${wake.candidate + 1} of ${request.candidates.length} (${credentials.from})`,
    );
    const cnonce = Buffer.from(wake.effects.random(CNONCE_BYTES)).toString('hex');
    authorization = answerChallenge(chosen.challenge, credentials, wake.target.path, cnonce);
  }
}

function endingOfStatus(status: number, authenticated: boolean): ConnectionRequestEnding {
  if (status === 200 || status === 204) return { kind: 'accepted', status, authenticated };
  return status === 503 ? { kind: 'busy' } : { kind: 'other-status', status };
}
