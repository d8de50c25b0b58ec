// TR-069 A.3.1.1: the methods this CPE has.
import { strings } from '../soap-content.ts';
import { defineRpc, respond } from './rpc.ts';

export const getRpcMethods = defineRpc({
  method: 'GetRPCMethods',
  fields: [],
  read: () => ({}),
  paths: () => [],
  answer: (_, device) => respond(strings('MethodList', device.methods)),
});
