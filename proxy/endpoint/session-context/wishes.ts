// What Controllers' rows want of Session Contexts, beyond what the next Record would find out by itself: a context where one
// is required, none where it is forbidden, a new one for Reset(). Rows are the truth, read when the time has come.
import type { Agent } from '../../agent/agent.ts';
import type { ContextFacts } from '../../agent/local-agent/definition.ts';
import type { Clock } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import type { TemplateRecord } from '../../store/tenant-steps.ts';
import type { Connections } from '../connections.ts';
import type { Pair, SessionContexts } from './contexts.ts';

export interface WishesContext {
  readonly store: Pick<Store, 'devices' | 'tenants'>;
  readonly agent: Pick<Agent, 'sessionPolicy' | 'ownSessionPolicies'>;
  readonly connections: Connections;
  readonly contexts: SessionContexts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Wishes extends ContextFacts {
  /** A bell: rows that a device has of its own have changed. */
  readonly changed: (key: DeviceKey) => void;
}

/** From what was asked for to the end of the context in which the answer goes. */
const ANSWER_FIRST_MS = 500;

const pairOf = ({ key, identity }: DeviceRecord, controller: string): Pair => ({
  tenant: key.tenant,
  controller,
  agent: identity.endpointId,
});

export function sessionWishes({ store, agent, connections, contexts, clock, log, metrics }: WishesContext): Wishes {
  const soon = (key: DeviceKey, run: (record: DeviceRecord, template: TemplateRecord) => void): void => {
    const read = async (): Promise<void> => {
      const [record, template] = await Promise.all([
        store.devices.readDevice(key),
        store.tenants.readTemplate(key.tenant),
      ]);
      if (record !== undefined) run(record, template);
    };
    clock.after(ANSWER_FIRST_MS, () => {
      // Nobody is there to be told: at the end of the gateway, for one.
      if (connections.size === 0) return;
      read().catch((error: unknown) => {
        metrics.count('failure', 'session-rows');
        log.warn({ device: key.device, err: error }, 'rows could not be read; the next Record finds what they want');
      });
    });
  };
  return {
    statusOf: (record, controller) => contexts.statusOf(pairOf(record, controller)),
    retriesOf: (record, controller) => contexts.retriesOf(pairOf(record, controller)),
    reset(record, controller) {
      const pair = pairOf(record, controller);
      const wayOf = () => connections.wayTo(pair.tenant, controller, pair.agent);
      if (wayOf() === undefined) return false;
      soon(record.key, (now, template) => {
        const policy = agent.sessionPolicy(now, template, controller);
        const way = wayOf();
        if (way === undefined) return;
        if (policy.mode === 'Forbid') contexts.end(pair, way);
        else contexts.begin(pair, way, policy);
      });
      return true;
    },
    changed(key) {
      soon(key, (record, template) => {
        for (const [controller, policy] of agent.ownSessionPolicies(record, template)) {
          const pair = pairOf(record, controller);
          const way = connections.wayTo(pair.tenant, controller, pair.agent);
          if (way === undefined) continue;
          if (policy.mode === 'Forbid') contexts.end(pair, way);
          else if (policy.mode === 'Require' && !contexts.has(pair)) contexts.begin(pair, way, policy);
        }
      });
    },
  };
}
