// TR-069 A.3.2.7: one instance of a table, with all that lies below it.
import { int, string } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const DeleteObject = defineCpeRpc({
  name: 'DeleteObject',
  since: 0,
  changing: true,
  request: { ObjectName: string(256), ParameterKey: string(32) },
  response: { Status: int },
});
