// A dial's target to begin with.
import type { DialTarget } from '../../../proxy/agent/local-agent/dial-targets.ts';
import { KEY } from '../../store/contract/samples.ts';

export const TARGET: DialTarget = {
  key: KEY,
  agent: `ops::${KEY.device}`,
  controller: 'proto::controller-1',
  mtp: 'Device.LocalAgent.Controller.1.MTP.1.',
  host: 'controller.example',
  port: 8443,
  path: '/usp',
  encrypted: true,
  keepAliveMs: 30_000,
  retry: { minimumMs: 5000, multiplier: 2000 },
};
