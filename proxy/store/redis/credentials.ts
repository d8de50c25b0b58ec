// CredentialSteps on Redis: the steps over documents, run on one device each.
import type { CredentialSteps } from '../credential-steps.ts';
import { DocumentCredentials } from '../documents/credentials.ts';
import type { DeviceRunner } from './device-runner.ts';

export const credentialSteps = (runner: DeviceRunner): CredentialSteps => ({
  saveNext: (key, epoch, next) =>
    runner.run(key, (documents) => new DocumentCredentials(documents).saveNext(key, epoch, next)),
  forgetCredentials: (key) => runner.run(key, (documents) => new DocumentCredentials(documents).forgetCredentials(key)),
});
