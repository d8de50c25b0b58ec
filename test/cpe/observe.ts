// What can be seen of a CPE from outside: one stream of occurrences, and ways to wait for one without sleeping.
import type { PostRecord } from './http-client.ts';
import type { CpeEvent } from './events.ts';

export interface RpcRecord {
  readonly session: number;
  readonly method: string;
  /** The arguments as this CPE read them; undefined when it could not. */
  readonly arguments: unknown;
  /** The response's element, `Fault 9005`, or the name of the fault rule that answered. */
  readonly answer: string;
  /** When it was received, by the CPE's clock. */
  readonly at: number;
}

export interface SessionRecord {
  readonly session: number;
  readonly ok: boolean;
  /** `done` when the ACS ended it in order, else what went wrong. */
  readonly reason: string;
  readonly events: readonly CpeEvent[];
  readonly retryCount: number;
  readonly rpcs: readonly RpcRecord[];
  readonly posts: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

export type Occurrence =
  | {
      readonly kind: 'session-started';
      readonly session: number;
      readonly events: readonly CpeEvent[];
      readonly retryCount: number;
    }
  | { readonly kind: 'inform-answered'; readonly session: number }
  /** An empty POST or a response is about to go out: what comes back is a request of the ACS, and it may hold it. */
  | { readonly kind: 'waiting-for-acs'; readonly session: number }
  | ({ readonly kind: 'rpc' } & RpcRecord)
  | ({ readonly kind: 'post'; readonly session: number } & PostRecord)
  | { readonly kind: 'held-given-up'; readonly session: number; readonly heldFor: number }
  | ({ readonly kind: 'session-ended' } & SessionRecord)
  | { readonly kind: 'retry-planned'; readonly count: number; readonly wait: number }
  | { readonly kind: 'connection-request'; readonly status: number; readonly inSession: boolean }
  | { readonly kind: 'udp-connection-request'; readonly refused: string | undefined }
  | { readonly kind: 'xmpp-connection-request'; readonly refused: string | undefined }
  | { readonly kind: 'values-changed'; readonly paths: readonly string[]; readonly by: 'acs' | 'device' }
  | { readonly kind: 'diagnostic'; readonly path: string; readonly state: string }
  | { readonly kind: 'transfer'; readonly commandKey: string; readonly faultCode: number; readonly bytes: number }
  | { readonly kind: 'power'; readonly state: 'on' | 'off' | 'rebooting' }
  /** Something the ACS wrote that real devices would stumble over. */
  | { readonly kind: 'complaint'; readonly session: number; readonly text: string };

export type Kind = Occurrence['kind'];
export type OccurrenceOf<K extends Kind> = Extract<Occurrence, { kind: K }>;

export interface Observer {
  report(occurrence: Occurrence): void;
  on(listener: (occurrence: Occurrence) => void): () => void;
  /** The next occurrence of that kind that is accepted; rejects after `limit` milliseconds (15 000 unless told). */
  waitFor<K extends Kind>(
    kind: K,
    accept?: (occurrence: OccurrenceOf<K>) => boolean,
    limit?: number,
  ): Promise<OccurrenceOf<K>>;
}

/** Long enough for a slow machine, short enough that a test names what it waited for before it is killed. */
const DEFAULT_LIMIT = 15_000;

export function createObserver(name: string): Observer {
  const listeners = new Set<(occurrence: Occurrence) => void>();
  const recent: string[] = [];
  const on = (listener: (occurrence: Occurrence) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    report: (occurrence) => {
      if (listeners.size > 0) recent.push(occurrence.kind);
      if (recent.length > 20) recent.shift();
      for (const listener of [...listeners]) listener(occurrence);
    },
    on,
    waitFor: async (kind, accept = () => true, limit = DEFAULT_LIMIT) =>
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          off();
          reject(
            new Error(`${name}: no ${kind} within ${limit} ms; seen meanwhile: ${recent.join(', ') || 'nothing'}`),
          );
        }, limit);
        const off = on((occurrence) => {
          if (!isKind(occurrence, kind) || !accept(occurrence)) return;
          clearTimeout(timer);
          off();
          resolve(occurrence);
        });
      }),
  };
}

const isKind = <K extends Kind>(occurrence: Occurrence, kind: K): occurrence is OccurrenceOf<K> =>
  occurrence.kind === kind;
