// Who is trusted on first use says something soon, or its connection ends (Device.LocalAgent.ControllerTrust.TOFUInactivityTimer).
import type { EventEmitter } from 'node:events';
import type { Clock } from '../operate/clock.ts';

/** `ended` is called unless a message comes within `ms`. */
export function watchSilence(webSocket: EventEmitter, clock: Clock, ms: number, ended: () => void): void {
  const timer = clock.after(ms, ended);
  const stop = (): void => timer.cancel();
  webSocket.once('message', stop);
  webSocket.once('close', stop);
}
