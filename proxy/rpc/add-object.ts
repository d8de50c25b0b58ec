// TR-069 A.3.2.6: a new instance of a table; the CPE chooses its number. Status 1: it exists at a later time.
import { int, string, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const AddObject = defineCpeRpc({
  name: 'AddObject',
  since: 0,
  changing: true,
  request: { ObjectName: string(256), ParameterKey: string(32) },
  response: { InstanceNumber: unsignedInt, Status: int },
});
