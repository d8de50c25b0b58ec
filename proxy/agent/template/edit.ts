// Changes of a tenant's template: the rows 1–9,999 of Device.LocalAgent. that all its Agents start from. They pass the
// same checks as a Controller's Add, Set and Delete, since they are made on a LocalAgent, one that is no device's. Pure.
import { lastNameOf, parentOf, rowNumberOf, rowOf } from '../../path/concrete.ts';
import { blankDevice } from '../../store/blank-device.ts';
import { codes } from '../../usp/codes.ts';
import { controllerNumber, controllerReferred } from '../local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import type { LocalProblem, LocalSettings } from '../local-agent/definition.ts';
import { FACTORY_ROWS } from '../local-agent/factory-rows.ts';
import { LocalAgent } from '../local-agent/local-agent.ts';
import { FIRST_TEMPLATE_ROW, type Rows, type RowValues, SINGLE } from '../local-agent/rows.ts';
import { isLocal } from '../local-agent/root.ts';
import { SUBSCRIPTION_TABLE } from '../local-agent/subscription.ts';
import { addTemplateCertificate, CERTIFICATE, isCertificate } from './certificates.ts';

/** DESIGN mechanism 5. */
export const LAST_TEMPLATE_ROW = 9_999;

/** Paths are concrete: `Device.LocalAgent.Controller.` of a table, `Device.LocalAgent.Controller.1.` of a row. */
export type TemplateChange =
  | {
      readonly kind: 'add';
      readonly path: string;
      /** By name; `Recipient` of a Subscription is a Controller's Endpoint ID, or the path of its row. */
      readonly values: RowValues;
      /** Undefined: the next one. Numbers are never used a second time. */
      readonly number?: number;
    }
  | { readonly kind: 'set'; readonly path: string; readonly values: RowValues }
  | { readonly kind: 'delete'; readonly path: string };

/** Of what a change cannot be; `path` is the object's or the parameter's. */
export interface TemplateFault {
  readonly path: string;
  /** As USP's Error would have it. */
  readonly code: number;
  readonly why: string;
}

export type Edited =
  | { readonly ok: true; readonly rows: Rows; readonly created: readonly string[] }
  | ({ readonly ok: false } & TemplateFault);

export interface EditContext {
  readonly tenant: string;
  readonly settings: LocalSettings;
  readonly now: number;
}

/** All changes in their order, or none. */
export function editTemplate(own: Rows, changes: readonly TemplateChange[], context: EditContext): Edited {
  const local = templateAgent(own, context);
  const created: string[] = [];
  for (const change of changes) {
    const outcome = isLocal(change.path) ? make(local, change, context) : fault(change.path, NOT_LOCAL);
    if (typeof outcome === 'object') return { ok: false, ...outcome };
    if (outcome !== undefined) created.push(outcome);
  }
  return { ok: true, rows: local.own, created };
}

/** The LocalAgent that a tenant's rows alone make. */
export function templateAgent(own: Rows, { tenant, settings, now }: EditContext): LocalAgent {
  const first = (table: string): number => FACTORY_ROWS.next[table] ?? FIRST_TEMPLATE_ROW;
  return new LocalAgent(blankDevice(tenant), { under: FACTORY_ROWS, own, first }, settings, now);
}

const NOT_LOCAL: LocalProblem = {
  code: codes.invalidPathSyntax,
  why: 'a template has objects of Device.LocalAgent., by their concrete paths',
};
const fault = (path: string, { code, why, parameter }: LocalProblem): TemplateFault => ({
  path: path + (parameter ?? ''),
  code,
  why,
});

/** The path of a row that was added; undefined for other changes. */
export function make(
  local: LocalAgent,
  change: TemplateChange,
  context: EditContext,
): TemplateFault | string | undefined {
  if (change.kind === 'add') return add(local, change, context);
  if (change.kind === 'set') return set(local, change.path, change.values);
  const { path } = change;
  if (rowNumberOf(path) === undefined || !local.has(path))
    return fault(path, { code: codes.objectDoesNotExist, why: 'there is no such row' });
  if (isCertificate(path)) {
    local.remove(path);
    return;
  }
  const problem = local.delete(path);
  return problem === undefined ? undefined : fault(path, problem);
}

