// What follows from a change of the Subscription rows: Notifies that nobody wants any more, watched parameters that are
// to be armed or let go, and the next end of a TimeToLive. Pure.
import type { Silenced } from '../../store/device-steps.ts';
import type { UspBody } from '../../usp/msg.ts';
import { pathsOf } from '../path-list.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { isLocal } from '../local-agent/root.ts';
import { deleteRow, NO_ROWS, type Rows, type RowValues } from '../local-agent/rows.ts';
import { SUBSCRIPTION_TABLE, subscriptionOf } from '../local-agent/subscription.ts';
import { enabledSubscriptions, endOf } from './enabled.ts';

export interface AfterLocalChange {
  /** Of Subscriptions that are gone or disabled, or whose Controller is, the waiting Notifies go with them. */
  readonly silenced: readonly Silenced[];
  /** The watched parameters may have changed. */
  readonly arm: boolean;
  /** When the next TimeToLive ends; undefined when none runs. */
  readonly nextEnd: number | undefined;
  /** The device's own rows without Subscriptions whose time is over; undefined when none is. */
  readonly ended: Rows | undefined;
}

/** Kinds of which the CPE is asked. */
export const WATCHING: ReadonlySet<string> = new Set(['ValueChange', 'ObjectCreation', 'ObjectDeletion']);

/** Whether a row watches the CPE: what is of LocalAgent changes here, and the CPE is not to be woken for it. */
const watches = (row: RowValues | null | undefined): boolean =>
  row?.['Enable'] === 'true' &&
  WATCHING.has(row['NotifType'] ?? '') &&
  pathsOf(row['ReferenceList'] ?? '').some((path) => !isLocal(path));

/** Whether any Subscription watches values or rows: those that come or go may be among them. */
export const watchesCpe = (local: LocalAgent): boolean =>
  local.rowsOf(SUBSCRIPTION_TABLE).some((number) => watches(local.valuesOf(SUBSCRIPTION_TABLE, number)));

/** Whether an answer tells of rows of the CPE that were made or deleted. */
export function changesRows(answer: UspBody): boolean {
  const isOfCpe = (path: string): boolean => !isLocal(path);
  if (answer.kind === 'add_resp') {
    return answer.created_obj_results.some(
      ({ oper_status }) => oper_status.kind === 'oper_success' && isOfCpe(oper_status.instantiated_path),
    );
  }
  if (answer.kind !== 'delete_resp') return false;
  return answer.deleted_obj_results.some(
    ({ oper_status }) => oper_status.kind === 'oper_success' && oper_status.affected_paths.some(isOfCpe),
  );
}

function silencedBy(local: LocalAgent, before: Rows): readonly Silenced[] {
  if (local.own.tables === before.tables) return [];
  const left = new Set(enabledSubscriptions(local).map(({ number }) => number));
  const heard = enabledSubscriptions(local.withOwn(before));
  return heard.filter(({ number }) => !left.has(number)).map(({ number }) => ({ subscription: number }));
}

/** `local` is after the change, `before` the device's own rows before it. */
export function afterLocalChange(local: LocalAgent, before: Rows, now: number): AfterLocalChange {
  const [was, is] = [before.tables[SUBSCRIPTION_TABLE] ?? {}, local.own.tables[SUBSCRIPTION_TABLE] ?? {}];
  const numbers = [...new Set([...Object.keys(was), ...Object.keys(is)])].map(Number);
  const changed = numbers.filter((number) => JSON.stringify(was[number]) !== JSON.stringify(is[number]));
  const running = local.rowsOf(SUBSCRIPTION_TABLE).map((number) => {
    const row = local.valuesOf(SUBSCRIPTION_TABLE, number) ?? {};
    return { number, end: endOf(subscriptionOf(number, row)) };
  });
  const over = running.filter(({ end }) => end <= now);
  const later = running.map(({ end }) => end).filter((end) => end > now && Number.isFinite(end));
  return {
    silenced: silencedBy(local, before),
    arm: changed.some((number) => watches(was[number]) || watches(is[number])),
    nextEnd: later.length === 0 ? undefined : Math.min(...later),
    // A template's Subscription lives as long as the template says.
    ended:
      over.length === 0
        ? undefined
        : over.reduce((own, { number }) => deleteRow(NO_ROWS, own, SUBSCRIPTION_TABLE, number), local.own),
  };
}
