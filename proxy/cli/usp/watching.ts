// A watch from its first connection to its last: subscribes, hands on what the Agent tells, comes back when the gateway
// was away, and takes its Subscriptions with it when it ends.
import { setTimeout as sleep } from 'node:timers/promises';
import type { UspBody, UspRequest } from '../../usp/msg.ts';
import { formatDuration } from '../arguments.ts';
import { EXIT, type ExitCode, type Failure, failure, type Result, success } from '../outcome.ts';
import type { Settings } from '../settings.ts';
import { backOff } from './back-off.ts';
import { openController, REPLACED, replacedText } from './connect.ts';
import type { Controller } from './controller.ts';
import { valuesOf } from './get.ts';
import type { Seen } from './notify-text.ts';
import { errorLine, errorReport } from './report.ts';
import {
  addSubscriptions,
  rowsAdded,
  rowsStillThere,
  type SubscriptionRow,
  wantedSubscriptions,
  type WatchPlan,
} from './watch-plan.ts';

export interface Watch {
  readonly settings: Settings;
  /** Endpoint ID. */
  readonly agent: string;
  readonly plan: WatchPlan;
  /** Tells its Subscriptions from those of others. */
  readonly name: string;
  /** When it ends by itself, in milliseconds since the epoch. */
  readonly endsAt: number;
  /** Aborted when it is to end. */
  readonly end: AbortSignal;
  readonly seen: (seen: Seen) => void;
  /** What happens to the watch itself. */
  readonly say: (text: string) => void;
}

const KEEP_ALIVE_MS = 30_000;
/** Whoever pressed Ctrl-C does not want to wait. */
const FAREWELL_MS = 5000;
/** A Subscription that nobody deleted lasts this much longer than the watch. */
const GRACE_SECONDS = 60;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export async function keepWatching(watch: Watch): Promise<Result<ExitCode>> {
  const { settings, agent, end, say } = watch;
  let rows: readonly SubscriptionRow[] = [];
  let open: Controller | undefined;
  let failed: Failure | undefined;
  const goesOn = (): boolean => failed === undefined && !end.aborted;
  for (let attempt = 0; goesOn(); attempt += 1) {
    const opened = await openController(settings, agent);
    const subscribed = opened.ok ? await subscribe(watch, opened.value, rows) : opened;
    if (opened.ok && subscribed.ok) {
      const first = rows.length === 0;
      rows = subscribed.value;
      attempt = 0;
      say(first ? `watching ${agent}; Ctrl-C ends` : 'connected again');
      open = opened.value;
      if (first) void showCurrent(watch, open);
      const closed = await closedOrEnded(open, end);
      if (closed === undefined) break;
      open = undefined;
      if (closed === REPLACED) failed = failure(EXIT.unreachable, replacedText(settings.controller));
      else await pause(watch, attempt, `the connection is lost${closed === '' ? '' : ` (${closed})`}`);
    } else if (!subscribed.ok) {
      if (opened.ok) void opened.value.close();
      // What never worked is a mistake; what did work comes back, unless the gateway says no.
      if (rows.length === 0 || subscribed.exit !== EXIT.unreachable) failed = subscribed;
      else await pause(watch, attempt, subscribed.message);
    }
  }
  const left = rows.length === 0 ? undefined : await unsubscribe(watch, open, rows);
  await open?.close();
  if (left !== undefined) say(left);
  return failed ?? success(left === undefined ? EXIT.ok : EXIT.partly);
}

async function pause({ end, say }: Watch, attempt: number, why: string): Promise<void> {
  const ms = backOff(attempt, Math.random());
  if (!end.aborted) say(`${why}; connecting again in ${formatDuration(ms)}`);
  await sleep(ms, undefined, { signal: end }).catch(() => undefined);
}

/** Why the connection closed; undefined when the watch is to end. */
function closedOrEnded(controller: Controller, end: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const ended = (): void => resolve(undefined);
    end.addEventListener('abort', ended, { once: true });
    controller.onClose((_code, reason) => {
      end.removeEventListener('abort', ended);
      resolve(reason);
    });
    // Either may have happened before anybody listened.
    if (end.aborted) ended();
    else if (!controller.isOpen) resolve('');
  });
}

