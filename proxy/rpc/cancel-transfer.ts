// TR-069 A.4.1.9: all transfers with this CommandKey are given up, as far as the CPE still can.
import { string } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const CancelTransfer = defineCpeRpc({
  name: 'CancelTransfer',
  since: 2,
  changing: true,
  request: { CommandKey: string(32) },
  response: {},
});
