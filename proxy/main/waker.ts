// The way to make a CPE come: HTTP Connection Requests, with the credentials of the configuration.
import type { Config } from '../config/schema.ts';
import { createHttpWaker, type HttpWaker } from '../cwmp/connection-request/wake.ts';
import type { WakeOutcome } from '../device/settings.ts';
import { CausewayError } from '../errors.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import { parseNetwork } from '../cwmp/connection-request/network.ts';
import type { BoundAddress } from './listeners.ts';
import type { DeviceRecord } from '../store/device-steps.ts';

export interface Waker {
  wake(record: DeviceRecord): Promise<WakeOutcome>;
  /** Told once the ports are known: a CPE's URL must not lead to ourselves. */
  listens(listeners: readonly BoundAddress[], addresses: readonly string[]): void;
}

/** Throws CAUSEWAY_CONFIG_INVALID for a network that is none. */
export function createWaker(config: Config, clock: Clock, randomness: Randomness): Waker {
  const networks = config['connectionRequest.networks'].map((text) => {
    const parsed = parseNetwork(text);
    if (parsed.ok) return parsed.network;
    throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `connectionRequest.networks: ${text}: ${parsed.reason}`);
  });
  const username = config['connectionRequest.username'];
  const candidates =
    username === ''
      ? []
      : [{ from: 'connectionRequest.username', username, password: config['connectionRequest.password'] }];
  let waker: HttpWaker | undefined;
  return {
    listens(listeners, ownAddresses) {
      waker = createHttpWaker(
        { clock, random: randomness },
        {
          addresses: { networks, ownListeners: listeners, ownAddresses },
          budgetMs: config['connectionRequest.timeout'],
        },
      );
    },
    async wake({ facts }) {
      if (waker === undefined)
        throw new CausewayError('CAUSEWAY_BUG', 'a CPE was to be called before the listeners were bound');
      const { outcome, trace } = await waker({
        url: facts.ConnectionRequestURL === '' ? undefined : facts.ConnectionRequestURL,
        sourceAddress: facts.sourceAddress,
        candidates,
      });
      return {
        accepted: outcome.kind === 'accepted',
        retryable: outcome.retryable,
        outcome: outcome.kind,
        detail: outcome.explanation,
        trace,
      };
    },
  };
}
