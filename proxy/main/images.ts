// What the Agent needs of the gateway's files for the images of CPEs: they are files of the device's tenant, fetched from
// hosts that are allowed, and given to each device by itself.
import type { ImageFetched, Images } from '../agent/firmware/images.ts';
import { needsImage } from '../agent/firmware/moves.ts';
import type { FetchFailure } from '../files/fetch/fetch.ts';
import { keepSweeping } from '../files/images/sweep.ts';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Store } from '../store/store.ts';
import type { Files } from './files.ts';

/** A CPE that is cut off after the last byte, or reboots before it has written, asks again. */
const TIMES = 3;
const INVALID: ReadonlySet<FetchFailure> = new Set(['wrong-size', 'wrong-checksum']);

export function createImages({ grants, fetcher, images }: Pick<Files, 'grants' | 'fetcher' | 'images'>): Images {
  return {
    refusal: (URL) => fetcher.refusal(URL),
    async fetch(key, { URL: url, Username: username, Password: password, ...wanted }): Promise<ImageFetched> {
      const got = await images.get(key, { url, username, password, ...wanted });
      if (got.kind === 'got') return { kind: 'stored', blob: got.blob.id };
      const { reason, detail } = got;
      if (reason === 'too-many-fetches') return { kind: 'busy' };
      return { kind: INVALID.has(reason) ? 'invalid' : 'failed', why: `${reason}: ${detail}` };
    },
    async offer({ device }, blob, validForMs) {
      const granted = await grants.grantDownload(blob, device, { validForMs, count: TIMES });
      return granted === undefined ? undefined : { URL: granted.url, FileSize: granted.blob.size };
    },
    leave: (key, blob, by) => images.leave(key, blob, by),
  };
}

/** Images that died with nodes are looked for from time to time. Returns what ends that. */
export function sweepImages(parts: {
  readonly files: Files;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): () => void {
  const { files, store } = parts;
  return keepSweeping({
    ...parts,
    blobs: files.blobs,
    steps: store.images,
    needs: async (key, blob) => {
      const record = await store.devices.readDevice(key);
      return record !== undefined && needsImage(record, blob);
    },
  });
}
