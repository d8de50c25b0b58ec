// TR-069 A.3.2.6: one more instance of a table, with a number that was never used before.
import { fault } from '../faults.ts';
import { text } from '../soap-content.ts';
import { isObjectPath, isTable } from '../tree.ts';
import { readArguments } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = { ObjectName: 'string', ParameterKey: 'string' } as const;

export const addObject = defineRpc({
  method: 'AddObject',
  fields: Object.keys(FIELDS),
  read: (request) => readArguments(request, FIELDS),
  paths: ({ ObjectName }) => [ObjectName],
  answer: ({ ObjectName: path, ParameterKey: key }, device) => {
    const table = isObjectPath(path) ? device.model.committedObject(path) : undefined;
    if (table === undefined || !table.writable || !isTable(table)) return fault(9005);
    const later = device.model.object(path) === undefined || device.appliesLater('AddObject', [path]);
    const { number, changed } = device.model.addInstance(path, later ? 'later' : 'now');
    device.changedByAcs(changed);
    device.rememberParameterKey(key);
    return respond(text('InstanceNumber', number), text('Status', later ? 1 : 0));
  },
});
