// Session after session: what waits to be reported, at most one session at a time, and when to try again after one that
// failed (TR-069 §3.2.1.1). What a session's end means to the device is told to `afterSession` before the next begins.
import type { AcsRequest } from './acs-requests.ts';
import type { Noted } from './change-notices.ts';
import type { Cancel, Clock } from './clock.ts';
import type { LiveDevice } from './device.ts';
import { answerRpc } from './dispatch.ts';
import { createEventQueue, event, mergeEvents, VALUE_CHANGE, type CpeEvent, type EventQueue } from './events.ts';
import type { FaultRules } from './fault-rules.ts';
import { createHttpClient } from './http-client.ts';
import { informContent } from './inform.ts';
import type { Occurrence, RpcRecord } from './observe.ts';
import type { CpeOptions, Timings } from './options.ts';
import type { Random } from './random.ts';
import { retryWait, STANDARD_RETRY } from './retry.ts';
import { runSession, type SessionEnd } from './session.ts';
import { createVoice } from './voice.ts';

export interface SessionsOptions {
  readonly options: CpeOptions;
  readonly device: LiveDevice;
  readonly timings: Timings;
  readonly rules: FaultRules;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: (occurrence: Occurrence) => void;
  readonly afterSession: (acsUrl: string) => void;
}

export interface Sessions {
  readonly queue: EventQueue;
  /** Queues an event, and opens a session for it as soon as one may be opened. */
  add(added: CpeEvent): void;
  /** Queues a request to the ACS; its events open a session, one without events waits for any. */
  ask(request: AcsRequest): void;
  isRunning(): boolean;
  /** The device is on, and counts its attempts anew. */
  resume(): void;
  /** The device is off: a running session is cut, and nothing is opened. Resolves when it is over. */
  suspend(): Promise<void>;
  /** A factory reset: nothing is left to report. */
  forget(): void;
}

/** One attempt at a session: what it carries, and whom it tells. */
interface Attempt {
  readonly session: number;
  readonly events: readonly CpeEvent[];
  /** The RetryCount of its Inform. */
  readonly attempt: number;
  readonly noted: Noted;
  readonly url: URL;
  readonly signal: AbortSignal;
  readonly observe: (occurrence: Occurrence) => void;
}

