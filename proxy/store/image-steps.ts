// Steps on images that the devices of a tenant share: which devices use one, and what is known of where it came from. Uses
// are an index over devices: it is written before the device says so itself, and may name too many; who wants to be sure
// looks at the device. A file is removed only after it was given up, and nobody comes to use it from then on.

export interface ImageKey {
  readonly tenant: string;
  /** Id of the file. */
  readonly blob: string;
}

export interface ImageUse {
  readonly device: string;
  /** Which of the device's fetches brought it there: the end of an earlier one does not end the use by a later one. */
  readonly by: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a URL, asked with certain credentials, has led to. */
export interface ImageOrigin {
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  /** A file with these bytes; another node may have one of its own. */
  readonly blob: string;
  /** Its strong entity tag (RFC 9110 §8.8.3); '' where the server gave none. */
  readonly etag: string;
  /** Digest of the URL that the tag is of: the last one, where redirections led there. */
  readonly at: string;
  /** When its server last gave it, or said that it is the same, to these credentials; 0: it has refused them since. */
  readonly provenAt: number;
}

export interface ImageSteps {
  /** `given-up`: it is about to be removed, and cannot be used any more. */
  useImage(image: ImageKey, use: ImageUse): Promise<'used' | 'given-up'>;
  /** Ends the use by this fetch and those before it; the image is given up where that was the last use. */
  leaveImage(image: ImageKey, use: ImageUse): Promise<'used' | 'given-up'>;
  /** Where nobody uses it. */
  giveUpImage(image: ImageKey, at: number): Promise<'used' | 'given-up'>;
  countUses(image: ImageKey): Promise<number>;
  /** In no order; one that comes or goes meanwhile may be missing. */
  listUses(image: ImageKey): AsyncIterable<ImageUse>;
  /** `digest` names URL and credentials. */
  readOrigin(tenant: string, digest: string): Promise<ImageOrigin | undefined>;
  saveOrigin(tenant: string, digest: string, origin: ImageOrigin, expiresAt: number): Promise<void>;
}

/** An image that was given up is remembered this long: what removes it has come to its end by then, or never will. */
export const GIVEN_UP_MS = 86_400_000;
