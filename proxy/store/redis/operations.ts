// OperationSteps on Redis: the steps over documents, run on one device each.
import { DocumentOperations } from '../documents/operations.ts';
import type { OperationSteps } from '../operation-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { DeviceRunner } from './device-runner.ts';

export function operationSteps(runner: DeviceRunner): OperationSteps {
  const on = <T>(key: DeviceKey, step: (operations: DocumentOperations) => Promise<T>): Promise<T> =>
    runner.run(key, (documents) => step(new DocumentOperations(documents)));
  return {
    beginOperation: (key, operation, cap) => on(key, (steps) => steps.beginOperation(key, operation, cap)),
    changeOperation: (key, number, from, change) =>
      on(key, (steps) => steps.changeOperation(key, number, from, change)),
    endOperation: (key, number, outcome, at) => on(key, (steps) => steps.endOperation(key, number, outcome, at)),
    dropOperation: (key, number) => on(key, (steps) => steps.dropOperation(key, number)),
    readOperation: (key, number) => on(key, (steps) => steps.readOperation(key, number)),
  };
}
