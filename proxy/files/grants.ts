// Grants and the URLs that carry them. A URL is a capability: whoever has it may load that one file, or bring one, until
// it expires or is used up; so nothing else is asked of a CPE, unless the grant wants a user name and password.
import { type Clock, randomName, type Randomness } from '../operate/clock.ts';
import type { Blob, Blobs } from '../store/blobs/blobs.ts';
import type { GrantRecord, GrantSteps } from '../store/grant-steps.ts';
import { credentialsMac, GRANT_LENGTH, provesCredentials, readToken, tokenFor } from './token.ts';

/** What a grant allows; each has a default. */
export interface GrantTerms {
  /** From now, in milliseconds: at most 30 days. Default: one day. */
  readonly validForMs?: number;
  /** Whole downloads, or uploads stored. Default: one. */
  readonly count?: number;
  /** Asked for by Basic authentication, as CPEs send what a Download or Upload RPC gave them. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

export interface Grant {
  /** At most 256 characters, as CWMP's URLs are, where the base leaves room for it. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly count: number;
}
export interface DownloadGrant extends Grant {
  readonly blob: Blob;
}

export interface GrantContext {
  readonly blobs: Blobs;
  readonly steps: GrantSteps;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Shared by all nodes. */
  readonly key: Uint8Array;
  /** Where CPEs find the file server, without a slash at its end; known once that listens. */
  readonly base: () => string;
}

export const LONGEST_GRANT_MS = 30 * 86_400_000;
const DEFAULT_GRANT_MS = 86_400_000;
/** TR-069 Table 20: URL of a Download is string(256). */
const LONGEST_URL = 256;
/**
 * A download that broke off is not counted, so what is sent in all is bounded too: this many times the file for every
 * time that it may be loaded, and a little for small files.
 */
const SENT_FACTOR = 10;
const SENT_SLACK = 1 << 20;
const SETTLE_MS = 1000;

export type GrantRefusal =
  'no-token' | 'wrong-token' | 'no-grant' | 'expired' | 'used-up' | 'worn-out' | 'no-credentials' | 'wrong-credentials';
export type Admission =
  | { readonly kind: 'granted'; readonly id: string; readonly grant: GrantRecord }
  | { readonly kind: 'refused'; readonly reason: GrantRefusal };

const refused = (reason: GrantRefusal): Admission => ({ kind: 'refused', reason });

export class Grants {
  readonly #context: GrantContext;
  /** By grant: downloads of which all has been sent, and nothing is stored yet. */
  readonly #settling = new Map<string, Promise<unknown>>();

  constructor(context: GrantContext) {
    this.#context = context;
  }

  /** Undefined where there is no such file. `device`: whom it is for, by its device id; '' for anybody. */
  async grantDownload(blobId: string, device: string, terms: GrantTerms = {}): Promise<DownloadGrant | undefined> {
    const blob = await this.#context.blobs.find(blobId);
    if (blob === undefined) return undefined;
    const grant = await this.#grant({ kind: 'download', device, blob: blobId, name: '', fileType: '' }, terms);
    return { ...grant, url: withName(grant.url, blob.name), blob };
  }

  /** `name` and `fileType`: what the file is to be listed as; `tenant`: by whom, by default the first one. */
  async grantUpload(
    device: string,
    about: { readonly name: string; readonly fileType: string; readonly tenant?: string },
    terms: GrantTerms = {},
  ): Promise<Grant> {
    return this.#grant({ kind: 'upload', device, blob: '', ...about }, terms);
  }

  async #grant(
    what: Pick<GrantRecord, 'kind' | 'device' | 'blob' | 'name' | 'fileType' | 'tenant'>,
    { validForMs = DEFAULT_GRANT_MS, count = 1, credentials }: GrantTerms,
  ): Promise<Grant> {
    const { steps, clock, randomness, key, base } = this.#context;
    const id = randomName(randomness, GRANT_LENGTH);
    const expiresAt = clock.now() + Math.min(validForMs, LONGEST_GRANT_MS);
    const mac = credentials === undefined ? '' : credentialsMac(key, credentials.username, credentials.password);
    await steps.saveGrant(id, { ...what, expiresAt, count, used: 0, sent: 0, covered: [], credentials: mac });
    return { url: `${base()}/${tokenFor(key, id)}`, expiresAt, count };
  }

  /** Whether whoever shows this may do what the grant says. Rejects when the store is away. */
  async admit(target: string, authorization: string | undefined): Promise<Admission> {
    const { key, steps, clock } = this.#context;
    const token = readToken(key, target);
    if (token.kind !== 'grant') return refused(token.kind === 'none' ? 'no-token' : 'wrong-token');
    await this.#settled(token.id);
    const grant = await steps.readGrant(token.id);
    if (grant === undefined) return refused('no-grant');
    if (grant.credentials !== '') {
      if (authorization === undefined) return refused('no-credentials');
      if (!provesCredentials(key, grant.credentials, authorization)) return refused('wrong-credentials');
    }
    if (grant.expiresAt <= clock.now()) return refused('expired');
    if (grant.used >= grant.count) return refused('used-up');
    if (await this.#isWornOut(grant)) return refused('worn-out');
    return { kind: 'granted', id: token.id, grant };
  }

  /** The download that `settled` tells the outcome of counts before the next one under its grant is admitted. */
  async settle<Outcome>(id: string, settled: Promise<Outcome>): Promise<Outcome> {
    this.#settling.set(id, settled);
    try {
      return await settled;
    } finally {
      if (this.#settling.get(id) === settled) this.#settling.delete(id);
    }
  }

  /**
   * Who loads twice in a row is not to be faster than the end of the first connection, nor than the store. One that keeps
   * its first connection open is not made to wait for it.
   */
  async #settled(id: string): Promise<void> {
    const settling = this.#settling.get(id);
    if (settling === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = this.#context.clock.after(SETTLE_MS, resolve);
      const ended = (): void => {
        timer.cancel();
        resolve();
      };
      settling.then(ended, ended);
    });
  }

  async #isWornOut({ blob, count, sent }: GrantRecord): Promise<boolean> {
    if (sent < SENT_SLACK) return false;
    const size = (await this.#context.blobs.find(blob))?.size ?? 0;
    return sent >= SENT_FACTOR * count * size + SENT_SLACK;
  }
}

/** The name is for clients that save under the URL's last part; it is left out where the URL would get too long. */
function withName(url: string, name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^\.+/, '');
  const named = `${url}/${plain}`;
  return plain === '' || named.length > LONGEST_URL ? url : named;
}
