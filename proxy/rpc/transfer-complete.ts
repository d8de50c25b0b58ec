// TR-069 A.3.3.2: a transfer that the ACS asked for is done or has failed; FaultCode 0 is success.
import { dateTime, string } from './field.ts';
import { defineRpc } from './rpc.ts';
import { FaultStruct } from './structs.ts';

export const TransferComplete = defineRpc({
  name: 'TransferComplete',
  since: 0,
  request: { CommandKey: string(32), FaultStruct, StartTime: dateTime, CompleteTime: dateTime },
  response: {},
});
