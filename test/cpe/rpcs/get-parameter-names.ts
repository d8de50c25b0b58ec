// TR-069 A.3.2.3: names and writability, of a whole subtree or of one level.
import { fault } from '../faults.ts';
import { flag, list, struct, text } from '../soap-content.ts';
import { isObjectPath, type Entry } from '../tree.ts';
import { readArguments } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = { ParameterPath: 'string', NextLevel: 'boolean' } as const;

export const getParameterNames = defineRpc({
  method: 'GetParameterNames',
  fields: Object.keys(FIELDS),
  read: (request) => readArguments(request, FIELDS),
  paths: ({ ParameterPath }) => [ParameterPath],
  answer: ({ ParameterPath: path, NextLevel: nextLevel }, { model }) => {
    if (isObjectPath(path)) {
      const entries = model.entries(path, nextLevel);
      return entries === undefined ? fault(9005) : respond(nameList(entries));
    }
    if (nextLevel) return fault(9003, 'NextLevel of a parameter');
    const parameter = model.parameter(path);
    return parameter === undefined ? fault(9005) : respond(nameList([parameter]));
  },
});

const nameList = (entries: readonly Entry[]): ReturnType<typeof list> =>
  list(
    'ParameterList',
    'ParameterInfoStruct',
    entries.map(({ path, node }) => struct('ParameterInfoStruct', text('Name', path), flag('Writable', node.writable))),
  );
