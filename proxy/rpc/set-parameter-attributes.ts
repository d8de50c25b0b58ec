// TR-069 A.3.2.4: notification and access list of parameters. Not covered by ParameterKey.
import { arrayOf, boolean, int, string, strings, struct } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const SetParameterAttributesStruct = struct('SetParameterAttributesStruct', {
  Name: string(256),
  NotificationChange: boolean,
  /** 0 off, 1 passive, 2 active; 3 to 6 the lightweight forms of CWMP 1.4. */
  Notification: int,
  AccessListChange: boolean,
  AccessList: strings(64),
});

export const SetParameterAttributes = defineCpeRpc({
  name: 'SetParameterAttributes',
  since: 0,
  changing: true,
  request: { ParameterList: arrayOf(SetParameterAttributesStruct) },
  response: {},
});
