// A part of a file on its way out: as fast as the other side takes it, never more than two chunks of it in memory.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../operate/clock.ts';
import { watchPace } from './pace.ts';

/** `gone`: the other side has closed. */
export type Sent = 'all' | 'gone' | 'too-slow';

/** Writes everything but the end of the response. `moved` is told what is handed on. Rejects when the file cannot be read. */
export async function send(
  response: ServerResponse,
  body: AsyncIterable<Uint8Array>,
  clock: Clock,
  idleMs: number,
  moved: (bytes: number) => void,
): Promise<Sent> {
  const state = { tooSlow: false };
  const pace = watchPace(clock, idleMs, () => {
    state.tooSlow = true;
    response.destroy();
  });
  const closed = new Promise<false>((resolve) => response.once('close', () => resolve(false)));
  try {
    for await (const chunk of body) {
      moved(chunk.length);
      const taken = new Promise<boolean>((resolve) => response.write(chunk, (error) => resolve(error == null)));
      if (response.destroyed || !(await Promise.race([taken, closed]))) {
        return state.tooSlow ? 'too-slow' : 'gone';
      }
      pace.moved(chunk.length);
    }
    return 'all';
  } finally {
    pace.stop();
  }
}
