// What is known of where images came from, as documents that belong to no device.
import type { ImageOrigin, ImageSteps } from '../image-steps.ts';
import { type Documents, write } from './documents.ts';

interface OriginDocument extends ImageOrigin {
  readonly v: 1;
}

const originKey = (tenant: string, digest: string): string => `image-origin/${tenant}/${digest}`;

export class DocumentOrigins implements Pick<ImageSteps, 'readOrigin' | 'saveOrigin'> {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async readOrigin(tenant: string, digest: string): Promise<ImageOrigin | undefined> {
    const document = this.#documents.read<OriginDocument>(originKey(tenant, digest));
    if (document === undefined) return undefined;
    const { v: _, ...origin } = document;
    return origin;
  }

  async saveOrigin(tenant: string, digest: string, origin: ImageOrigin, expiresAt: number): Promise<void> {
    const key = originKey(tenant, digest);
    // A step replaces what it has read.
    this.#documents.text(key);
    await this.#documents.commit([write(key, { v: 1, ...origin }, expiresAt)]);
  }
}
