// Images that the gateway keeps for the devices of a tenant: one file for all that were given the same, one fetch of it for
// all that ask at the same moment, and no longer than one of them has it.
//
// Why a device may be given what another one's Download() has brought:
// - It is the same file. Its bytes are those of a CheckSum that the Controller has given; or its server has said so by the
//   entity tag (`304`), or has sent all of it again and the SHA-256 is the same. A URL alone says nothing: what it leads to
//   may have changed. Who asks while an answer of the server has not begun shares that one: its own would be no newer.
// - It may have it. It is of the same tenant; and its server has given the file to the very URL and credentials, now, or
//   (with a CheckSum, where nothing has to be asked) within a day. Credentials that were refused give nothing.
// Nobody is told by it what others have: that a file is shared shows in no answer.
import { createHmac } from 'node:crypto';
import type { Clock } from '../../operate/clock.ts';
import type { Metrics } from '../../operate/metrics.ts';
import { type Blob, type BlobAbout, type Blobs, isOf, owned } from '../../store/blobs/blobs.ts';
import type { ImageOrigin, ImageSteps } from '../../store/image-steps.ts';
import type { DeviceKey } from '../../store/store.ts';
import type { FetchFailure, FileFetcher } from '../fetch/fetch.ts';
import { brokenPromise, type Promised } from '../fetch/promise.ts';
import { type Flight, Flights } from './flights.ts';

export interface WantedImage extends Promised {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** What it is to be called, where it is not kept under another name already. */
  readonly name: string;
  /** Which of the device's fetches it is: later ones have higher numbers. */
  readonly by: number;
  /** Nobody wants it any more: it ends as `cut-off`. */
  readonly signal: AbortSignal;
}

export type ImageGot =
  /** The device uses it from now on, until it leaves it. */
  | { readonly kind: 'got'; readonly blob: Blob }
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly detail: string };

export interface SharedImagesContext {
  readonly blobs: Blobs;
  readonly steps: ImageSteps;
  readonly fetcher: Pick<FileFetcher, 'fetch' | 'refusal'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Names of URLs and credentials are made with it; shared by all nodes. */
  readonly key: Uint8Array;
}

export const IMAGE_TYPE = '1 Firmware Upgrade Image';
/** For so long what a server has given to these credentials counts as given, where a CheckSum tells the file. */
const PROVEN_MS = 86_400_000;
const ORIGIN_KEPT_MS = 30 * 86_400_000;
/** Each time another device was the last to leave the image in the very moment. */
const ATTEMPTS = 5;

const failed = (reason: FetchFailure, detail: string): ImageGot => ({ kind: 'failed', reason, detail });
const imageOf = (tenant: string, { id }: Blob): { readonly tenant: string; readonly blob: string } => ({
  tenant,
  blob: id,
});

export class SharedImages {
  readonly #context: SharedImagesContext;
  readonly #flights = new Flights<ImageGot>();

  constructor(context: SharedImagesContext) {
    this.#context = context;
  }

  /** Rejects with a CAUSEWAY_STORE_* error where the store, or what holds the files, is away. */
  async get({ tenant, device }: DeviceKey, wanted: WantedImage): Promise<ImageGot> {
    const { steps, blobs, clock } = this.#context;
    const { size, checksum, signal, by } = wanted;
    const origin = this.#digest(tenant, wanted);
    const name = JSON.stringify([origin, size, checksum]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const passenger = { signal, takesEarlier: checksum !== undefined };
      const got = await this.#flights.share(name, passenger, (flight) => this.#obtain(tenant, origin, wanted, flight));
      if (got === 'left') return failed('cut-off', 'nobody wants it any more');
      if (got.kind === 'failed') return got;
      if ((await steps.useImage(imageOf(tenant, got.blob), { device, by, at: clock.now() })) === 'used') return got;
      // Whoever gave it up may have died before it was removed.
      await blobs.remove(got.blob.id);
    }
    return failed('cut-off', 'each time it came it was removed again');
  }

  /** The device has it no more, unless a fetch later than `by` has brought it. */
  async leave({ tenant, device }: DeviceKey, id: string, by: number): Promise<void> {
    const { blobs, steps, clock } = this.#context;
    const blob = await blobs.find(id);
    if (blob !== undefined && blob.shared !== true) {
      // Kept for this device alone, by a version that shared none.
      if (blob.device === device && isOf(tenant, blob)) await blobs.remove(id);
      return;
    }
    const left = await steps.leaveImage({ tenant, blob: id }, { device, by, at: clock.now() });
    if (left === 'given-up') await blobs.remove(id);
  }

