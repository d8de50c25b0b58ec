// Who may come to http.listen, as the settings have it.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AccessSettings } from '../access/access.ts';
import { createJwtVerifier, type JwtVerifier } from '../access/jwt.ts';
import { createKeySet } from '../access/key-set.ts';
import { fetchKeys, keySetOf, readKeyFile } from '../access/key-source.ts';
import { digestOf, type KnownController } from '../access/known-controllers.ts';
import { WrongTokens } from '../access/wrong-tokens.ts';
import type { ControllerConfig } from '../config/controllers.ts';
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';
import type { Clock } from '../operate/clock.ts';
import type { Log } from '../operate/log.ts';
import type { Metrics } from '../operate/metrics.ts';
import { isEndpointId } from '../usp/endpoint-id.ts';
import { readPem } from './certificates.ts';
import { isLoopback } from './loopback.ts';

interface Effects {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const invalid = (message: string, cause?: unknown): CausewayError =>
  new CausewayError('CAUSEWAY_CONFIG_INVALID', message, { cause });

/** Whether anything is asked of whoever comes to http.listen. */
export const asksForCredentials = (config: Config): boolean =>
  config['http.token'] !== '' ||
  config['http.jwt.jwks'] !== '' ||
  config['http.tls.clientCert'] !== 'none' ||
  config.controllers.length > 0;

/** Throws CAUSEWAY_CONFIG_INVALID naming what to change. */
export function accessSettings(config: Config, tenant: string, effects: Effects): AccessSettings {
  return {
    tenant,
    token: config['http.token'],
    apiRole: config['http.apiRole'],
    controllers: knownControllers(config),
    jwt: jwtVerifier(config, effects),
    certificates: config['http.tls.clientCert'] !== 'none',
    putOff: putOff(config, effects),
  };
}

function putOff(config: Config, { clock, log }: Effects): (source: string) => number {
  const wrongTokens = new WrongTokens(config['http.wrongTokens']);
  return (source) => {
    const { waitS, begins } = wrongTokens.came(source, clock.now());
    if (begins) log.warn({ source }, 'many wrong tokens come from one address; they are put off (http.wrongTokens)');
    return waitS;
  };
}

const SHORTEST_TOKEN = 16;
/** An Endpoint ID, or the beginning of some and a `*`. */
const PATTERN = /^([^*]*)(\*?)$/;

function knownControllers(config: Config): readonly KnownController[] {
  const asks = config['http.tls.clientCert'] !== 'none';
  const known = config.controllers.map((controller, index) =>
    knownController(controller, `controllers[${index}]`, asks),
  );
  const digests = known.flatMap(({ tokenDigest }) => (tokenDigest === undefined ? [] : [tokenDigest.toString()]));
  if (new Set(digests).size === digests.length) return known;
  throw invalid('controllers: two have the same token; one token is one entry');
}

/** `asks`: whether client certificates are asked for. */
function knownController(controller: ControllerConfig, name: string, asks: boolean): KnownController {
  const { endpointId, ca, roles, tenant } = controller;
  const tokenDigest = tokenDigestOf(controller, name);
  checkPattern(controller, name);
  if (ca !== '' && !asks) throw invalid(`${name}.ca: no certificate is asked for; set http.tls.clientCert`);
  if (tokenDigest === undefined && !asks) {
    throw invalid(`${name} has no credential: set its token or tokenSha256, or http.tls.clientCert`);
  }
  const authorities = ca === '' ? undefined : fingerprintsIn(`${name}.ca`, ca);
  return { endpointId, tokenDigest, authorities, roles, tenant: tenant === '' ? undefined : tenant };
}

function checkPattern({ endpointId, token, tokenSha256, ca }: ControllerConfig, name: string): void {
  const [, start = '', star = ''] = PATTERN.exec(endpointId) ?? [];
  // One character more makes an Endpoint ID of a good beginning. All that a CA has signed may be meant, not all of a token.
  const isAll = endpointId === '*' && ca !== '' && token === '' && tokenSha256 === '';
  if (isAll || isEndpointId(star === '' ? start : `${start}0`)) return;
  throw invalid(
    `${name}.endpointId: ${endpointId} is no Endpoint ID, such as self::controller, and no beginning of some with * at its end`,
  );
}

function tokenDigestOf({ token, tokenSha256 }: ControllerConfig, name: string): Uint8Array | undefined {
  if (token !== '' && tokenSha256 !== '') throw invalid(`${name} has both token and tokenSha256: leave one out`);
  if (token !== '' && token.length < SHORTEST_TOKEN) {
    throw invalid(`${name}.token is shorter than ${SHORTEST_TOKEN} characters`);
  }
  if (tokenSha256 !== '' && !/^[0-9a-f]{64}$/i.test(tokenSha256)) {
    throw invalid(`${name}.tokenSha256 is no SHA-256 in hexadecimal: 64 digits (printf %s "$TOKEN" | sha256sum)`);
  }
  if (tokenSha256 !== '') return Buffer.from(tokenSha256, 'hex');
  return token === '' ? undefined : digestOf(token);
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function fingerprintsIn(setting: string, file: string): readonly string[] {
  const pem = readPem(setting, file, /-----BEGIN CERTIFICATE-----/).toString('latin1');
  try {
    return [...pem.matchAll(CERTIFICATE)].map(([one]) => new X509Certificate(one).fingerprint256);
  } catch (error) {
    throw invalid(`${setting}: ${file} holds a certificate that cannot be read`, error);
  }
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
