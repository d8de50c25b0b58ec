// Files of any size behind the store: firmware and configuration for CPEs, and what CPEs upload. A blob is immutable; its
// name in the store is random, and what people call it is only ever text beside it, never a part of a path.
import { FIRST_TENANT } from '../store.ts';

/** MD5 because vendors publish it; the others are all that USP knows (CheckSumAlgorithm). */
export const CHECKSUMS = ['MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
export type Checksum = (typeof CHECKSUMS)[number];

/** What its owner says of a file. */
export interface BlobAbout {
  readonly name: string;
  /** CWMP's FileType, such as `1 Firmware Upgrade Image`; or ''. */
  readonly fileType: string;
  readonly vendor: string;
  readonly model: string;
  readonly version: string;
  /** The device that uploaded it; '' for an operator's. */
  readonly device: string;
  /** Whose it is; undefined: the first tenant's. */
  readonly tenant?: string;
  /** An image that devices have in their banks: it stays as long as one of them does (`ImageSteps`). */
  readonly shared?: true;
}

/** To be said of a file that is this tenant's. */
export const owned = (tenant: string): Pick<BlobAbout, 'tenant'> => (tenant === FIRST_TENANT ? {} : { tenant });
export const isOf = (tenant: string, blob: Pick<BlobAbout, 'tenant'>): boolean => tenantOf(blob) === tenant;
export const tenantOf = ({ tenant }: Pick<BlobAbout, 'tenant'>): string => tenant ?? FIRST_TENANT;

export interface Blob extends BlobAbout {
  /** Letters and digits. */
  readonly id: string;
  /** In bytes. */
  readonly size: number;
  /** In lower-case hexadecimal. */
  readonly checksums: Readonly<Record<Checksum, string>>;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

export type PutRefusal =
  /** Larger than one file may be. */
  | 'file-too-large'
  /** With it all files together would be larger than they may be. */
  | 'total-full'
  | 'too-many-files'
  /** The disk, or the bucket, has no room, or its quota is used up. */
  | 'disk-full';

export type Put =
  | { readonly kind: 'stored'; readonly blob: Blob }
  | { readonly kind: 'refused'; readonly reason: PutRefusal }
  /** The sender broke off: nothing is left of it. */
  | { readonly kind: 'cut-off' };

/** Each rejects with a CAUSEWAY_STORE_* error where what holds the files is away. */
export interface Blobs {
  /** Whether a file of that size would be refused now; of a size that is not known yet: 0. */
  refusal(size: number): Promise<PutRefusal | undefined>;
  /** Stored is safe, against power loss too; of anything else nothing is left. Rejects with CAUSEWAY_STORE_WRITE_FAILED. */
  put(body: AsyncIterable<Uint8Array>, about: BlobAbout): Promise<Put>;
  find(id: string): Promise<Blob | undefined>;
  /** By age, the oldest first. */
  list(): Promise<readonly Blob[]>;
  /**
   * Bytes `start` up to but not including `end`, in order; undefined where there is no such file. A chunk is the reader's
   * until it asks for the next one: then its memory is used again. Once begun, it goes on though the file is removed.
   */
  read(id: string, start: number, end: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Whether there was one. */
  remove(id: string): Promise<boolean>;
  close(): Promise<void>;
}
