// CPEs that inform again and again (quirk 31: RetryCount 1490, every 5 s): beyond a number a minute they are told to wait.
// In memory of this node only, and of bounded size: it spares work, no promise rests on it.
import { hasEvent } from '../device/events.ts';
import { Recent } from '../operate/recent.ts';
import type { InformRequest } from '../rpc/inform.ts';

const WINDOW_MS = 60_000;
/** CPEs looked after at once; of more, those that were quiet for longest are forgotten. */
const CPES_KEPT = 16_384;
const CONNECTION_REQUEST = 6;

interface Window {
  readonly since: number;
  informs: number;
}

export class InformLimit {
  readonly #perMinute: number;
  readonly #windows = new Recent<Window>(CPES_KEPT);

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /**
   * True when the CPE may open its session. One that comes because it was called is never counted, unless it retries. The
   * address counts as well: whoever speaks in another CPE's name from elsewhere does not keep it out.
   */
  allows(inform: InformRequest, sourceAddress: string, username: string, now: number): boolean {
    const called = inform.RetryCount === 0 && isCalled(inform);
    if (called) return true;
    const { OUI, ProductClass, SerialNumber } = inform.DeviceId;
    const cpe = [OUI, ProductClass, SerialNumber, username, sourceAddress].join('\n');
    const known = this.#windows.get(cpe);
    if (known === undefined || now - known.since >= WINDOW_MS) {
      this.#windows.set(cpe, { since: now, informs: 1 });
      return true;
    }
    known.informs += 1;
    return known.informs <= this.#perMinute;
  }
}

const isCalled = ({ Event }: InformRequest): boolean =>
  hasEvent(
    Event.map(({ EventCode }) => EventCode),
    CONNECTION_REQUEST,
  );
