// The files of CPEs: the folder of blobs or their bucket, the grants on them, and the server.
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';
import { parseHosts } from '../access/hosts.ts';
import { sharedResolve, systemResolve } from '../access/names.ts';
import { FileFetcher } from '../files/fetch/fetch.ts';
import { Grants } from '../files/grants.ts';
import { SharedImages } from '../files/images/shared-images.ts';
import { FileServer } from '../files/server.ts';
import type { Clock, Randomness } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import { openBlobBucket } from '../store/blobs/bucket.ts';
import { openBlobFolder } from '../store/blobs/directory.ts';
import type { Store } from '../store/store.ts';
import { bucketOf } from './bucket.ts';

export interface Files {
  readonly blobs: Blobs;
  readonly grants: Grants;
  readonly server: FileServer;
  readonly fetcher: FileFetcher;
  readonly images: SharedImages;
  /** Told once the port is known: `host:port`. */
  listens(address: string): void;
}

interface Parts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
}

const SECRET_LENGTH = 32;
const ANY_ADDRESS = new Set(['', '0.0.0.0', '::']);

/** Rejects with a CausewayError that names the setting. */
export async function openFiles(parts: Parts): Promise<Files> {
  const { config, store, clock, randomness } = parts;
  const published = config['public.files'].replace(/\/+$/, '');
  if (published === '' && ANY_ADDRESS.has(config['files.listen'].host)) {
    throw new CausewayError(
      'CAUSEWAY_CONFIG_INVALID',
      'files.listen is all addresses: set public.files to the URL by which CPEs reach it',
    );
  }
  const [key, blobs] = await Promise.all([store.tenants.secret('files', randomness(SECRET_LENGTH)), openBlobs(parts)]);
  let bound = '';
  const base = (): string => (published === '' ? `http://${bound}` : published);
  const grants = new Grants({ blobs, steps: store.grants, clock, randomness, key, base });
  const settings = { idleMs: config['files.idle'], transfers: config['files.transfers'] };
  const server = new FileServer({ ...parts, settings, blobs, grants, steps: store.grants });
  parts.metrics.gauge('files_transfers', () => server.transfers);
  const fetcher = fetcherOf(parts, blobs);
  const images = new SharedImages({ ...parts, blobs, fetcher, steps: store.images, key });
  return { blobs, grants, server, fetcher, images, listens: (address) => (bound = address) };
}

/** Fetched at once on one node: each is read, hashed and written. */
const MOST_FETCHES = 8;
const ANSWER_MS = 20_000;

function fetcherOf(parts: Parts, blobs: Blobs): FileFetcher {
  const { config } = parts;
  const parsed = parseHosts(config['files.sources']);
  if (!parsed.ok) {
    throw new CausewayError(
      'CAUSEWAY_CONFIG_INVALID',
      `files.sources: ${parsed.entry} is no name, *.suffix, address or network, with or without a port`,
    );
  }
  return new FileFetcher({
    ...parts,
    blobs,
    policy: parsed.policy,
    resolve: sharedResolve(systemResolve),
    answerMs: ANSWER_MS,
    idleMs: config['files.idle'],
    most: MOST_FETCHES,
  });
}

function openBlobs({ config, clock, randomness, log }: Parts): Promise<Blobs> {
  const limits = { maxBytes: config['files.max'], totalBytes: config['files.total'] };
  const bucket = bucketOf(config);
  if (bucket !== undefined) {
    return openBlobBucket(
      {
        ...bucket,
        ...limits,
        timeoutMs: config['files.bucketTimeout'],
        onEvent: (event) => log.warn({ bucket: bucket.bucket, ...event }, 'the bucket of files'),
      },
      { clock, randomness },
    );
  }
  const folder = join(config['data.dir'], 'blobs');
  return openBlobFolder({
    folder,
    ...limits,
    now: () => clock.now(),
    randomness,
    onEvent: (event) => log.warn({ folder, ...event }, 'the folder of files'),
  });
}
