// What the Agent needs of the gateway's files for the images of CPEs.
import type { Checksum } from '../../store/blobs/blobs.ts';
import type { DeviceKey } from '../../store/store.ts';

export interface ImageOrder {
  readonly URL: string;
  readonly Username: string;
  readonly Password: string;
  /** What the image is to be called. */
  readonly name: string;
  /** In bytes; undefined where nobody says. */
  readonly size: number | undefined;
  readonly checksum: { readonly algorithm: Checksum; readonly value: string } | undefined;
  /** Which of the device's fetches it is: later ones have higher numbers. */
  readonly by: number;
  /** Nobody wants it any more. */
  readonly signal: AbortSignal;
}

export type ImageFetched =
  | { readonly kind: 'stored'; readonly blob: string }
  /** It did not come. */
  | { readonly kind: 'failed'; readonly why: string }
  /** It came, and is not what was promised. */
  | { readonly kind: 'invalid'; readonly why: string }
  /** This node fetches as many as it may. */
  | { readonly kind: 'busy' };

export interface OfferedImage {
  /** Ours, for this device alone. */
  readonly URL: string;
  readonly FileSize: number;
}

export interface Images {
  /** Why the gateway may not fetch from there, for a person; undefined where it may. */
  refusal(URL: string): string | undefined;
  /**
   * What is stored is the device's until it leaves it, and may be that of others as well. Rejects with a CAUSEWAY_STORE_*
   * error where what holds the images is away.
   */
  fetch(key: DeviceKey, order: ImageOrder): Promise<ImageFetched>;
  /** Undefined where the image is not there any more. */
  offer(key: DeviceKey, blob: string, validForMs: number): Promise<OfferedImage | undefined>;
  /** The device has it no more, unless a fetch later than `by` has brought it; it goes with the last device that has it. */
  leave(key: DeviceKey, blob: string, by: number): Promise<void>;
}
