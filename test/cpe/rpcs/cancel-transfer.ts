// TR-069 A.4.1.9: drop a transfer that has not started. A key that nobody knows is no error: its transfer is over.
import { fault } from '../faults.ts';
import { readArguments } from './arguments.ts';
import { defineRpc, respond } from './rpc.ts';

const FIELDS = { CommandKey: 'string' } as const;

export const cancelTransfer = defineRpc({
  method: 'CancelTransfer',
  fields: Object.keys(FIELDS),
  read: (request) => readArguments(request, FIELDS),
  paths: () => [],
  answer: ({ CommandKey }, { transfers }) => (transfers.cancel(CommandKey) === 'in-progress' ? fault(9021) : respond()),
});
