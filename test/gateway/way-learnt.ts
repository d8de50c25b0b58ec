import { causeway } from '../cli/run-causeway.ts';
import { until } from '../process/scene.ts';
import type { Harness } from './harness.ts';

/**
 * That the last Connection Request brought its CPE is stored. The CPE may be here, and the request that it was called for
 * answered, before its reply to the call is in.
 */
export const wayLearnt = (harness: Harness): Promise<true> =>
  until(
    async () => (await causeway(harness, 'devices', '--json')).out.includes('"outcome": "arrived"') || undefined,
    'the way is learnt',
  );
