// TOFUInactivityTimer: who was trusted on first use and says nothing is hung up on.
import { EventEmitter } from 'node:events';
import t from 'tap';
import { watchSilence } from '../../proxy/mtp/silence.ts';
import { manualClock } from '../cpe/clock.ts';

for (const [name, event, ends] of [
  ['nothing comes', undefined, 1],
  ['a message comes', 'message', 0],
  ['it is gone', 'close', 0],
] as const) {
  t.test(name, async (t) => {
    const manual = manualClock(0);
    const clock = {
      now: () => manual.now(),
      after: (ms: number, run: () => void) => ({ cancel: manual.after(ms, run) }),
    };
    const socket = new EventEmitter();
    let ended = 0;
    watchSilence(socket, clock, 1000, () => (ended += 1));
    manual.advance(999);
    t.equal(ended, 0);
    if (event !== undefined) socket.emit(event);
    manual.advance(1);
    t.equal(ended, ends);
  });
}
