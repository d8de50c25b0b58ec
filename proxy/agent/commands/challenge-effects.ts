// What attempts at Challenges leave behind: a count and a line of the log, never the value that was tried.
import { randomName, type Randomness } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { DeviceKey } from '../../store/store.ts';
import type { ChallengeEffects } from '../local-agent/definition.ts';

/** Of base32: 130 random bits. */
const ID_LENGTH = 26;

export const challengeEffects = (
  { randomness, log, metrics }: { readonly randomness: Randomness; readonly log: Log; readonly metrics: Metrics },
  { device }: DeviceKey,
): ChallengeEffects => ({
  newId: () => randomName(randomness, ID_LENGTH),
  told(outcome, controller, challenge) {
    metrics.count('challenge', outcome);
    const seen = { device, controller, challenge, outcome };
    if (outcome === 'failed' || outcome === 'locked') log.warn(seen, 'a Challenge was not passed');
    else log.info(seen, 'a Challenge');
  },
});
