// TransferSteps on Redis: the steps over documents, run on one device each.
import { DocumentTransfers } from '../documents/transfers.ts';
import type { DeviceKey } from '../store.ts';
import type { TransferSteps } from '../transfer-steps.ts';
import type { DeviceRunner } from './device-runner.ts';

export function transferSteps(runner: DeviceRunner): TransferSteps {
  const on = <T>(key: DeviceKey, step: (transfers: DocumentTransfers) => Promise<T>): Promise<T> =>
    runner.run(key, (documents) => step(new DocumentTransfers(documents)));
  return {
    beginTransfer: (key, transfer, cap) => on(key, (steps) => steps.beginTransfer(key, transfer, cap)),
    endTransfer: (key, CommandKey, end, from) => on(key, (steps) => steps.endTransfer(key, CommandKey, end, from)),
    saveTransferReport: (key, epoch, digest, event, report) =>
      on(key, (steps) => steps.saveTransferReport(key, epoch, digest, event, report)),
    expireTransfers: (key, now) => on(key, (steps) => steps.expireTransfers(key, now)),
    readTransfer: (key, CommandKey) => on(key, (steps) => steps.readTransfer(key, CommandKey)),
    listTransfers: (key) => on(key, (steps) => steps.listTransfers(key)),
  };
}
