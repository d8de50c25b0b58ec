// What the settings say of who may come to http.listen: what cannot be meant is refused at start, and nothing shows a secret.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { describeSettings, loadConfig, printConfig } from '../../proxy/config/load.ts';
import { CausewayError } from '../../proxy/errors.ts';
import { accessSettings } from '../../proxy/main/access.ts';
import { checkExposure } from '../../proxy/main/exposure.ts';
import { httpTls } from '../../proxy/main/http-tls.ts';
import { systemClock } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';

const EFFECTS = { clock: systemClock, log: createLog('silent'), metrics: createMetrics() };
const load = (settings: Readonly<Record<string, string>>) =>
  loadConfig({ file: undefined, environment: {}, flags: Object.entries(settings) });
const TOKEN = 'a-token-that-nobody-guesses';

function refusal(run: () => unknown): CausewayError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CausewayError) return error;
    throw error;
  }
}

t.test('controllers', async (t) => {
  const one = (entry: Readonly<Record<string, unknown>>, ...more: readonly unknown[]): CausewayError | undefined =>
    refusal(() => {
      accessSettings(load({ controllers: JSON.stringify([entry, ...more]) }).config, 'default', EFFECTS);
    });
  const good = { endpointId: 'self::noc', token: TOKEN };
  t.equal(one(good), undefined);
  t.equal(one({ ...good, endpointId: 'oui:00256D:*' }), undefined);
  t.equal(one({ ...good, endpointId: 'oui:00256D:noc-*' }), undefined);
  for (const [name, entry, part] of [
    ['no Endpoint ID', { ...good, endpointId: 'noc' }, /endpointId/],
    ['everybody', { ...good, endpointId: '*' }, /endpointId/],
    ['a * in the middle', { ...good, endpointId: 'self::*noc' }, /endpointId/],
    ['no credential', { endpointId: 'self::noc' }, /token or tokenSha256/],
    ['two', { ...good, tokenSha256: 'a'.repeat(64) }, /leave one out/],
    ['a token that is too short', { ...good, token: 'short' }, /controllers\[0\]\.token/],
    ['no SHA-256', { endpointId: 'self::noc', tokenSha256: TOKEN }, /controllers\[0\]\.tokenSha256/],
    ['everybody with a token', { ...good, endpointId: '*', ca: 'ca.pem' }, /endpointId/],
    ['a CA, and no certificates', { ...good, ca: 'ca.pem' }, /controllers\[0\]\.ca: .*http\.tls\.clientCert/],
    ['what is no setting', { ...good, role: 'x' }, /no \[0\]\.role/],
  ] as const) {
    const fault = one(entry);
    t.match(fault, { code: 'CAUSEWAY_CONFIG_INVALID', message: part }, name);
    t.notMatch(fault?.message, new RegExp(`${TOKEN}|short,`), 'and its value is not shown');
  }
  t.match(one(good, { ...good, endpointId: 'self::other' }), { message: /same token/ });
});

t.test('an identity provider', async (t) => {
  const file = join(t.testdir(), 'jwks.json');
  const whole = { 'http.jwt.jwks': file, 'http.jwt.issuer': 'https://idp.example', 'http.jwt.audience': 'causeway' };
  const check = (settings: Readonly<Record<string, string>>): CausewayError | undefined =>
    refusal(() => {
      accessSettings(load(settings).config, 'default', EFFECTS);
    });
  t.match(check(whole), { message: /http\.jwt\.jwks.*cannot be used/ }, 'no such file');
  for (const content of ['', '{}', '[]', '{"keys":[1]}', 'null']) {
    writeFileSync(file, content);
    t.match(check(whole), { message: /http\.jwt\.jwks.*cannot be used/ }, content);
  }
  writeFileSync(file, '{"keys":[]}');
  t.equal(check(whole), undefined);
  for (const url of ['https://user:hidden@idp.example/jwks', 'https://hidden@idp.example', 'https://', 'http://[']) {
    const fault = refusal(() => load({ 'http.jwt.jwks': url }));
    t.match(fault, { code: 'CAUSEWAY_CONFIG_INVALID', message: /http\.jwt\.jwks/ }, url);
    t.notMatch(fault?.message, /hidden/);
  }
  t.match(check({ ...whole, 'http.jwt.issuer': '' }), { message: /http\.jwt\.issuer/ });
  t.match(check({ ...whole, 'http.jwt.audience': '' }), { message: /http\.jwt\.audience/ });
  for (const algorithm of ['none', 'HS256', 'HS512', '']) {
    t.match(
      refusal(() => load({ 'http.jwt.algorithms': algorithm })),
      { message: /http\.jwt\.algorithms/ },
      `no ${algorithm}`,
    );
  }
});

t.test('TLS', async (t) => {
  const check = (settings: Readonly<Record<string, string>>): CausewayError | undefined =>
    refusal(() => httpTls(load(settings).config, EFFECTS.metrics));
  t.equal(check({}), undefined);
  t.match(check({ 'http.tls.key': 'key.pem' }), { message: /http\.tls\.cert is empty/ });
  t.match(check({ 'http.tls.clientCert': 'require' }), { message: /http\.tls\.cert is empty/ });
  const cert = join(t.testdir(), 'cert.pem');
  t.match(check({ 'http.tls.cert': cert }), { message: /http\.tls\.cert: .*cannot be read/ });
  writeFileSync(cert, 'no PEM');
  t.match(check({ 'http.tls.cert': cert }), { message: /http\.tls\.cert: .*nothing of the kind/ });
  t.match(check({ 'http.tls.cert': cert, 'http.tls.clientCert': 'request' }), { message: /http\.tls\.ca/ });
});

t.test('each of them lets http.listen be reached from elsewhere', async (t) => {
  const exposed = (settings: Readonly<Record<string, string>>): CausewayError | undefined =>
    refusal(() => {
      checkExposure(load({ 'http.listen': '0.0.0.0:0', ...settings }).config);
    });
  t.match(exposed({}), { message: /http\.listen .*http\.token.*controllers.*http\.jwt/ });
  t.equal(exposed({ controllers: JSON.stringify([{ endpointId: 'self::noc', token: TOKEN }]) }), undefined);
  t.equal(exposed({ 'http.tls.clientCert': 'require' }), undefined);
  t.equal(exposed({ 'http.jwt.jwks': 'https://idp.example/jwks' }), undefined);
  t.equal(exposed({ 'http.jwt.jwks': 'http://127.0.0.1:1/jwks' }), undefined);
  t.match(exposed({ 'http.jwt.jwks': 'http://idp.example/jwks' }), { message: /http\.jwt\.jwks .*https/ });
});

t.test('--print-config shows who they are, and no secret; --help has each part', async (t) => {
  const controllers = JSON.stringify([
    { endpointId: 'self::noc', token: TOKEN, roles: ['operator'] },
    { endpointId: 'self::two', tokenSha256: 'ab'.repeat(32) },
  ]);
  const printed = printConfig(load({ controllers }));
  t.match(printed, /self::noc.*operator.*self::two/);
  t.notMatch(printed, new RegExp(`${TOKEN}|abab`));
  t.match(describeSettings(), /controllers {2}\(list of sections[\s\S]*tokenSha256/);
});
