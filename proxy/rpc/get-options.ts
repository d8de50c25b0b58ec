// TR-069 A.4.1.4: the options that vouchers have set. Deprecated by TR-069 itself.
import { arrayOf, dateTime, int, optional, string, struct, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const OptionStruct = struct('OptionStruct', {
  OptionName: string(64),
  VoucherSN: unsignedInt,
  State: unsignedInt,
  Mode: int,
  StartDate: dateTime,
  ExpirationDate: optional(dateTime),
  IsTransferable: int,
});

export const GetOptions = defineCpeRpc({
  name: 'GetOptions',
  since: 0,
  changing: false,
  request: { OptionName: string(64) },
  response: { OptionList: arrayOf(OptionStruct) },
});
