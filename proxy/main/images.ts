// What the Agent needs of the gateway's files for the images of CPEs: they are files of the device's tenant, fetched from
// hosts that are allowed and given to that device alone.
import type { ImageFetched, Images } from '../agent/firmware/images.ts';
import type { FetchFailure, FileFetcher } from '../files/fetch/fetch.ts';
import type { Grants } from '../files/grants.ts';
import { type Blob, type Blobs, isOf, owned } from '../store/blobs/blobs.ts';
import type { DeviceKey } from '../store/store.ts';

interface Parts {
  readonly blobs: Blobs;
  readonly grants: Grants;
  readonly fetcher: FileFetcher;
}

const FILE_TYPE = '1 Firmware Upgrade Image';
/** A CPE that is cut off after the last byte, or reboots before it has written, asks again. */
const TIMES = 3;
const INVALID: ReadonlySet<FetchFailure> = new Set(['wrong-size', 'wrong-checksum']);

export function createImages({ blobs, grants, fetcher }: Parts): Images {
  const about = (
    { tenant, device }: DeviceKey,
    name: string,
  ): Omit<Blob, 'id' | 'size' | 'checksums' | 'storedAt'> => ({
    ...{ name, fileType: FILE_TYPE, vendor: '', model: '', version: '', device },
    ...owned(tenant),
  });
  return {
    refusal: (URL) => fetcher.refusal(URL),
    async fetch(key, { URL: url, Username, Password, name, size, checksum, signal }): Promise<ImageFetched> {
      const order = { url, username: Username, password: Password, about: about(key, name), size, checksum, signal };
      const fetched = await fetcher.fetch(order);
      if (fetched.kind === 'stored') return { kind: 'stored', blob: fetched.blob.id };
      const { reason, detail } = fetched;
      if (reason === 'too-many-fetches') return { kind: 'busy' };
      return { kind: INVALID.has(reason) ? 'invalid' : 'failed', why: `${reason}: ${detail}` };
    },
    async offer({ device }, blob, validForMs) {
      const granted = await grants.grantDownload(blob, device, { validForMs, count: TIMES });
      return granted === undefined ? undefined : { URL: granted.url, FileSize: granted.blob.size };
    },
    async remove(blob) {
      await blobs.remove(blob);
    },
    async removeLeft({ tenant, device }, known) {
      const isLeft = (blob: Blob): boolean =>
        blob.device === device && blob.fileType === FILE_TYPE && isOf(tenant, blob) && !known.includes(blob.id);
      for (const { id } of (await blobs.list()).filter(isLeft)) await blobs.remove(id);
    },
  };
}
