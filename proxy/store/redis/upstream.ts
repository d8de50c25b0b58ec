// UpstreamSteps on Redis: the steps over documents, run on one device each.
import { DocumentUpstream } from '../documents/upstream.ts';
import type { UpstreamSteps } from '../upstream-steps.ts';
import type { DeviceRunner } from './device-runner.ts';

export const upstreamSteps = (runner: DeviceRunner): UpstreamSteps => ({
  readUpstream: (key) => runner.run(key, (documents) => new DocumentUpstream(documents).readUpstream(key)),
  saveUpstream: (key, epoch, upstream) =>
    runner.run(key, (documents) => new DocumentUpstream(documents).saveUpstream(key, epoch, upstream)),
  markReleased: (key, epoch, released) =>
    runner.run(key, (documents) => new DocumentUpstream(documents).markReleased(key, epoch, released)),
});
