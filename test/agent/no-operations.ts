// For commands that are over when they are answered.
import type { DeviceOperations } from '../../proxy/agent/operations/device-operations.ts';
import { Diagnostics } from '../../proxy/agent/operations/diagnostics.ts';

const unexpected = (): Promise<never> => Promise.reject(new Error('no operation was expected'));

export const noOperations = (): DeviceOperations => ({
  now: () => 0,
  begin: unexpected,
  list: unexpected,
  drop: unexpected,
  cancel: unexpected,
  firmware: { banks: unexpected, refusal: () => undefined, ring: unexpected },
  transferKeepMs: 86_400_000,
  beginTransfer: unexpected,
  diagnostics: new Diagnostics({
    steps: {
      beginOperation: unexpected,
      changeOperation: unexpected,
      endOperation: unexpected,
      dropOperation: unexpected,
      readOperation: unexpected,
    },
    boundMs: 0,
    schedule: unexpected,
    end: unexpected,
  }),
});