export function createSessions(parts: SessionsOptions): Sessions {
  const { options, device, timings, clock, random, report } = parts;
  const { dialect, notices } = device;
  const queue = createEventQueue();
  const http = { ...dialect.http, ...options.http };
  const nothing: Cancel = () => undefined;
  let requests: readonly AcsRequest[] = [];
  let isOn = false;
  let running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  let count = 0;
  let retryCount = 0;
  let cancelRetry = nothing;

  const hasReason = (): boolean => queue.waiting().length > 0 || requests.some(({ events }) => events.length > 0);
  const open = (): void => {
    if (!isOn || running !== undefined) return;
    cancelRetry();
    cancelRetry = nothing;
    const abort = new AbortController();
    // The session begins in a later turn, so that whoever raised the event is not in the middle of it.
    running = { abort, done: Promise.resolve().then(async () => await run(abort.signal)) };
  };
  const openIfDue = (): void => {
    if (hasReason()) open();
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    count += 1;
    const session = count;
    const attempt = retryCount;
    const noted = notices.pending();
    const own = [...requests.flatMap(({ events }) => events), ...(noted.size > 0 ? [event(VALUE_CHANGE)] : [])];
    const events = mergeEvents(queue.take(), own);
    const acsUrl = device.managementServer('URL');
    const startedAt = clock.now();
    const rpcs: RpcRecord[] = [];
    let posts = 0;
    const observe = (occurrence: Occurrence): void => {
      if (occurrence.kind === 'rpc') rpcs.push(occurrence);
      if (occurrence.kind === 'post') posts += 1;
      report(occurrence);
    };
    report({ kind: 'session-started', session, events, retryCount: attempt });
    // Whoever may write the ACS URL may write nonsense there.
    const end = URL.canParse(acsUrl)
      ? await converse({ session, events, attempt, noted, url: new URL(acsUrl), signal, observe })
      : { ok: false, reason: `no ACS URL: "${acsUrl}"` };
    running = undefined;
    const arose = queue.waiting().length > 0;
    settle(end);
    if (end.ok) notices.delivered(noted);
    const { ok, reason } = end;
    const endedAt = clock.now();
    report({
      kind: 'session-ended',
      session,
      ok,
      reason,
      events,
      retryCount: attempt,
      rpcs,
      posts,
      startedAt,
      endedAt,
    });
    parts.afterSession(acsUrl);
    if (ok || arose) openIfDue();
    else planRetry(end);
  };

  const converse = async ({ session, events, attempt, noted, url, signal, observe }: Attempt): Promise<SessionEnd> => {
    const credentials = {
      username: device.managementServer('Username'),
      password: device.managementServer('Password'),
    };
    const voice = createVoice({
      dialect,
      cwmpVersion: options.cwmpVersion ?? 0,
      random,
      ...(options.sessionTimeout !== undefined && { sessionTimeout: options.sessionTimeout }),
    });
    const client = createHttpClient({
      url,
      dialect: http,
      credentials,
      heldLimit: timings.heldLimit,
      compression: options.compression ?? 'none',
      clock,
      random,
      signal,
      onPost: (post) => observe({ kind: 'post', session, ...post }),
    });
    const end = await runSession({
      session,
      client,
      voice,
      demands: dialect.demands,
      encodingPrefix: dialect.soap.encodingPrefix,
      fishes: http.opening === 'empty-post' && credentials.username !== '',
      inform: informContent({
        deviceId: device.deviceId,
        events,
        now: clock.now(),
        retryCount: attempt,
        paths: [...device.informPaths, ...noted.keys()],
        model: device.model,
      }),
      requests,
      answered: (request) => {
        requests = requests.filter((other) => other !== request);
      },
      informAnswered: () => {
        if (options.delivery !== 'response') return;
        queue.delivered();
        notices.delivered(noted);
      },
      dispatch: async (envelope) => await answerRpc(envelope, device, parts.rules, voice),
      rules: parts.rules,
      now: () => clock.now(),
      report: observe,
    });
    client.close();
    return end;
  };

  /** RetryCount is zero if and only if the session before ended in order (TR-069 A.3.3.1). */
  const settle = (end: SessionEnd): void => {
    if (end.ok) queue.delivered();
    else queue.returned();
    retryCount = end.ok ? 0 : retryCount + 1;
  };

  const planRetry = ({ retryAfter }: SessionEnd): void => {
    if (!isOn || running !== undefined) return;
    const settings = {
      minimumWait: Number(device.managementServer('CWMPRetryMinimumWaitInterval')) || STANDARD_RETRY.minimumWait,
      multiplier: Number(device.managementServer('CWMPRetryIntervalMultiplier')) || STANDARD_RETRY.multiplier,
    };
    const standard = retryAfter === undefined ? retryWait(retryCount, settings, random) : retryAfter * 1000;
    const wait = Math.round(standard * timings.retryScale);
    report({ kind: 'retry-planned', count: retryCount, wait });
    cancelRetry = clock.after(wait, open);
  };

  return {
    queue,
    add: (added) => {
      queue.add(added);
      open();
    },
    ask: (request) => {
      requests = [...requests, request];
      if (request.events.length > 0) open();
    },
    isRunning: () => running !== undefined,
    resume: () => {
      isOn = true;
      retryCount = 0;
      openIfDue();
    },
    suspend: async () => {
      isOn = false;
      cancelRetry();
      cancelRetry = nothing;
      const current = running;
      current?.abort.abort();
      await current?.done;
    },
    forget: () => {
      queue.clear();
      notices.clear();
      requests = [];
    },
  };
}
