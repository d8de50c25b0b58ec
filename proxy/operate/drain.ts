// Graceful stop as an ordered list of named steps: each is given its time, a slow one is named and left behind.
import { deferred } from './deferred.ts';
import type { Log } from './log.ts';

export interface DrainStep {
  readonly name: string;
  readonly limitMs: number;
  run(): Promise<void>;
}

/** Runs the steps in order; resolves with the names of those that failed or overran. */
export async function drain(steps: readonly DrainStep[], log: Log): Promise<readonly string[]> {
  const unfinished: string[] = [];
  for (const step of steps) {
    const overrun = deferred<'overrun'>();
    const timer = setTimeout(() => overrun.resolve('overrun'), step.limitMs);
    try {
      if ((await Promise.race([step.run(), overrun.promise])) === 'overrun') {
        unfinished.push(step.name);
        log.warn({ step: step.name, limitMs: step.limitMs }, 'a step of the stop takes too long and is left behind');
      }
    } catch (error) {
      unfinished.push(step.name);
      log.error({ step: step.name, err: error }, 'a step of the stop failed');
    } finally {
      clearTimeout(timer);
    }
  }
  return unfinished;
}
