// TR-069 A.3.2.7: an instance goes, with all below it.
import { fault } from '../faults.ts';
import { text } from '../soap-content.ts';
import { isInstanceName, isObjectPath, nameOf } from '../tree.ts';
import { readArguments } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = { ObjectName: 'string', ParameterKey: 'string' } as const;

export const deleteObject = defineRpc({
  method: 'DeleteObject',
  fields: Object.keys(FIELDS),
  read: (request) => readArguments(request, FIELDS),
  paths: ({ ObjectName }) => [ObjectName],
  answer: ({ ObjectName: path, ParameterKey: key }, device) => {
    const isInstance = isObjectPath(path) && isInstanceName(nameOf(path));
    const instance = isInstance ? device.model.committedObject(path) : undefined;
    if (instance === undefined) return fault(9005);
    // A row that is there and may not go is denied: 9005 would say that it is gone.
    if (!instance.writable) return fault(9001);
    const later = device.model.object(path) === undefined || device.appliesLater('DeleteObject', [path]);
    device.changedByAcs(device.model.removeInstance(path, later ? 'later' : 'now'));
    device.rememberParameterKey(key);
    return respond(text('Status', later ? 1 : 0));
  },
});
