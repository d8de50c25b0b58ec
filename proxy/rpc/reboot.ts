// TR-069 A.3.2.9: the CPE restarts once the session has ended.
import { string } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const Reboot = defineCpeRpc({
  name: 'Reboot',
  since: 0,
  changing: true,
  request: { CommandKey: string(32) },
  response: {},
});
