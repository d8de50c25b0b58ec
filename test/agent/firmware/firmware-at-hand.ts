// Operations on firmware over a real store: the clock, the images and the CPE are the test's.
import { pino } from 'pino';
import type { Test } from 'tap';
import { Firmware } from '../../../proxy/agent/firmware/firmware.ts';
import type { ImageFetched, ImageOrder, Images } from '../../../proxy/agent/firmware/images.ts';
import { type FirmwareTask, formatTask } from '../../../proxy/agent/firmware/task.ts';
import { type DeviceEvent, parseEvent } from '../../../proxy/device/events.ts';
import { DeviceTransfers } from '../../../proxy/device/transfers/transfers.ts';
import { type Clock, systemRandomness } from '../../../proxy/operate/clock.ts';
import { createMetrics } from '../../../proxy/operate/metrics.ts';
import type { DeviceRecord } from '../../../proxy/store/device-steps.ts';
import { createEmbeddedStore } from '../../../proxy/store/embedded/embedded.ts';
import { openLog } from '../../../proxy/store/log/log.ts';
import type { Store } from '../../../proxy/store/store.ts';
import type { EndedTransferState, TransferRecord } from '../../../proxy/store/transfer-steps.ts';
import { claim, CONTROLLER, KEY, read, START, transferEnd } from '../../store/contract/samples.ts';

export const BANK = 'Device.DeviceInfo.FirmwareImage.2.';
const KEEP_MS = 86_400_000;

/** A Download() into the second bank that is only to be kept. */
export const TASK: FirmwareTask = {
  TransferURL: 'http://images.example/image-2',
  FileSize: 7,
  CheckSumAlgorithm: '',
  CheckSum: '',
  row: 2,
  name: 'image-2',
  source: 'fetch',
  image: '',
  windows: [],
  phase: { kind: 'fetch', tries: 0 },
};
export const NOW_AND_LONG = [{ start: START, end: START + KEEP_MS, retries: 0 }];

interface Fetch {
  readonly order: ImageOrder;
  readonly come: (fetched: ImageFetched) => void;
}

export class FirmwareAtHand {
  readonly store: Store;
  now = START;
  /** Timers that run, to be fired by hand. */
  readonly timers: (() => void)[] = [];
  readonly fetches: Fetch[] = [];
  /** Images that the device has no more. */
  readonly left: string[] = [];
  rung = 0;
  /** False: the image is not there any more. */
  offers = true;
  readonly #transfers: DeviceTransfers;

  private constructor(store: Store) {
    this.store = store;
    this.#transfers = new DeviceTransfers({ ...this.#effects(), settings: { keepMs: KEEP_MS, cap: 8 } });
  }

  static async open(t: Test): Promise<FirmwareAtHand> {
    const store = createEmbeddedStore(
      await openLog({ folder: t.testdir(), sync: 'none', clock: Date.now }),
      () => START,
    );
    t.teardown(() => store.close());
    await claim(store);
    return new FirmwareAtHand(store);
  }

  /** One node: what it has under way goes with it. */
  node(): Firmware {
    return new Firmware({
      ...this.#effects(),
      transfers: this.#transfers,
      images: this.#images(),
      ring: async () => void (this.rung += 1),
    });
  }

  async begin(task: Partial<FirmwareTask> = {}, command = 'Download()'): Promise<void> {
    const detail = formatTask({ ...TASK, ...task });
    const input = JSON.stringify({ Username: 'user', Password: 'secret' });
    const times = { createdAt: this.now, dueAt: this.now + 5000 };
    const who = { originator: CONTROLLER, command: BANK + command, command_key: 'key' };
    const operation = { kind: 'firmware', status: 'Active', transfer: '', token: '', ...times, ...who, detail, input };
    await this.store.operations.beginOperation(KEY, { ...operation, kind: 'firmware', status: 'Active' }, 9);
  }

  record(): Promise<DeviceRecord> {
    return read(this.store);
  }

  async bank(): Promise<string> {
    const { active, bank } = (await this.record()).firmware;
    return `${active} runs, ${bank.status} ${bank.blob}`.trim();
  }

  /** How the operations have ended. */
  async ended(): Promise<readonly string[]> {
    const { pendingEvents } = await this.record();
    return pendingEvents.map(parseEvent).flatMap((event: DeviceEvent) => {
      if (event.kind !== 'operation') return [];
      return [event.outcome.kind === 'done' ? 'done' : `${event.outcome.err_code} ${event.outcome.err_msg}`];
    });
  }

  async transfer(): Promise<TransferRecord | undefined> {
    return (await this.store.transfers.listTransfers(KEY))[0];
  }

  /** The CPE has been asked, and ends it. */
  async endTransfer(state: EndedTransferState): Promise<void> {
    const CommandKey = (await this.transfer())?.CommandKey ?? '';
    await this.store.transfers.endTransfer(KEY, CommandKey, transferEnd(state, this.now), [
      'waiting',
      'asked',
      'pending',
    ]);
  }

  /** What goes on by itself has come so far. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
  }

  #images(): Images {
    return {
      refusal: () => undefined,
      fetch: (_key, order) =>
        new Promise((come) => {
          this.fetches.push({ order, come });
          order.signal.addEventListener('abort', () => come({ kind: 'failed', why: 'aborted' }));
        }),
      offer: async (_key, blob) => (this.offers ? { URL: `http://ours.example/${blob}`, FileSize: 7 } : undefined),
      leave: async (_key, blob) => void this.left.push(blob),
    };
  }

  #effects(): Omit<ConstructorParameters<typeof DeviceTransfers>[0], 'settings'> {
    const clock: Clock = {
      now: () => this.now,
      after: (_ms, run) => {
        this.timers.push(run);
        return { cancel: () => void this.timers.splice(this.timers.indexOf(run), 1) };
      },
    };
    return {
      store: this.store,
      clock,
      randomness: systemRandomness,
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      submit: async () => ({ kind: 'queued', id: 'request' }),
      schedule: async () => undefined,
    };
  }
}
