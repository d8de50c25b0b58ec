// The queue of Downloads and Uploads: accepted in a session, run after it, reported in a later one by TransferComplete.
// The queue outlives a reboot; a transfer that a reboot interrupts starts again (TR-069 A.3.2.8).
import type { TransferResult } from './acs-requests.ts';
import type { Cancel, Clock } from './clock.ts';
import { faultText } from './faults.ts';
import { transferFile, type FileResult } from './file-transfer.ts';
import type { Random } from './random.ts';

export interface TransferOrder {
  readonly commandKey: string;
  readonly isDownload: boolean;
  readonly fileType: string;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** 0 for an Upload, or when it is not known. */
  readonly fileSize: number;
  readonly targetFileName: string;
  readonly delaySeconds: number;
}

/** As GetQueuedTransfers tells it. */
export const transferState = { notStarted: 1, inProgress: 2, finishing: 3 } as const;
export interface QueuedTransfer extends TransferOrder {
  readonly state: number;
}

export interface TransferEnd {
  readonly order: TransferOrder;
  readonly result: TransferResult;
  /** What was fetched or sent; empty after a fault. */
  readonly file: Buffer;
}

export interface TransferOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds between the session's end, or the end of the ordered delay, and the transfer. */
  readonly time: number;
  /** What an Upload of that file type sends; undefined: there is no such file. */
  readonly fileFor: (fileType: string) => Buffer | undefined;
  readonly onEnd: (end: TransferEnd) => void;
}

export interface Transfers {
  /** Accepts an order; it starts when a session has ended. */
  add(order: TransferOrder): void;
  /** Runs an order at once, within the session (Status 0: no TransferComplete follows). */
  runNow(order: TransferOrder): Promise<TransferEnd | undefined>;
  queued(): readonly QueuedTransfer[];
  cancel(commandKey: string): 'canceled' | 'in-progress' | 'unknown';
  startAccepted(): void;
  /** The device goes down: nothing runs, nothing is forgotten. */
  interrupt(): void;
  /** A factory reset forgets them. */
  clear(): void;
}

interface Entry {
  readonly order: TransferOrder;
  readonly acceptedAt: number;
  state: number;
  stop: Cancel;
}

const FILE_TIMEOUT = 30_000;

export function createTransfers(options: TransferOptions): Transfers {
  const { clock } = options;
  const entries = new Set<Entry>();
  const noop = (): void => undefined;

  const run = async (order: TransferOrder, signal: AbortSignal): Promise<TransferEnd | undefined> => {
    const startedAt = clock.now();
    const result = await fetchOrSend(order, options, signal);
    if (result.kind === 'stopped') return undefined;
    const faultCode = result.kind === 'failed' ? result.faultCode : 0;
    return {
      order,
      file: result.kind === 'done' ? result.file : Buffer.alloc(0),
      result: {
        commandKey: order.commandKey,
        isDownload: order.isDownload,
        faultCode,
        faultText: faultCode === 0 ? '' : faultText(faultCode),
        startedAt,
        completedAt: clock.now(),
      },
    };
  };

  const start = (entry: Entry): void => {
    const abort = new AbortController();
    const due = Math.max(options.time, entry.acceptedAt + entry.order.delaySeconds * 1000 - clock.now());
    const cancelTimer = clock.after(due, () => {
      entry.state = transferState.inProgress;
      void run(entry.order, abort.signal).then((end) => {
        if (end === undefined || !entries.delete(entry)) return;
        options.onEnd(end);
      });
    });
    entry.stop = () => {
      cancelTimer();
      abort.abort();
      entry.stop = noop;
      entry.state = transferState.notStarted;
    };
  };

  const stopAll = (): void => {
    for (const entry of entries) entry.stop();
  };

  return {
    add: (order) => void entries.add({ order, acceptedAt: clock.now(), state: transferState.notStarted, stop: noop }),
    runNow: async (order) => await run(order, new AbortController().signal),
    queued: () => [...entries].map(({ order, state }) => ({ ...order, state })),
    cancel: (commandKey) => {
      const found = [...entries].filter(({ order }) => order.commandKey === commandKey);
      if (found.length === 0) return 'unknown';
      if (found.some(({ state }) => state !== transferState.notStarted)) return 'in-progress';
      for (const entry of found) {
        entry.stop();
        entries.delete(entry);
      }
      return 'canceled';
    },
    startAccepted: () => {
      for (const entry of entries) if (entry.stop === noop) start(entry);
    },
    interrupt: stopAll,
    clear: () => {
      stopAll();
      entries.clear();
    },
  };
}

async function fetchOrSend(order: TransferOrder, options: TransferOptions, signal: AbortSignal): Promise<FileResult> {
  const upload = order.isDownload ? undefined : options.fileFor(order.fileType);
  if (!order.isDownload && upload === undefined) return { kind: 'failed', faultCode: 9011 };
  const { clock, random } = options;
  const { url, username, password, fileSize } = order;
  const timeout = FILE_TIMEOUT;
  return await transferFile({
    url,
    username,
    password,
    fileSize,
    timeout,
    clock,
    random,
    signal,
    ...(upload !== undefined && { upload }),
  });
}
