// TR-069 A.4.2.3: the results of one ChangeDUState, in the order of its operations.
import { repeated, string, struct } from './field.ts';
import { defineRpc } from './rpc.ts';
import { operationResult } from './structs.ts';

export const OpResultStruct = struct('OpResultStruct', operationResult);

export const DUStateChangeComplete = defineRpc({
  name: 'DUStateChangeComplete',
  since: 2,
  request: { Results: repeated(OpResultStruct), CommandKey: string(32) },
  response: {},
});
