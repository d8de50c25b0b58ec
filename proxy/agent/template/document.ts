// A tenant's template as a document: objects of Device.LocalAgent. by their concrete paths, with the values that are stored
// of each. What a document says takes the place of all that was there. Pure.
import { generalise, rowNumberOf, rowOf, parentOf } from '../../path/concrete.ts';
import { CERTIFICATE_TABLE } from '../local-agent/certificate/certificate.ts';
import { FACTORY_ROLE, ROLE_TABLE } from '../local-agent/controller-trust/paths.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { LOCAL_OBJECTS } from '../local-agent/objects.ts';
import { isLocal } from '../local-agent/root.ts';
import { type Rows, type RowValues, SINGLE } from '../local-agent/rows.ts';
import { SUBSCRIPTION_TABLE } from '../local-agent/subscription.ts';
import { withoutSame } from './certificates.ts';
import { controllerNamed, type EditContext, type Edited, make, templateAgent, type TemplateFault } from './edit.ts';

/** null: a row that every Agent has from the factory, and those of this tenant have not. */
export type TemplateObjects = Readonly<Record<string, RowValues | null>>;

/** In the order of their paths; what is secured is left out, and so is what a row has beside its parameters. */
export function templateObjects(own: Rows): TemplateObjects {
  const objects = Object.entries(own.tables).flatMap(([table, rows]) =>
    Object.entries(rows).map(([number, row]) => {
      const path = Number(number) === SINGLE ? table : rowOf(table, Number(number));
      return [path, row === null ? null : shown(path, row)] as const;
    }),
  );
  return Object.fromEntries(objects.filter(([path]) => isLocal(path)).sort(byPath));
}

/** Parameters that the document does not name keep their values; what a row alone can have (CreationDate) stays its own. */
export function replaceTemplate(own: Rows, objects: TemplateObjects, context: EditContext): Edited {
  const local = templateAgent(own, context);
  const created: string[] = [];
  for (const path of Object.keys(templateObjects(own))) {
    if (Object.hasOwn(objects, path) || rowNumberOf(path) === undefined || !local.has(path)) continue;
    if (isPlainRole(path)) {
      local.remove(path);
      continue;
    }
    const outcome = make(local, { kind: 'delete', path }, context);
    if (typeof outcome === 'object') return { ok: false, ...outcome };
  }
  for (const [path, values] of Object.entries(objects).sort(byPath)) {
    const outcome = become(local, path, values, context);
    if (typeof outcome === 'object') return { ok: false, ...outcome };
    if (outcome !== undefined) created.push(outcome);
  }
  return { ok: true, rows: local.own, created };
}

/** One that goes whoever has it: the document says of every Controller what it has then. */
const isPlainRole = (path: string): boolean =>
  parentOf(path) === ROLE_TABLE && rowNumberOf(path) !== FACTORY_ROLE.fullAccess;

function become(
  local: LocalAgent,
  path: string,
  values: RowValues | null,
  context: EditContext,
): TemplateFault | string | undefined {
  const number = rowNumberOf(path);
  if (!isLocal(path) || local.has(path) || number === undefined) {
    if (values !== null) return make(local, { kind: 'set', path, values: changed(local, path, values) }, context);
    return local.has(path) ? make(local, { kind: 'delete', path }, context) : undefined;
  }
  if (values === null) return undefined;
  const table = parentOf(path);
  return make(local, { kind: 'add', path: table, number, values: settable(path, values) }, context);
}

const changed = (local: LocalAgent, object: string, values: RowValues): RowValues =>
  differing(local, object, withoutSame(local, object, values));

function differing(local: LocalAgent, object: string, values: RowValues): RowValues {
  const isSame = ([name, value]: readonly [string, string]): boolean => {
    const now = local.read(object + name);
    if (now === value) return true;
    const isRecipient = parentOf(object) === SUBSCRIPTION_TABLE && name === 'Recipient';
    return isRecipient && controllerNamed(local, value)?.replace(/\.$/, '') === now;
  };
  return Object.fromEntries(Object.entries(values).filter((entry) => !isSame(entry)));
}

/** Without what a new row gets from the Agent itself. */
function settable(row: string, values: RowValues): RowValues {
  const parameters = LOCAL_OBJECTS.get(generalise(row))?.parameters ?? [];
  const made = new Set(parameters.filter(({ access }) => access === 'readOnly').map(({ name }) => name));
  made.delete('Recipient');
  return Object.fromEntries(Object.entries(values).filter(([name]) => !made.has(name)));
}

function shown(object: string, row: RowValues): RowValues {
  const parameters = LOCAL_OBJECTS.get(generalise(object))?.parameters ?? [];
  const names = new Set(parameters.filter(({ secured }) => !secured).map(({ name }) => name));
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)));
}

/** Whose rows others refer to stand first: certificates, roles, then Controllers; an object before those inside it. */
const RANKS = [
  CERTIFICATE_TABLE,
  'Device.LocalAgent.ControllerTrust.Role.',
  'Device.LocalAgent.ControllerTrust.',
  'Device.LocalAgent.Controller.',
];
function byPath([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  const rankOf = (path: string): number => {
    const rank = RANKS.findIndex((start) => path.startsWith(start));
    return rank < 0 ? RANKS.length : rank;
  };
  return rankOf(one) - rankOf(other) || one.localeCompare(other, 'en', { numeric: true });
}
