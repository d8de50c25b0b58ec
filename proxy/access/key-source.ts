// Where the keys of an identity provider are read: a file, or a URL whose answer is bounded in time and size.
import { readFile } from 'node:fs/promises';
import type { JSONWebKeySet, JWK } from 'jose';

const TIMEOUT_MS = 5000;
/** A set of a hundred keys takes some 50 KB. */
const MOST_BYTES = 1024 * 1024;

export async function readKeyFile(file: string): Promise<JSONWebKeySet> {
  return keySetOf(await readFile(file, 'utf8'));
}

/** A redirect is not followed: it would have the keys come from where nobody said. */
export async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { Accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`the keys were answered with status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > MOST_BYTES) throw new Error(`the keys are larger than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return keySetOf(Buffer.concat(chunks).toString('utf8'));
}

/** What else must be true of a JWKS is looked at where it is used. */
export function keySetOf(text: string): JSONWebKeySet {
  const parsed: unknown = JSON.parse(text);
  const given: unknown = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : undefined;
  const keys: readonly unknown[] = Array.isArray(given) ? given : [undefined];
  if (keys.every(isKey)) return { keys: [...keys] };
  throw new Error('this is no JWKS: it has no list of keys');
}

const isKey = (key: unknown): key is JWK => typeof key === 'object' && key !== null && 'kty' in key;
