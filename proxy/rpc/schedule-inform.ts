// TR-069 A.4.1.2: one Inform with events "3 SCHEDULED" and "M ScheduleInform" after the delay.
import { string, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const ScheduleInform = defineCpeRpc({
  name: 'ScheduleInform',
  since: 0,
  changing: true,
  request: { DelaySeconds: unsignedInt, CommandKey: string(32) },
  response: {},
});
