// TR-069 A.4.1.1: transfers that the ACS asked for and that are not done. Newer CPEs have GetAllQueuedTransfers.
import { arrayOf, int, string, struct } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

/** State: 1 not yet started, 2 in progress, 3 completed and about to be reported. */
export const QueuedTransferStruct = struct('QueuedTransferStruct', { CommandKey: string(32), State: int });

export const GetQueuedTransfers = defineCpeRpc({
  name: 'GetQueuedTransfers',
  since: 0,
  changing: false,
  request: {},
  response: { TransferList: arrayOf(QueuedTransferStruct) },
});
