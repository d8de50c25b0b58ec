// The timer of periodic Informs (PeriodicInformEnable, -Interval, -Time): one timer, set anew when a setting changed.
import type { Cancel, Clock } from './clock.ts';
import type { DataModel } from './data-model.ts';

export interface PeriodicTimer {
  /** Looks at the settings; a timer that still fits them is left alone. */
  arm(): void;
  stop(): void;
}

/** The next moment of the series that PeriodicInformTime anchors; unknown times (year 1) leave the phase free. */
export function nextPeriodic(now: number, interval: number, anchor: string): number {
  const time = /^0001/.test(anchor) ? NaN : Date.parse(anchor);
  if (Number.isNaN(time)) return now + interval;
  const since = (((now - time) % interval) + interval) % interval;
  return now + interval - since;
}

export function createPeriodicTimer(model: DataModel, clock: Clock, due: () => void): PeriodicTimer {
  const server = `${model.root}ManagementServer.`;
  const names = ['PeriodicInformEnable', 'PeriodicInformInterval', 'PeriodicInformTime'];
  const read = (): string[] => names.map((name) => model.peek(`${server}${name}`) ?? '');
  let armedFor = '';
  let cancel: Cancel = () => undefined;
  const set = (): void => {
    cancel();
    const settings = read();
    const [enable, interval = '', anchor = ''] = settings;
    armedFor = settings.join();
    const milliseconds = Number(interval) * 1000;
    if (enable !== 'true' || !(milliseconds > 0)) return;
    cancel = clock.after(nextPeriodic(clock.now(), milliseconds, anchor) - clock.now(), () => {
      due();
      set();
    });
  };
  return {
    arm: () => {
      if (read().join() !== armedFor) set();
    },
    stop: () => {
      cancel();
      armedFor = '';
    },
  };
}
