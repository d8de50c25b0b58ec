// How much room is left: what is there and what is on its way, against what may be there.
import type { PutRefusal } from './blobs.ts';

export interface RoomLimits {
  /** Largest file, and all files together, in bytes. */
  readonly maxBytes: number;
  readonly totalBytes: number;
}

/** A file on its way in. */
export interface Berth {
  /** So many bytes more; or why there is no room for them. */
  readonly grow: (bytes: number) => PutRefusal | undefined;
  /** Once, however it went. */
  readonly leave: (stored: boolean) => void;
}

const FILES_CAP = 10_000;

export class Room {
  readonly #limits: RoomLimits;
  #stored = { files: 0, bytes: 0 };
  #onTheirWay = { files: 0, bytes: 0 };

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** What is there, as just counted. */
  holds(sizes: Iterable<number>): void {
    this.#stored = { files: 0, bytes: 0 };
    for (const size of sizes) this.#add(1, size);
  }

  removed(size: number): void {
    this.#add(-1, -size);
  }

  refusal(size: number): PutRefusal | undefined {
    const { maxBytes, totalBytes } = this.#limits;
    if (size > maxBytes) return 'file-too-large';
    if (this.#stored.bytes + this.#onTheirWay.bytes + size > totalBytes) return 'total-full';
    return this.#stored.files + this.#onTheirWay.files >= FILES_CAP ? 'too-many-files' : undefined;
  }

  /** Of a size that is not known yet. */
  begin(): Berth | 'too-many-files' {
    const { maxBytes, totalBytes } = this.#limits;
    if (this.refusal(0) === 'too-many-files') return 'too-many-files';
    const onTheirWay = this.#onTheirWay;
    onTheirWay.files += 1;
    let size = 0;
    return {
      grow: (bytes) => {
        if (size + bytes > maxBytes) return 'file-too-large';
        if (this.#stored.bytes + onTheirWay.bytes + bytes > totalBytes) return 'total-full';
        size += bytes;
        onTheirWay.bytes += bytes;
        return undefined;
      },
      leave: (stored) => {
        onTheirWay.files -= 1;
        onTheirWay.bytes -= size;
        if (stored) this.#add(1, size);
      },
    };
  }

  #add(files: number, bytes: number): void {
    this.#stored.files += files;
    this.#stored.bytes += bytes;
  }
}
