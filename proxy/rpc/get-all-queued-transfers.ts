// TR-069 A.4.1.7: all transfers that are not done, those that the CPE began by itself included.
import { arrayOf, boolean, int, string, struct, unsignedInt } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

/** State as in GetQueuedTransfers. */
export const AllQueuedTransferStruct = struct('AllQueuedTransferStruct', {
  CommandKey: string(32),
  State: int,
  IsDownload: boolean,
  FileType: string(64),
  FileSize: unsignedInt,
  TargetFileName: string(256),
});

export const GetAllQueuedTransfers = defineCpeRpc({
  name: 'GetAllQueuedTransfers',
  since: 1,
  changing: false,
  request: {},
  response: { TransferList: arrayOf(AllQueuedTransferStruct) },
});
