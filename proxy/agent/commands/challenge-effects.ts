// What attempts at Challenges leave behind: a count and a line of the log, never the value that was tried.
import { randomName, type Randomness } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { DeviceKey } from '../../store/store.ts';
import type { ChallengeEffects } from '../local-agent/definition.ts';

/** Of base32: 130 random bits. */
const ID_LENGTH = 26;

/** What a command sees, and the end of the message that ran it. */
export interface MessageChallenges extends ChallengeEffects {
  /** What the message changed is stored: what was told is so. A message that is run again is told of once. */
  settled(): void;
}

export function challengeEffects(
  { randomness, log, metrics }: { readonly randomness: Randomness; readonly log: Log; readonly metrics: Metrics },
  { device }: DeviceKey,
): MessageChallenges {
  const told: Parameters<ChallengeEffects['told']>[] = [];
  return {
    newId: () => randomName(randomness, ID_LENGTH),
    told: (...one) => told.push(one),
    settled() {
      for (const [outcome, controller, challenge] of told.splice(0)) {
        metrics.count('challenge', outcome);
        const seen = { device, controller, challenge, outcome };
        if (outcome === 'failed' || outcome === 'locked') log.warn(seen, 'a Challenge was not passed');
        else log.info(seen, 'a Challenge');
      }
    },
  };
}
