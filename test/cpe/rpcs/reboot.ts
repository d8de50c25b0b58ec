// TR-069 A.3.2.9: restart, once the session has ended.
import { readArguments } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = { CommandKey: 'string' } as const;

export const reboot = defineRpc({
  method: 'Reboot',
  fields: Object.keys(FIELDS),
  read: (request) => readArguments(request, FIELDS),
  paths: () => [],
  answer: ({ CommandKey }, device) => {
    device.reboot(CommandKey);
    return respond();
  },
});
