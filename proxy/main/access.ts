// Who may come to http.listen, as the settings have it.
import { readFileSync } from 'node:fs';
import type { AccessSettings } from '../access/access.ts';
import { createJwtVerifier, type JwtVerifier } from '../access/jwt.ts';
import { createKeySet } from '../access/key-set.ts';
import { fetchKeys, keySetOf, readKeyFile } from '../access/key-source.ts';
import { digestOf, type KnownController } from '../access/known-controllers.ts';
import type { ControllerConfig } from '../config/controllers.ts';
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { isEndpointId } from '../usp/endpoint-id.ts';
import { isLoopback } from './loopback.ts';
import { tenancySettings } from './tenants.ts';

interface Effects {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const invalid = (message: string, cause?: unknown): CausewayError =>
  new CausewayError('CAUSEWAY_CONFIG_INVALID', message, { cause });

/** Whether anything is asked of whoever comes to http.listen. */
export const asksForCredentials = (config: Config): boolean =>
  config['http.token'] !== '' || config['http.jwt.jwks'] !== '' || config.controllers.length > 0;

/** Throws CAUSEWAY_CONFIG_INVALID naming what to change. */
export function accessSettings(config: Config, effects: Effects): AccessSettings {
  return {
    tenant: tenancySettings(config).fallback,
    token: config['http.token'],
    apiRole: config['http.apiRole'],
    controllers: knownControllers(config),
    jwt: jwtVerifier(config, effects),
  };
}

const SHORTEST_TOKEN = 16;
/** An Endpoint ID, the last part of which may end in `*`, or be nothing else. */
const PATTERN = /^([^*]*)(\*?)$/;

function knownControllers({ controllers }: Config): readonly KnownController[] {
  const known = controllers.map(knownController);
  const digests = known.flatMap(({ tokenDigest }) => (tokenDigest === undefined ? [] : [tokenDigest.toString()]));
  if (new Set(digests).size < digests.length)
    throw invalid('controllers: two have the same token; one token is one entry');
  return known;
}

function knownController(
  { endpointId, token, tokenSha256, roles, tenant }: ControllerConfig,
  index: number,
): KnownController {
  const name = `controllers[${index}]`;
  const [, start = '', star = ''] = PATTERN.exec(endpointId) ?? [];
  // One character more makes an Endpoint ID of a good beginning.
  if (!isEndpointId(star === '' ? start : `${start}0`)) {
    throw invalid(
      `${name}.endpointId: ${endpointId} is no Endpoint ID, such as self::controller, and no beginning with *`,
    );
  }
  if (token !== '' && tokenSha256 !== '') throw invalid(`${name} has both token and tokenSha256: leave one out`);
  if (token === '' && tokenSha256 === '') throw invalid(`${name} has no credential: set token or tokenSha256`);
  if (token !== '' && token.length < SHORTEST_TOKEN)
    throw invalid(`${name}.token is shorter than ${SHORTEST_TOKEN} characters`);
  if (tokenSha256 !== '' && !/^[0-9a-f]{64}$/i.test(tokenSha256)) {
    throw invalid(`${name}.tokenSha256 is no SHA-256 in hexadecimal: 64 digits (printf %s "$TOKEN" | sha256sum)`);
  }
  const tokenDigest = token === '' ? Buffer.from(tokenSha256, 'hex') : digestOf(token);
  return { endpointId, tokenDigest, roles, tenant: tenant === '' ? undefined : tenant };
}

const isUrl = (jwks: string): boolean => /^https?:\/\//i.test(jwks);
/** A file that has changed is noticed by then. */
const FILE_MAX_AGE_MS = 5000;

function jwtVerifier(config: Config, { clock, log, metrics }: Effects): JwtVerifier | undefined {
  const jwks = config['http.jwt.jwks'];
  if (jwks === '') return undefined;
  if (config['http.jwt.issuer'] === '' || config['http.jwt.audience'].length === 0) {
    throw invalid(
      'http.jwt.jwks is set: set http.jwt.issuer and http.jwt.audience, or tokens for others would do here, too',
    );
  }
  if (!isUrl(jwks)) checkKeyFile(jwks);
  const now = (): number => clock.now();
  const keys = createKeySet({
    now,
    maxAgeMs: isUrl(jwks) ? config['http.jwt.refresh'] : FILE_MAX_AGE_MS,
    read: () => (isUrl(jwks) ? fetchKeys(jwks) : readKeyFile(jwks)),
    failed(error) {
      metrics.count('failure', 'jwks');
      log.warn({ err: error }, 'the keys of http.jwt.jwks cannot be read; those at hand go on');
    },
  });
  return createJwtVerifier(
    {
      issuer: config['http.jwt.issuer'],
      audience: config['http.jwt.audience'],
      algorithms: config['http.jwt.algorithms'],
      clockToleranceMs: config['http.jwt.clockTolerance'],
      endpointClaim: config['http.jwt.endpointClaim'],
      rolesClaim: config['http.jwt.rolesClaim'],
      tenantClaim: config['http.jwt.tenantClaim'],
    },
    keys,
    now,
  );
}

/** A URL may be away when we start; a file must be there. */
function checkKeyFile(file: string): void {
  try {
    keySetOf(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalid(`http.jwt.jwks: ${file} cannot be used: ${error instanceof Error ? error.message : ''}`, error);
  }
}

/** Keys that come in the clear could be anybody's. */
export function jwksExposure(config: Config): readonly string[] {
  const jwks = config['http.jwt.jwks'];
  if (!/^http:\/\//i.test(jwks) || isLoopback(new URL(jwks).hostname.replace(/^\[|\]$/g, ''))) return [];
  return ['http.jwt.jwks is beyond loopback without TLS: give it as https://…'];
}
