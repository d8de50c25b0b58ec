// The keys by which an identity provider signs, wherever they come from: read when they are first wanted, when they are
// old, and when a token names one that is not among them; not more often than every COOLDOWN_MS, however many tokens do.
// While their source is away those at hand go on.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export interface KeySource {
  /** Keys older than this are read again before one of them is believed. */
  readonly maxAgeMs: number;
  readonly now: () => number;
  readonly read: () => Promise<JSONWebKeySet>;
  readonly failed: (error: unknown) => void;
}

/** A new key is known this long after a token first showed it, at the latest. */
const COOLDOWN_MS = 5000;

/** No keys have been had yet. */
export class KeysAway extends Error {}

/** Rejects with KeysAway, or as jose's own key sets do. */
export function createKeySet({ maxAgeMs, now, read, failed }: KeySource): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;
  const readNow = async (): Promise<void> => {
    triedAt = now();
    try {
      keys = createLocalJWKSet(await read());
      readAt = now();
    } catch (error) {
      failed(error);
    } finally {
      pending = undefined;
    }
  };
  const refresh = async (): Promise<void> => {
    if (pending === undefined && now() - triedAt < COOLDOWN_MS) return;
    pending ??= readNow();
    await pending;
  };
  return async (header, token) => {
    if (now() - readAt >= maxAgeMs) await refresh();
    if (keys === undefined) throw new KeysAway();
    const before = readAt;
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      if (readAt === before) throw error;
      return keys(header, token);
    }
  };
}
