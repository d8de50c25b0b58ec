// The first part of a Download() that the gateway does itself: it fetches the image, and holds it against what was promised.
import type { TransferSecrets } from '../../device/transfers/order.ts';
import type { Clock } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import { downloaded, downloading, notDownloaded } from './banks.ts';
import { Fetching, LEASE_MS } from './fetching.ts';
import type { Images } from './images.ts';
import type { Moves, Subject } from './moves.ts';
import { failed } from './outcomes.ts';
import { attemptOf, checksumOf } from './task.ts';
import { nextTurn } from './windows.ts';

export interface ImageFetchContext {
  readonly store: Pick<Store, 'operations'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly images: Images;
  readonly moves: Moves;
  /** A bell: operations of the device are to be looked at. */
  readonly ring: (key: DeviceKey) => Promise<void>;
}

/** Fetches of one image that were begun and lost with their nodes. */
const MOST_FETCHES = 3;
/** When a node that fetches as much as it may is asked again. */
const BUSY_MS = 5000;

/** Whether an image for it goes into the bank: what runs has no place to keep one. */
export const isToBank = ({ task, firmware }: Subject): boolean => task.row !== firmware.active;

export class ImageFetch {
  readonly #context: ImageFetchContext;
  readonly #fetching: Fetching;

  constructor(context: ImageFetchContext) {
    this.#context = context;
    this.#fetching = new Fetching(context.clock, context.store);
  }

  /** Nobody wants it any more. */
  stop({ key, operation }: Subject): void {
    this.#fetching.stop(key, operation.number);
  }

  /** `tries`: how often it was begun. */
  async look(subject: Subject, tries: number): Promise<void> {
    const { clock, moves, metrics, log } = this.#context;
    const { key, operation, task, firmware } = subject;
    const now = clock.now();
    // Some node is at it, as far as is known.
    if (tries > 0 && operation.dueAt > now) return;
    if (tries >= MOST_FETCHES) {
      await this.#fail(
        subject,
        'DownloadFailed',
        `the gateway began to fetch it ${tries} times, and never came to the end`,
      );
      return;
    }
    const begun = await moves.goOn(
      subject,
      { ...task, phase: { kind: 'fetch', tries: tries + 1 } },
      { dueAt: now + LEASE_MS },
      // Where it had begun before, the bank says so already.
      isToBank(subject) && firmware.bank.status !== 'Downloading' ? downloading(firmware, task.name) : undefined,
    );
    if (begun === undefined) return;
    // Nobody waits for it here: what comes of it is a step like any other.
    void this.#fetch(begun, tries + 1).catch((error: unknown) => {
      metrics.count('failure', 'firmware');
      log.error({ device: key.device, err: error }, 'an image is fetched another time');
    });
  }

  async #fetch(subject: Subject, tries: number): Promise<void> {
    const { store, images, clock, moves } = this.#context;
    const { key, operation, task } = subject;
    const stored = await store.operations.readOperation(key, operation.number);
    if (stored === undefined) return;
    const secrets = JSON.parse(stored.input) as TransferSecrets;
    const { TransferURL: URL, name, FileSize } = task;
    const size = FileSize === 0 ? undefined : FileSize;
    const by = attemptOf(operation.number, tries);
    const fetched = await this.#fetching.under(key, operation, (signal) =>
      images.fetch(key, { ...secrets, URL, name, size, checksum: checksumOf(task), by, signal }),
    );
    switch (fetched.kind) {
      case 'stored':
        if (!(await this.#keep(subject, fetched.blob))) await images.leave(key, fetched.blob, by);
        return;
      case 'busy':
        // It has not begun: as if it had not been tried.
        await moves.goOn(
          subject,
          { ...task, phase: { kind: 'fetch', tries: tries - 1 } },
          { dueAt: clock.now() + BUSY_MS },
        );
        return;
      case 'failed':
        return this.#fail(subject, 'DownloadFailed', fetched.why);
      case 'invalid':
        return this.#fail(subject, 'ValidationFailed', fetched.why);
    }
  }

  /** False where nobody wants it: it was cancelled, or another node has fetched it. */
  async #keep(subject: Subject, blob: string): Promise<boolean> {
    const { clock, moves, ring } = this.#context;
    const { key, task, firmware } = subject;
    const filled = isToBank(subject) ? downloaded(firmware, task.name, blob) : undefined;
    const turn = nextTurn(task.windows, { index: 0, tries: 0 }, clock.now());
    if (turn.kind === 'over') return moves.end(subject, { kind: 'done', output_args: {} }, filled);
    const next = { ...task, image: blob, phase: { ...turn, failure: '' } };
    // Active once more: what was secret of it is forgotten.
    const moved = await moves.goOn(subject, next, { status: 'Active', dueAt: turn.at }, filled);
    if (moved !== undefined) await ring(key);
    return moved !== undefined;
  }

  async #fail(subject: Subject, status: 'DownloadFailed' | 'ValidationFailed', why: string): Promise<void> {
    const { firmware, task } = subject;
    const banks = isToBank(subject) ? notDownloaded(firmware, task.name, status) : undefined;
    await this.#context.moves.end(subject, failed(`the image was not taken: ${why}`), banks);
  }
}
