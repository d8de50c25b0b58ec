// What was done for one Connection Request, step by step, for a person and for `causeway doctor`. No step ever holds a
// secret. So none quotes what a CPE answers, for a hostile one could say our own credentials back to us: numbers, words
// of our own and the URL without its user part are all that goes in.

export type TraceStepName =
  | 'url'
  | 'resolve'
  | 'connect'
  | 'tls'
  | 'request'
  | 'reply'
  | 'credentials'
  | 'wait'
  | 'udp'
  | 'binding'
  | 'jid'
  | 'server'
  | 'outcome';

export interface TraceStep {
  /** Whole milliseconds since the wake began. */
  readonly at: number;
  readonly what: TraceStepName;
  /** One line of English. */
  readonly detail: string;
}

export type TraceRecorder = (what: TraceStepName, detail: string) => void;

export function createTrace(now: () => number): {
  readonly steps: readonly TraceStep[];
  readonly record: TraceRecorder;
} {
  const start = now();
  const steps: TraceStep[] = [];
  return {
    steps,
    record: (what, detail) => {
      steps.push({ at: Math.round(now() - start), what, detail });
    },
  };
}