  async #obtain(tenant: string, digest: string, wanted: WantedImage, flight: Flight): Promise<ImageGot> {
    const { steps, fetcher, metrics } = this.#context;
    const origin = await steps.readOrigin(tenant, digest);
    const known = origin === undefined ? undefined : await this.#find(tenant, origin);
    if (origin !== undefined && known !== undefined && this.#isProven(wanted, origin, known)) {
      metrics.count('images_shared', 'checksum');
      return { kind: 'got', blob: known };
    }
    const { url, username, password, size, checksum, name } = wanted;
    const fetched = await fetcher.fetch({
      ...{ url, username, password, size, checksum, ...flight },
      about: aboutImage(tenant, name),
      known: origin === undefined || known === undefined || origin.etag === '' ? undefined : origin,
    });
    if (fetched.kind === 'failed') {
      // It may be the credentials that it does not take any more.
      if (fetched.reason === 'status' && origin !== undefined)
        await this.#remember(tenant, digest, { ...origin, provenAt: 0 });
      return fetched;
    }
    if (fetched.kind === 'stored') {
      const blob = await this.#one(tenant, fetched.blob, flight.signal);
      await this.#proven(tenant, digest, { blob, etag: fetched.tag?.etag ?? '', at: fetched.tag?.at ?? '' });
      return { kind: 'got', blob };
    }
    if (origin === undefined || known === undefined)
      return failed('status', 'the server says that nothing has changed');
    metrics.count('images_shared', 'unchanged');
    await this.#proven(tenant, digest, { ...origin, blob: known });
    const broken = brokenPromise(wanted, known);
    return broken === undefined ? { kind: 'got', blob: known } : failed(broken.reason, broken.detail);
  }

  #isProven(wanted: WantedImage, { provenAt }: ImageOrigin, known: Blob): boolean {
    const { clock, fetcher } = this.#context;
    if (wanted.checksum === undefined || clock.now() - provenAt > PROVEN_MS) return false;
    // What may not be fetched from there any more is not given either.
    return fetcher.refusal(wanted.url) === undefined && brokenPromise(wanted, known) === undefined;
  }

  /** The file that the URL led to, or another of the same bytes that is to be had here. */
  async #find(tenant: string, { blob: id, sha256 }: ImageOrigin): Promise<Blob | undefined> {
    const { blobs } = this.#context;
    const isIt = (blob: Blob): boolean => isSharedOf(tenant, blob) && blob.checksums['SHA-256'] === sha256;
    const blob = await blobs.find(id);
    return blob !== undefined && isIt(blob) ? blob : (await blobs.list()).find(isIt);
  }

  /**
   * Of files with the same bytes the oldest one is kept, so that two nodes that fetch at once choose the same. Where one of
   * them has not seen the other's, there are two, until the devices of one have left it.
   */
  async #one(tenant: string, fresh: Blob, signal: AbortSignal): Promise<Blob> {
    const { blobs, metrics } = this.#context;
    const sum = fresh.checksums['SHA-256'];
    const same = (await blobs.list()).filter((blob) => isSharedOf(tenant, blob) && blob.checksums['SHA-256'] === sum);
    const oldest = same.sort(byAge)[0] ?? fresh;
    // Where all have left meanwhile nobody comes to use it.
    if (oldest.id !== fresh.id || signal.aborted) await this.#discard(tenant, fresh);
    if (oldest.id !== fresh.id) metrics.count('images_shared', 'same-bytes');
    return oldest;
  }

  /** Whoever has come upon it uses it: then there are two, until that one leaves it. */
  async #discard(tenant: string, blob: Blob): Promise<void> {
    const { blobs, steps, clock } = this.#context;
    if ((await steps.giveUpImage(imageOf(tenant, blob), clock.now())) === 'given-up') await blobs.remove(blob.id);
  }

  #proven(
    tenant: string,
    digest: string,
    { blob, etag, at }: Pick<ImageOrigin, 'etag' | 'at'> & { readonly blob: Blob },
  ): Promise<void> {
    const provenAt = this.#context.clock.now();
    return this.#remember(tenant, digest, { sha256: blob.checksums['SHA-256'], blob: blob.id, etag, at, provenAt });
  }

  #remember(tenant: string, digest: string, origin: ImageOrigin): Promise<void> {
    const { steps, clock } = this.#context;
    return steps.saveOrigin(tenant, digest, origin, clock.now() + ORIGIN_KEPT_MS);
  }

  /** Neither can be read from it, nor guessed without the key. */
  #digest(tenant: string, { url, username, password }: WantedImage): string {
    return createHmac('sha256', this.#context.key)
      .update(JSON.stringify(['image origin', tenant, url, username, password]))
      .digest('base64url');
  }
}

const aboutImage = (tenant: string, name: string): BlobAbout => ({
  ...{ name, fileType: IMAGE_TYPE, vendor: '', model: '', version: '', device: '', shared: true },
  ...owned(tenant),
});

const isSharedOf = (tenant: string, blob: Blob): boolean => blob.shared === true && isOf(tenant, blob);
const byAge = (one: Blob, other: Blob): number => one.storedAt - other.storedAt || (one.id < other.id ? -1 : 1);
