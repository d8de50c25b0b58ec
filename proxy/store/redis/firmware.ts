// FirmwareSteps on Redis: the steps over documents, run on one device each.
import { DocumentFirmware } from '../documents/firmware.ts';
import type { FirmwareSteps } from '../firmware-steps.ts';
import type { DeviceRunner } from './device-runner.ts';

export const firmwareSteps = (runner: DeviceRunner): FirmwareSteps => ({
  moveFirmware: (key, move) => runner.run(key, (documents) => new DocumentFirmware(documents).moveFirmware(key, move)),
});