type Add = Extract<TemplateChange, { readonly kind: 'add' }>;

function add(local: LocalAgent, { path: table, values, number }: Add, { now }: EditContext): TemplateFault | string {
  if (rowNumberOf(table) !== undefined || !local.has(table))
    return fault(table, { code: codes.objectDoesNotExist, why: 'there is no such table' });
  const next = local.own.next[table] ?? FACTORY_ROWS.next[table] ?? FIRST_TEMPLATE_ROW;
  const wanted = number ?? next;
  if (wanted < next) {
    const why = 'the number was used before, and none is used twice: leave it out to get the next one';
    return fault(rowOf(table, wanted), { code: codes.objectNotCreated, why });
  }
  if (wanted > LAST_TEMPLATE_ROW) {
    const why = `the rows of a template are numbered up to ${LAST_TEMPLATE_ROW}`;
    return fault(rowOf(table, wanted), { code: codes.resourcesExceeded, why });
  }
  const { Recipient: recipient, [CERTIFICATE]: pem, ...others } = values;
  const tells = table === SUBSCRIPTION_TABLE;
  const shows = isCertificate(rowOf(table, wanted));
  const controllerPath = tells ? controllerNamed(local, recipient ?? '') : '';
  if (controllerPath === undefined) {
    const why = 'Recipient is the Endpoint ID of a Controller of the template';
    return fault(`${table}${wanted}.Recipient`, { code: codes.invalidValue, why });
  }
  const judged = judge(local, rowOf(table, SINGLE), tells || shows ? others : values, true);
  if ('code' in judged) return { ...judged, path: judged.path.replace(rowOf(table, SINGLE), rowOf(table, wanted)) };
  local.restore({ ...local.own, next: { ...local.own.next, [table]: wanted } });
  const added = shows
    ? addTemplateCertificate(local, pem, judged.values)
    : local.add(table, judged.values, { controllerPath, now });
  return 'path' in added ? added.path : fault(rowOf(table, wanted), added);
}

/** Path of a Controller's row, named by that or by its Endpoint ID. */
export function controllerNamed(local: LocalAgent, name: string): string | undefined {
  if (controllerReferred(local, name) !== undefined) return name;
  const number = controllerNumber(local, name);
  return number === undefined ? undefined : rowOf(CONTROLLER_TABLE, number);
}

function set(local: LocalAgent, object: string, values: RowValues): TemplateFault | undefined {
  if (!object.endsWith('.') || !local.has(object))
    return fault(object, { code: codes.objectDoesNotExist, why: 'there is no such object' });
  const judged = judge(local, object, values, false);
  if ('code' in judged) return judged;
  for (const [path, own] of byObject(object, judged.values)) {
    const problem = local.change(path, own);
    if (problem !== undefined) return fault(path, problem);
  }
  return undefined;
}

/** Values of the object itself, and of single objects below it. */
function byObject(object: string, values: RowValues): ReadonlyMap<string, RowValues> {
  const objects = new Map<string, RowValues>();
  for (const [name, value] of Object.entries(values)) {
    const path = parentOf(object + name);
    objects.set(path, { ...objects.get(path), [lastNameOf(name)]: value });
  }
  return objects;
}

/** Values as they are stored, or the first that cannot be. Names may lead to single objects below: `WebSocket.Host`. */
function judge(
  local: LocalAgent,
  object: string,
  values: RowValues,
  creating: boolean,
): { readonly values: RowValues } | TemplateFault {
  const stored: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const path = object + name;
    const judged = local.judge(parentOf(path), lastNameOf(path), value, creating);
    if (!judged.ok) return fault(path, { code: judged.code, why: judged.why });
    stored[name] = judged.value;
  }
  return { values: stored };
}
