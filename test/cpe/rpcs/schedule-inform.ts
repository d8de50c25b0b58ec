// TR-069 A.4.1.2: an Inform in DelaySeconds, with the events SCHEDULED and M ScheduleInform.
import { fault } from '../faults.ts';
import { readArguments } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = { DelaySeconds: 'unsignedInt', CommandKey: 'string' } as const;

export const scheduleInform = defineRpc({
  method: 'ScheduleInform',
  fields: Object.keys(FIELDS),
  read: (request) => readArguments(request, FIELDS),
  paths: () => [],
  answer: ({ DelaySeconds, CommandKey }, device) => {
    if (DelaySeconds === 0) return fault(9003, 'DelaySeconds must be greater than 0');
    device.scheduleInform(DelaySeconds, CommandKey);
    return respond();
  },
});
