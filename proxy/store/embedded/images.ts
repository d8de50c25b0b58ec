// ImageSteps on the embedded store: a use is a document of its own, found by walking the keys. Each step runs within one
// turn of the event loop, so that no use begins between the last one's end and the mark that the image is given up.
import { DocumentOrigins } from '../documents/images.ts';
import { remove, write } from '../documents/documents.ts';
import { GIVEN_UP_MS, type ImageKey, type ImageSteps, type ImageUse } from '../image-steps.ts';
import type { LogDocuments } from './log-documents.ts';

interface UseDocument extends Omit<ImageUse, 'device'> {
  readonly v: 1;
}

const usesPrefix = ({ tenant, blob }: ImageKey): string => `image-use/${tenant}/${blob}/`;
const givenUpKey = ({ tenant, blob }: ImageKey): string => `image-given-up/${tenant}/${blob}`;
const PAGE = 1000;

export class EmbeddedImages extends DocumentOrigins implements ImageSteps {
  readonly #documents: LogDocuments;

  constructor(documents: LogDocuments) {
    super(documents);
    this.#documents = documents;
  }

  async useImage(image: ImageKey, { device, by, at }: ImageUse): Promise<'used' | 'given-up'> {
    if (this.#documents.text(givenUpKey(image)) !== undefined) return 'given-up';
    const known = this.#use(image, device);
    const document: UseDocument = { v: 1, by: Math.max(by, known?.by ?? by), at };
    await this.#documents.commit([write(usesPrefix(image) + device, document)]);
    return 'used';
  }

  async leaveImage(image: ImageKey, { device, by, at }: ImageUse): Promise<'used' | 'given-up'> {
    const known = this.#use(image, device);
    if (known !== undefined && known.by > by) return 'used';
    if (known !== undefined) this.#documents.commitAhead([remove(usesPrefix(image) + device)]);
    return this.giveUpImage(image, at);
  }

  async giveUpImage(image: ImageKey, at: number): Promise<'used' | 'given-up'> {
    if (this.#documents.keys(usesPrefix(image), undefined, 1).length > 0) {
      await this.#documents.flushed();
      return 'used';
    }
    await this.#documents.commit([write(givenUpKey(image), { v: 1 }, at + GIVEN_UP_MS)]);
    return 'given-up';
  }

  async countUses(image: ImageKey): Promise<number> {
    return this.#documents.keys(usesPrefix(image)).length;
  }

  async *listUses(image: ImageKey): AsyncGenerator<ImageUse, void> {
    const prefix = usesPrefix(image);
    let after: string | undefined;
    for (;;) {
      const paths = this.#documents.keys(prefix, after, PAGE);
      for (const path of paths) {
        const device = path.slice(prefix.length);
        const use = this.#use(image, device);
        if (use !== undefined) yield { device, by: use.by, at: use.at };
      }
      if (paths.length < PAGE) return;
      after = paths.at(-1);
    }
  }

  #use(image: ImageKey, device: string): UseDocument | undefined {
    return this.#documents.read<UseDocument>(usesPrefix(image) + device);
  }
}
