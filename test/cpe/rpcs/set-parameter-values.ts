// TR-069 A.3.2.1: all values or none. Every parameter in error is named; a name given twice is one error for all.
import { fault, parameterFault, type ParameterFault } from '../faults.ts';
import { text } from '../soap-content.ts';
import { childOf, textOf, type Element } from '../soap-read.ts';
import { nameOf, parentOf } from '../tree.ts';
import { allows, canonicalValue } from '../value-type.ts';
import { isFault, readArguments, readItems } from './arguments.ts';
import { defineRpc, respond, type Device } from './rpc.ts';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** The local name of its xsi:type; '' when it has none. */
  readonly type: string;
}

export const setParameterValues = defineRpc({
  method: 'SetParameterValues',
  fields: ['ParameterList', 'ParameterKey'],
  read: (request) => {
    const items = readItems(request, 'ParameterList', 'ParameterValueStruct');
    const key = readArguments(request, { ParameterKey: 'string' });
    if (isFault(items)) return items;
    if (isFault(key)) return key;
    const settings = items.map(readSetting);
    const complete = settings.filter((setting) => setting !== undefined);
    return complete.length === items.length
      ? { settings: complete, parameterKey: key.ParameterKey }
      : fault(9003, 'a ParameterValueStruct lacks Name or Value');
  },
  paths: ({ settings }) => settings.map(({ name }) => name),
  answer: ({ settings, parameterKey }, device) => {
    const names = settings.map(({ name }) => name);
    if (new Set(names).size < names.length) return fault(9003, 'a parameter is named twice');
    const values = new Map<string, string>();
    const faults: ParameterFault[] = [];
    for (const setting of settings) {
      const checked = check(setting, device);
      if (typeof checked === 'number') faults.push(parameterFault(setting.name, checked));
      else values.set(setting.name, checked);
    }
    if (faults.length > 0) return fault(9003, undefined, faults);
    const later = isNotYetApplied(names, device) || device.appliesLater('SetParameterValues', names);
    runDiagnostics(values, device);
    device.changedByAcs(device.model.write(values, later ? 'later' : 'now'));
    device.rememberParameterKey(parameterKey);
    return respond(text('Status', later ? 1 : 0));
  },
});

function readSetting(item: Element): Setting | undefined {
  const value = childOf(item, 'Value');
  const name = textOf(item, 'Name');
  if (value === undefined || name === undefined) return undefined;
  const type = [...value.attributes.values()].find(({ local }) => local === 'type')?.value ?? '';
  return { name, value: value.text, type: type.replace(/^.*:/, '') };
}

/** The canonical value, or the code of the fault. */
function check({ name, value, type }: Setting, { model }: Device): string | number {
  const node = model.committedParameter(name);
  if (node === undefined) return 9005;
  if (!node.writable) return 9008;
  if (type !== '' && type !== node.type && type !== `${node.type}Binary`) return 9006;
  const canonical = canonicalValue(node.type, value);
  if (canonical === undefined || !allows(node.facets, canonical)) return 9007;
  // Of all the states it can show, an ACS may only ask for these (TR-181 DiagnosticsState).
  const isState = nameOf(name) === 'DiagnosticsState';
  return isState && !['Requested', 'Canceled', 'None'].includes(canonical) ? 9007 : canonical;
}

/** Parameters of an instance that itself appears only after the session. */
const isNotYetApplied = (names: readonly string[], { model }: Device): boolean =>
  names.some((name) => model.parameter(name) === undefined);

/** TR-106: setting an input ends a test and resets its state; Requested in the same RPC starts it anew. */
function runDiagnostics(values: Map<string, string>, { model, diagnostics }: Device): void {
  for (const object of new Set([...values.keys()].map(parentOf))) {
    const path = `${object}DiagnosticsState`;
    const state = values.get(path);
    if (model.parameter(path) === undefined) continue;
    if (state === 'Requested') diagnostics.request(object);
    else {
      diagnostics.cancel(object);
      values.set(path, 'None');
    }
  }
}
