// TR-069 A.4.1.3: options of the CPE are set by signed vouchers. Deprecated by TR-069 itself.
import { base64s } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const SetVouchers = defineCpeRpc({
  name: 'SetVouchers',
  since: 0,
  changing: true,
  request: { VoucherList: base64s },
  response: {},
});
