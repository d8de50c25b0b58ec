// TR-069 A.4.1.1: the transfers that the ACS ordered and that are not finished, by key and state.
import { list, struct, text } from '../soap-content.ts';
import { defineRpc, respond } from './rpc.ts';

export const getQueuedTransfers = defineRpc({
  method: 'GetQueuedTransfers',
  fields: [],
  read: () => ({}),
  paths: () => [],
  answer: (_, { transfers }) =>
    respond(
      list(
        'TransferList',
        'QueuedTransferStruct',
        transfers
          .queued()
          .map(({ commandKey, state }) =>
            struct('QueuedTransferStruct', text('CommandKey', commandKey), text('State', state)),
          ),
      ),
    ),
});
