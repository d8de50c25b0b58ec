// An identity provider: keys that can be rolled over, tokens signed by them, and a real HTTP server that gives the JWKS.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://idp.example';
export const AUDIENCE = 'causeway';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function createSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Claims of a good token; each can be said otherwise, or left out with undefined. Times in seconds from now. */
export interface TokenOptions {
  readonly claims?: { readonly [name in string]?: unknown };
  readonly expiresIn?: number;
  readonly notBefore?: number;
  readonly alg?: string;
  readonly kid?: string;
}

export function signToken(
  key: SigningKey,
  { claims = {}, expiresIn = 60, notBefore, alg, kid }: TokenOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const times = { exp: now + expiresIn, ...(notBefore !== undefined && { nbf: now + notBefore }) };
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'proto::controller-1', ...times, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: alg ?? key.alg, kid: kid ?? key.kid }).sign(key.privateKey);
}

export interface IdentityProvider {
  readonly url: string;
  /** What it gives now. */
  keys: readonly SigningKey[];
  /** Answers with this status in place of the keys. */
  status: number;
  /** How often it was asked. */
  readonly asked: () => number;
}

export async function startIdentityProvider(
  t: { teardown(run: () => unknown): void },
  ...keys: readonly SigningKey[]
): Promise<IdentityProvider> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(provider.status, { 'Content-Type': 'application/jwk-set+json' });
    response.end(JSON.stringify({ keys: provider.keys.map(({ jwk }) => jwk) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const provider: IdentityProvider = { url, keys, status: 200, asked: () => asked };
  return provider;
}
