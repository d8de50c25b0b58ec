// Every RPC this CPE has, in the order in which GetRPCMethods tells them.
import { addObject } from './add-object.ts';
import { cancelTransfer } from './cancel-transfer.ts';
import { deleteObject } from './delete-object.ts';
import { download } from './download.ts';
import { factoryReset } from './factory-reset.ts';
import { getAllQueuedTransfers } from './get-all-queued-transfers.ts';
import { getParameterAttributes } from './get-parameter-attributes.ts';
import { getParameterNames } from './get-parameter-names.ts';
import { getParameterValues } from './get-parameter-values.ts';
import { getQueuedTransfers } from './get-queued-transfers.ts';
import { getRpcMethods } from './get-rpc-methods.ts';
import { reboot } from './reboot.ts';
import type { CpeRpc } from './rpc.ts';
import { scheduleInform } from './schedule-inform.ts';
import { setParameterAttributes } from './set-parameter-attributes.ts';
import { setParameterValues } from './set-parameter-values.ts';
import { upload } from './upload.ts';

export const rpcs: ReadonlyMap<string, CpeRpc> = new Map(
  [
    getRpcMethods,
    setParameterValues,
    getParameterValues,
    getParameterNames,
    setParameterAttributes,
    getParameterAttributes,
    addObject,
    deleteObject,
    reboot,
    download,
    upload,
    factoryReset,
    scheduleInform,
    getQueuedTransfers,
    getAllQueuedTransfers,
    cancelTransfer,
  ].map((rpc) => [rpc.method, rpc]),
);
