// Graceful stop as an ordered list of named steps: each is given its time, a slow one is named and left behind, and all
// of them together have a budget, for whoever stops us kills in the end.
import { deferred } from './deferred.ts';
import type { Log } from './log.ts';

export interface DrainStep {
  readonly name: string;
  /** In milliseconds; less where the budget leaves less. */
  readonly limitMs: number;
  /** `limitMs`: what the step really has. */
  run(limitMs: number): Promise<void>;
}

/**
 * Runs the steps in order; resolves with the names of those that failed or overran, within `budgetMs`. What a step that
 * hangs has used up the later ones lack: each still gets an equal part of what is left, and none is left out.
 */
export async function drain(steps: readonly DrainStep[], budgetMs: number, log: Log): Promise<readonly string[]> {
  const unfinished: string[] = [];
  const end = performance.now() + budgetMs;
  for (const [index, step] of steps.entries()) {
    const share = Math.max(0, end - performance.now()) / (steps.length - index);
    const limitMs = Math.round(Math.min(step.limitMs, share));
    const overrun = deferred<'overrun'>();
    const timer = setTimeout(() => overrun.resolve('overrun'), limitMs);
    try {
      if ((await Promise.race([step.run(limitMs), overrun.promise])) === 'overrun') {
        unfinished.push(step.name);
        log.warn({ step: step.name, limitMs }, 'a step of the stop takes too long and is left behind');
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
