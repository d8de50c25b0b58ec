// TR-069 A.4.1.7: as GetQueuedTransfers, with what each transfer is.
import { flag, list, struct, text } from '../soap-content.ts';
import { defineRpc, respond } from './rpc.ts';

export const getAllQueuedTransfers = defineRpc({
  method: 'GetAllQueuedTransfers',
  fields: [],
  read: () => ({}),
  paths: () => [],
  answer: (_, { transfers }) =>
    respond(
      list(
        'TransferList',
        'AllQueuedTransferStruct',
        transfers
          .queued()
          .map((transfer) =>
            struct(
              'AllQueuedTransferStruct',
              text('CommandKey', transfer.commandKey),
              text('State', transfer.state),
              flag('IsDownload', transfer.isDownload),
              text('FileType', transfer.fileType),
              text('FileSize', transfer.fileSize),
              text('TargetFileName', transfer.targetFileName),
            ),
          ),
      ),
    ),
});
