// What Agents tell of themselves that only this node knows, for the Agent that is made before it.
import type { ContextFacts, LocalSettings, Sessions } from '../agent/local-agent/definition.ts';
import { sessionsOf } from './dials.ts';

interface Facts {
  readonly dials: Sessions;
  readonly wishes: ContextFacts;
}

export const factsOfNode = (facts: () => Facts): Required<Pick<LocalSettings, 'sessions' | 'contexts'>> => ({
  sessions: sessionsOf(() => facts().dials),
  contexts: {
    statusOf: (record, controller) => facts().wishes.statusOf(record, controller),
    retriesOf: (record, controller) => facts().wishes.retriesOf(record, controller),
    reset: (record, controller) => facts().wishes.reset(record, controller),
  },
});
