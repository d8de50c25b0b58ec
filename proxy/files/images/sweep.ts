// What nodes that died have left of shared images: uses by devices that have the image no more, or never came to have it, and
// images that nobody uses. The devices' own documents are the truth: whatever they do not name is found, and done again if
// need be, by whichever node.
import type { Clock, Timer } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import { type Blobs, type Blob, tenantOf } from '../../store/blobs/blobs.ts';
import type { ImageSteps } from '../../store/image-steps.ts';
import type { DeviceKey } from '../../store/store.ts';

export interface SweepContext {
  readonly blobs: Blobs;
  readonly steps: ImageSteps;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether the device has the image, or something is under way that may bring it. */
  readonly needs: (key: DeviceKey, blob: string) => Promise<boolean>;
}

/** Between a file that is stored, its first use, and the device's own word: no step lasts so long. */
const YOUNG_MS = 600_000;
const EVERY_MS = 3_600_000;

/** How many images were removed. Rejects where the store, or what holds the files, is away. */
export async function sweepImages({ blobs, steps, clock, needs }: SweepContext): Promise<number> {
  const old = clock.now() - YOUNG_MS;
  const isLeft = async (blob: Blob): Promise<boolean> => {
    const image = { tenant: tenantOf(blob), blob: blob.id };
    for await (const use of steps.listUses(image)) {
      if (use.at > old || (await needs({ tenant: image.tenant, device: use.device }, blob.id))) continue;
      await steps.leaveImage(image, use);
    }
    return (await steps.giveUpImage(image, clock.now())) === 'given-up';
  };
  let removed = 0;
  for (const blob of await blobs.list()) {
    if (blob.shared !== true || blob.storedAt > old || !(await isLeft(blob))) continue;
    await blobs.remove(blob.id);
    removed += 1;
  }
  return removed;
}

/** Once an hour, first when whatever ran at the start must be over. Returns what ends it. */
export function keepSweeping(context: SweepContext): () => void {
  const { clock, log, metrics } = context;
  const again = async (): Promise<void> => {
    try {
      const removed = await sweepImages(context);
      if (removed > 0) log.info({ removed }, 'images that no device uses are removed');
    } catch (error) {
      metrics.count('failure', 'images');
      log.warn({ err: error }, 'images are looked through another time');
    }
  };
  let timer: Timer;
  let stopped = false;
  const wait = (ms: number): void => {
    timer = clock.after(ms, () => void again().finally(() => (stopped ? undefined : wait(EVERY_MS))));
  };
  wait(YOUNG_MS);
  return () => {
    stopped = true;
    timer.cancel();
  };
}
