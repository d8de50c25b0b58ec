// Blobs in a folder of one node: `<id>` is the file, `<id>.json` what is known of it. A file is there once its JSON is,
// which comes last and by renaming; whatever else lies there after a crash is of a file that nobody was promised.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CausewayError } from '../../errors.ts';
import type { Randomness } from '../../operate/clock.ts';
import { lockFolder, type Release } from '../log/lock.ts';
import type { Blob, BlobAbout, Blobs, Put, PutRefusal } from './blobs.ts';
import { isBlobId, newBlobId, readDocument, writeDocument } from './document.ts';
import { fileSink, isFull } from './file-sink.ts';
import { takeIn } from './intake.ts';
import { readRange } from './read-range.ts';
import { type Berth, Room, type RoomLimits } from './room.ts';

export interface BlobFolderOptions extends RoomLimits {
  /** Made when it is not there. */
  readonly folder: string;
  readonly now: () => number;
  readonly randomness: Randomness;
  /** What was found at the start that is no file of ours, or half of one. */
  readonly onEvent?: (event: BlobEvent) => void;
}
export type BlobEvent =
  | { readonly kind: 'half a file removed'; readonly file: string }
  | { readonly kind: 'left alone'; readonly file: string; readonly why: string };

const PARTIAL = /^[A-Z2-7]{20}(?:\.json)?\.part$/;
const OWNER_ONLY = 0o600;

/**
 * Rejects with CAUSEWAY_STORE_LOCKED while another process has the folder, and with CAUSEWAY_STORE_WRITE_FAILED where it
 * cannot be one.
 */
export async function openBlobFolder(options: BlobFolderOptions): Promise<Blobs> {
  const { folder, onEvent = () => undefined } = options;
  let descriptor: number | undefined;
  let release: Release | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    descriptor = openSync(folder, 'r');
    release = await lockFolder({ folder, folderDescriptor: descriptor, onEvent: () => undefined });
    return new BlobFolder(options, sweep(folder, onEvent), descriptor, release);
  } catch (error) {
    await release?.();
    if (descriptor !== undefined) closeSync(descriptor);
    throw failed(folder, error);
  }
}

const failed = (folder: string, error: unknown): CausewayError => {
  if (error instanceof CausewayError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new CausewayError('CAUSEWAY_STORE_WRITE_FAILED', `${folder}: ${why}`, { cause: error });
};

/** What is whole; halves are removed, and what is not ours is left alone and told. */
function sweep(folder: string, onEvent: (event: BlobEvent) => void): Map<string, Blob> {
  const blobs: Blob[] = [];
  const names = new Set(readdirSync(folder));
  const remove = (file: string): void => {
    rmSync(join(folder, file), { force: true });
    onEvent({ kind: 'half a file removed', file });
  };
  for (const file of names) {
    if (PARTIAL.test(file) || (isBlobId(file) && !names.has(`${file}.json`))) remove(file);
    const [id = '', extension, ...more] = file.split('.');
    if (!isBlobId(id) || extension !== 'json' || more.length > 0) continue;
    if (!names.has(id)) remove(file);
    else {
      const read = readFrom(folder, id);
      if (typeof read === 'string') onEvent({ kind: 'left alone', file, why: read });
      else blobs.push(read);
    }
  }
  return new Map(blobs.sort((one, other) => one.storedAt - other.storedAt).map((blob) => [blob.id, blob]));
}

/** Or why it cannot be read. */
function readFrom(folder: string, id: string): Blob | string {
  try {
    return readDocument(readFileSync(join(folder, `${id}.json`), 'utf8'), id, statSync(join(folder, id)).size);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class BlobFolder implements Blobs {
  readonly #options: BlobFolderOptions;
  readonly #blobs: Map<string, Blob>;
  readonly #descriptor: number;
  readonly #release: Release;
  /** All of them are known in memory. */
  readonly #room: Room;
  #closed: Promise<void> | undefined;

  constructor(options: BlobFolderOptions, blobs: Map<string, Blob>, descriptor: number, release: Release) {
    this.#options = options;
    this.#blobs = blobs;
    this.#descriptor = descriptor;
    this.#release = release;
    this.#room = new Room(options);
    this.#room.holds([...blobs.values()].map(({ size }) => size));
  }

  async refusal(size: number): Promise<PutRefusal | undefined> {
    return this.#room.refusal(size);
  }

  async put(body: AsyncIterable<Uint8Array>, about: BlobAbout): Promise<Put> {
    const { folder, randomness } = this.#options;
    const berth = this.#room.begin();
    if (berth === 'too-many-files') return { kind: 'refused', reason: berth };
    const id = newBlobId(randomness);
    let stored = false;
    try {
      const put = await this.#store(id, body, about, berth);
      stored = put.kind === 'stored';
      return put;
    } catch (error) {
      if (isFull(error)) return { kind: 'refused', reason: 'disk-full' };
      throw failed(folder, error);
    } finally {
      berth.leave(stored);
      if (!stored) await this.#removeFiles(id);
    }
  }

  async #store(id: string, body: AsyncIterable<Uint8Array>, about: BlobAbout, { grow }: Berth): Promise<Put> {
    const path = join(this.#options.folder, id);
    const file = await open(`${path}.part`, 'wx', OWNER_ONLY);
    const intake = await takeIn(body, fileSink(file), grow).finally(() => file.close());
    if (intake.kind !== 'whole') return intake;
    const { size, checksums } = intake;
    const blob: Blob = { id, ...about, size, checksums, storedAt: this.#options.now() };
    await rename(`${path}.part`, path);
    const beside = await open(`${path}.json.part`, 'wx', OWNER_ONLY);
    await beside
      .writeFile(writeDocument(blob))
      .then(() => beside.sync())
      .finally(() => beside.close());
    await rename(`${path}.json.part`, `${path}.json`);
    await this.#syncFolder();
    this.#blobs.set(id, blob);
    return { kind: 'stored', blob };
  }

  async find(id: string): Promise<Blob | undefined> {
    return this.#blobs.get(id);
  }

  async list(): Promise<readonly Blob[]> {
    return [...this.#blobs.values()];
  }

  async read(id: string, start: number, end: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#blobs.has(id) ? readRange(join(this.#options.folder, id), start, end) : undefined;
  }

  async remove(id: string): Promise<boolean> {
    const blob = this.#blobs.get(id);
    if (blob === undefined) return false;
    this.#blobs.delete(id);
    this.#room.removed(blob.size);
    await this.#removeFiles(id);
    await this.#syncFolder();
    return true;
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#release();
      closeSync(this.#descriptor);
    })();
    return this.#closed;
  }

  /** The JSON first: without it the file is none. */
  async #removeFiles(id: string): Promise<void> {
    for (const end of ['.json', '.json.part', '.part', ''])
      await rm(join(this.#options.folder, `${id}${end}`), { force: true });
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.#options.folder, 'r');
    await folder.sync().finally(() => folder.close());
  }
}
