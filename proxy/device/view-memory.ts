// What the view of a device remembers of it, in one session: stored at once, since a number that a Controller was told is
// given for good. Others never write it: what this session wrote is the truth while it has the device.
import type { DeviceRecord } from '../store/device-steps.ts';
import { RunInterrupted } from './access.ts';
import type { DeviceContext } from './settings.ts';

/** In bytes. A row takes about 30; a CPE could make up rows without end. */
const MOST_REMEMBERED = 256 * 1024;

export class ViewMemory {
  readonly #context: DeviceContext;
  readonly #epoch: number;
  readonly #record: () => DeviceRecord;
  #written: string | undefined;

  constructor(context: DeviceContext, epoch: number, record: () => DeviceRecord) {
    this.#context = context;
    this.#epoch = epoch;
    this.#record = record;
  }

  /** '' for nothing. */
  get text(): string {
    return this.#written ?? this.#record().tree?.remembered ?? '';
  }

  /** What is too much counts for this session, and is not stored. */
  async keep(text: string): Promise<void> {
    const { store, metrics, log } = this.#context;
    const { key } = this.#record();
    this.#written = text;
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST_REMEMBERED) {
      metrics.count('failure', 'view-memory-full');
      log.warn(
        { device: key.device, bytes, most: MOST_REMEMBERED },
        'the device has more rows than can be remembered: the next session may number them anew',
      );
      return;
    }
    const step = await store.devices.saveRemembered(key, this.#epoch, text);
    if (step === 'stale') throw new RunInterrupted('link-lost', 'another session has taken the device over');
  }
}
