// TR-069 A.3.2.5: notification and access list of parameters, or of all below a partial path.
import { fault } from '../faults.ts';
import { list, strings, struct, text, type Content } from '../soap-content.ts';
import { isFault, readItems } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

export const getParameterAttributes = defineRpc({
  method: 'GetParameterAttributes',
  fields: ['ParameterNames'],
  read: (request) => {
    const items = readItems(request, 'ParameterNames', 'string');
    return isFault(items) ? items : { names: items.map((item) => item.text) };
  },
  paths: ({ names }) => names,
  answer: ({ names }, { model, attributes }) => {
    const found: Content[] = [];
    for (const name of names) {
      const parameters = model.parameters(name);
      if (parameters === undefined) return fault(9005);
      for (const { path, node } of parameters) {
        const { notification, accessList } = attributes.of(path, node.facets);
        found.push(
          struct(
            'ParameterAttributeStruct',
            text('Name', path),
            text('Notification', notification),
            strings('AccessList', accessList),
          ),
        );
      }
    }
    return respond(list('ParameterList', 'ParameterAttributeStruct', found));
  },
});
