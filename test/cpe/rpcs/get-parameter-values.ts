// TR-069 A.3.2.2: values of parameters, or of all below a partial path. One unknown name is a fault for the whole list.
import { fault } from '../faults.ts';
import { list, struct, text, value, type Content } from '../soap-content.ts';
import { isObjectPath } from '../tree.ts';
import { isFault, readItems } from './arguments.ts';
import { defineRpc, respond, type Device } from './rpc.ts';

export const getParameterValues = defineRpc({
  method: 'GetParameterValues',
  fields: ['ParameterNames'],
  read: (request) => {
    const items = readItems(request, 'ParameterNames', 'string');
    return isFault(items) ? items : { names: items.map((item) => item.text) };
  },
  paths: ({ names }) => names,
  answer: ({ names }, device) => {
    const values: Content[] = [];
    for (const name of names) {
      const found = valuesAt(name, device);
      if (found === undefined && device.dialect.reads.unknownNames === 'fault') return fault(9005);
      values.push(...(found ?? []));
    }
    return respond(list('ParameterList', 'ParameterValueStruct', values));
  },
});

function valuesAt(name: string, { model, dialect }: Device): Content[] | undefined {
  if (isObjectPath(name) && dialect.reads.partialPaths === 'object') {
    const known = model.object(name) !== undefined;
    return known ? [struct('ParameterValueStruct', text('Name', name), value('', 'object'))] : undefined;
  }
  return model
    .parameters(name)
    ?.map((entry) => struct('ParameterValueStruct', text('Name', entry.path), value(entry.value, entry.node.type)));
}
