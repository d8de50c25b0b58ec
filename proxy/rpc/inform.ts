// TR-069 A.3.3.1: the CPE opens a session, says who it is and why it calls.
import { arrayOf, dateTime, mandatory, unsignedInt } from './field.ts';
import { defineRpc, type RequestOf } from './rpc.ts';
import { DeviceIdStruct, EventStruct, ParameterList } from './structs.ts';

export const Inform = defineRpc({
  name: 'Inform',
  since: 0,
  request: {
    DeviceId: mandatory(DeviceIdStruct),
    Event: arrayOf(EventStruct),
    MaxEnvelopes: unsignedInt,
    CurrentTime: dateTime,
    RetryCount: unsignedInt,
    ParameterList,
  },
  response: { MaxEnvelopes: unsignedInt },
});
export type InformRequest = RequestOf<typeof Inform>;
