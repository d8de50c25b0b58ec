// The store on Redis, for several nodes: the steps that the embedded store takes, each a compare-and-set on one device.
// Safe is what Redis has acknowledged; whether that outlives Redis itself is Redis' setting (`appendonly`).
import { randomName, type Randomness } from '../../operate/clock.ts';
import type { Store } from '../store.ts';
import { Connection, type ConnectionEvent } from './connection.ts';
import { credentialSteps } from './credentials.ts';
import { DeviceRunner } from './device-runner.ts';
import { RedisDevices } from './devices.ts';
import { DocumentRunner } from './document-runner.ts';
import { catalogueSteps, grantSteps, tenantSteps } from './documents.ts';
import { RedisDue } from './due.ts';
import { RedisEnrolments } from './enrolments.ts';
import { firmwareSteps } from './firmware.ts';
import { RedisHomes } from './homes.ts';
import { Indexes } from './indexes.ts';
import { RedisMailbox } from './mailbox.ts';
import { RedisNodes } from './nodes.ts';
import { RedisOutbox } from './outbox.ts';
import { operationSteps } from './operations.ts';
import { RedisImages } from './shared-images.ts';
import { transferSteps } from './transfers.ts';
import { upstreamSteps } from './upstream.ts';

export interface RedisStoreOptions {
  readonly url: string;
  /** How long a step may take. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomness: Randomness;
  readonly onEvent: (event: ConnectionEvent) => void;
}

/** No two runs share one: tokens of devices begin with it. */
const RUN_LENGTH = 12;

/** Rejects with CAUSEWAY_CONFIG_INVALID for a URL that is none, with CAUSEWAY_STORE_AWAY when no Redis serves there. */
export async function openRedisStore({ url, timeoutMs, now, randomness, onEvent }: RedisStoreOptions): Promise<Store> {
  const connection = new Connection({ url, timeoutMs, onEvent });
  try {
    await connection.open();
  } catch (error) {
    await connection.close();
    throw error;
  }
  const indexes = new Indexes(connection, now);
  const devices = new DeviceRunner({ connection, indexes, now, run: randomName(randomness, RUN_LENGTH) });
  const homes = new RedisHomes(connection, devices);
  const documents = new DocumentRunner(connection, now);
  return {
    devices: new RedisDevices(devices, indexes, homes),
    mailbox: new RedisMailbox(devices),
    transfers: transferSteps(devices),
    operations: operationSteps(devices),
    firmware: firmwareSteps(devices),
    images: new RedisImages(connection, documents),
    outbox: new RedisOutbox(devices, indexes),
    enrolments: new RedisEnrolments(devices, indexes, homes),
    credentials: credentialSteps(devices),
    tenants: tenantSteps(documents),
    catalogues: catalogueSteps(documents, now),
    upstream: upstreamSteps(devices),
    grants: grantSteps(documents),
    due: new RedisDue(connection),
    nodes: new RedisNodes(connection, indexes),
    async ping() {
      await connection.send((redis) => redis.ping());
    },
    close: () => connection.close(),
  };
}