/** Asks, and gives the answer of the kind wanted; a refusal of the Agent is a failure with its own words. */
async function ask<K extends UspBody['kind']>(
  controller: Controller,
  agent: string,
  request: UspRequest,
  kind: K,
): Promise<Result<Extract<UspBody, { readonly kind: K }>>> {
  const isWanted = (body: UspBody): body is Extract<UspBody, { readonly kind: K }> => body.kind === kind;
  try {
    const body = await controller.request(agent, request);
    if (isWanted(body)) return success(body);
    const why = body.kind === 'error' ? errorReport(body).errors.join('\n') : `the Agent answered with ${body.kind}`;
    return failure(EXIT.partly, why);
  } catch (error) {
    return failure(EXIT.unreachable, textOf(error));
  }
}

/** Sees to it that the Subscriptions are there; `before`: rows that were there when we were last connected. */
async function subscribe(
  watch: Watch,
  controller: Controller,
  before: readonly SubscriptionRow[],
): Promise<Result<readonly SubscriptionRow[]>> {
  const { agent, plan, name, endsAt, seen, say } = watch;
  const wanted = wantedSubscriptions(plan, name);
  const ours = new Set(wanted.map(({ id }) => id));
  controller.keepAlive(KEEP_ALIVE_MS);
  controller.onNotify(({ notify }) => {
    // What an earlier watch left behind is not ours to show.
    if (ours.has(notify.subscription_id)) seen(notify.notification);
  });
  const param_paths = before.map(({ path }) => `${path}ID`);
  const got = await ask(controller, agent, { kind: 'get', param_paths, max_depth: 0 }, 'get_resp');
  if (!got.ok) return got;
  const kept = rowsStillThere(before, got.value);
  const missing = wanted.filter(({ id }) => !kept.some((row) => row.id === id));
  if (missing.length === 0) return success(kept);
  if (before.length > 0) say('a Subscription is gone and is made again');
  const seconds = Math.ceil((endsAt - Date.now()) / 1000) + GRACE_SECONDS;
  const added = await ask(controller, agent, addSubscriptions(missing, seconds), 'add_resp');
  return added.ok ? success([...kept, ...rowsAdded(added.value, missing)]) : added;
}

/** What the watched parameters are now; read after the Subscriptions are made, so that no change falls in between. */
async function showCurrent({ agent, plan, seen, say, end }: Watch, controller: Controller): Promise<void> {
  if (plan.values.length === 0) return;
  const request: UspRequest = { kind: 'get', param_paths: plan.values, max_depth: 0 };
  const got = await ask(controller, agent, request, 'get_resp');
  if (end.aborted) return;
  if (!got.ok) {
    say(`the values of now could not be read: ${got.message}`);
    return;
  }
  for (const [param_path, param_value] of valuesOf(got.value)) seen({ kind: 'current', param_path, param_value });
  for (const { requested_path, err_code, err_msg } of got.value.req_path_results) {
    if (err_code !== 0) say(errorLine(requested_path, err_code, err_msg));
  }
}

/** Deletes the rows, over a new connection where the old one is gone; resolves with what is to be said when it could not. */
async function unsubscribe(
  { settings, agent, endsAt }: Watch,
  open: Controller | undefined,
  rows: readonly SubscriptionRow[],
): Promise<string | undefined> {
  const obj_paths = rows.map(({ path }) => path);
  const hurried = { ...settings, timeoutMs: Math.min(settings.timeoutMs, FAREWELL_MS) };
  // Not the Agent's own resource: there another of the same Controller may have taken our place.
  const opened = open === undefined ? await openController(hurried, undefined) : success(open);
  const request: UspRequest = { kind: 'delete', allow_partial: true, obj_paths };
  const answered = opened.ok ? await within(ask(opened.value, agent, request, 'delete_resp'), FAREWELL_MS) : opened;
  if (open === undefined && opened.ok) await opened.value.close();
  const failures = !answered.ok
    ? [answered.message]
    : answered.value.deleted_obj_results.flatMap(({ requested_path, oper_status }) =>
        oper_status.kind === 'oper_failure'
          ? [errorLine(requested_path, oper_status.err_code, oper_status.err_msg)]
          : oper_status.unaffected_path_errs.map((one) => errorLine(one.unaffected_path, one.err_code, one.err_msg)),
      );
  if (failures.length === 0) return undefined;
  const until = new Date(endsAt + GRACE_SECONDS * 1000).toISOString();
  return `could not remove ${obj_paths.join(' ')} (${failures.join('; ')}); it ends by itself at ${until}`;
}

async function within<T>(work: Promise<Result<T>>, ms: number): Promise<Result<T>> {
  const late = sleep(ms, failure(EXIT.unreachable, `no answer within ${ms / 1000} s`), { ref: false });
  return Promise.race([work, late]);
}
