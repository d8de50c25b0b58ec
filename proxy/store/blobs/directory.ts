// Blobs in a folder of one node: `<id>` is the file, `<id>.json` what is known of it. A file is there once its JSON is,
// which comes last and by renaming; whatever else lies there after a crash is of a file that nobody was promised.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CausewayError } from '../../errors.ts';
import { randomName, type Randomness } from '../../operate/clock.ts';
import { lockFolder, type Release } from '../log/lock.ts';
import type { Blob, BlobAbout, Blobs, Put, PutRefusal } from './blobs.ts';
import { isFull, takeIn } from './intake.ts';
import { readRange } from './read-range.ts';

export interface BlobFolderOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Largest file, and all files together, in bytes. */
  readonly maxBytes: number;
  readonly totalBytes: number;
  readonly now: () => number;
  readonly randomness: Randomness;
  /** What was found at the start that is no file of ours, or half of one. */
  readonly onEvent?: (event: BlobEvent) => void;
}
export type BlobEvent =
  | { readonly kind: 'half a file removed'; readonly file: string }
  | { readonly kind: 'left alone'; readonly file: string; readonly why: string };

const ID = /^[A-Z2-7]{20}$/;
const ID_LENGTH = 20;
const PARTIAL = /^[A-Z2-7]{20}(?:\.json)?\.part$/;
/** All of them are known in memory. */
const FILES_CAP = 10_000;
const OWNER_ONLY = 0o600;

interface BlobDocument extends Blob {
  readonly v: 1;
}

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
    if (PARTIAL.test(file) || (ID.test(file) && !names.has(`${file}.json`))) remove(file);
    const [id = '', extension, ...more] = file.split('.');
    if (!ID.test(id) || extension !== 'json' || more.length > 0) continue;
    if (!names.has(id)) remove(file);
    else {
      const read = readDocument(folder, id);
      if (typeof read === 'string') onEvent({ kind: 'left alone', file, why: read });
      else blobs.push(read);
    }
  }
  return new Map(blobs.sort((one, other) => one.storedAt - other.storedAt).map((blob) => [blob.id, blob]));
}

/** Or why it cannot be read. */
function readDocument(folder: string, id: string): Blob | string {
  try {
    const document = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Blob & { readonly v: number };
    const { v, ...blob } = document;
    if (!Number.isInteger(v)) return 'it is not what Causeway wrote';
    if (v > 1) return 'a newer version of Causeway wrote it';
    const { size } = statSync(join(folder, id));
    return blob.id === id && blob.size === size ? blob : `the file has ${size} bytes`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class BlobFolder implements Blobs {
  readonly #options: BlobFolderOptions;
  readonly #blobs: Map<string, Blob>;
  readonly #descriptor: number;
  readonly #release: Release;
  /** Bytes of files that are there or on their way. */
  #taken: number;
  #onTheirWay = 0;
  #closed: Promise<void> | undefined;

  constructor(options: BlobFolderOptions, blobs: Map<string, Blob>, descriptor: number, release: Release) {
    this.#options = options;
    this.#blobs = blobs;
    this.#descriptor = descriptor;
    this.#release = release;
    this.#taken = [...blobs.values()].reduce((sum, { size }) => sum + size, 0);
  }

  refusal(size: number): PutRefusal | undefined {
    const { maxBytes, totalBytes } = this.#options;
    if (size > maxBytes) return 'file-too-large';
    if (this.#taken + size > totalBytes) return 'total-full';
    return this.#blobs.size + this.#onTheirWay >= FILES_CAP ? 'too-many-files' : undefined;
  }

  async put(body: AsyncIterable<Uint8Array>, about: BlobAbout): Promise<Put> {
    const { folder, randomness, maxBytes, totalBytes } = this.#options;
    if (this.refusal(0) === 'too-many-files') return { kind: 'refused', reason: 'too-many-files' };
    const id = randomName(randomness, ID_LENGTH);
    let size = 0;
    const grow = (bytes: number): PutRefusal | undefined => {
      if (size + bytes > maxBytes) return 'file-too-large';
      if (this.#taken + bytes > totalBytes) return 'total-full';
      size += bytes;
      this.#taken += bytes;
      return undefined;
    };
    this.#onTheirWay += 1;
    let stored = false;
    try {
      const put = await this.#store(id, body, about, grow);
      stored = put.kind === 'stored';
      return put;
    } catch (error) {
      if (isFull(error)) return { kind: 'refused', reason: 'disk-full' };
      throw failed(folder, error);
    } finally {
      this.#onTheirWay -= 1;
      if (!stored) {
        this.#taken -= size;
        await this.#removeFiles(id);
      }
    }
  }

  async #store(
    id: string,
    body: AsyncIterable<Uint8Array>,
    about: BlobAbout,
    grow: (bytes: number) => PutRefusal | undefined,
  ): Promise<Put> {
    const path = join(this.#options.folder, id);
    const file = await open(`${path}.part`, 'wx', OWNER_ONLY);
    const intake = await takeIn(body, file, grow).finally(() => file.close());
    if (intake.kind !== 'whole') return intake;
    const { size, checksums } = intake;
    const blob: Blob = { id, ...about, size, checksums, storedAt: this.#options.now() };
    await rename(`${path}.part`, path);
    const document: BlobDocument = { v: 1, ...blob };
    const beside = await open(`${path}.json.part`, 'wx', OWNER_ONLY);
    await beside
      .writeFile(JSON.stringify(document))
      .then(() => beside.sync())
      .finally(() => beside.close());
    await rename(`${path}.json.part`, `${path}.json`);
    await this.#syncFolder();
    this.#blobs.set(id, blob);
    return { kind: 'stored', blob };
  }

  find(id: string): Blob | undefined {
    return this.#blobs.get(id);
  }

  list(): readonly Blob[] {
    return [...this.#blobs.values()];
  }

  read(id: string, start: number, end: number): AsyncIterable<Uint8Array> | undefined {
    return this.#blobs.has(id) ? readRange(join(this.#options.folder, id), start, end) : undefined;
  }

  async remove(id: string): Promise<boolean> {
    const blob = this.#blobs.get(id);
    if (blob === undefined) return false;
    this.#blobs.delete(id);
    this.#taken -= blob.size;
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
