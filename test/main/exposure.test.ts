import t from 'tap';
import { loadConfig } from '../../proxy/config/load.ts';
import type { Config } from '../../proxy/config/schema.ts';
import { CausewayError } from '../../proxy/errors.ts';
import { checkExposure } from '../../proxy/main/exposure.ts';

const config = (settings: Readonly<Record<string, string>>): Config =>
  loadConfig({ file: undefined, environment: {}, flags: Object.entries(settings) }).config;

function refusal(settings: Readonly<Record<string, string>>): CausewayError | undefined {
  try {
    checkExposure(config(settings));
    return undefined;
  } catch (error) {
    if (error instanceof CausewayError) return error;
    throw error;
  }
}

t.test('on loopback nothing is asked for', async (t) => {
  t.equal(refusal({}), undefined);
  t.equal(refusal({ 'cwmp.listen': 'localhost:0', 'http.listen': '[::1]:0' }), undefined);
  t.equal(refusal({ 'cwmp.listen': '127.9.9.9:0' }), undefined);
});

t.test('beyond loopback credentials are', async (t) => {
  for (const host of ['0.0.0.0', '', '[::]', '192.0.2.1', '127.0.0.1.example.net', 'example.net']) {
    const cwmp = refusal({ 'cwmp.listen': `${host}:7547` });
    t.match(cwmp, { code: 'CAUSEWAY_CONFIG_INSECURE', message: /cwmp\.listen .*cwmp\.auth/ }, `cwmp ${host}`);
    const http = refusal({ 'http.listen': `${host}:8080` });
    t.match(http, { code: 'CAUSEWAY_CONFIG_INSECURE', message: /http\.listen .*http\.token/ }, `http ${host}`);
  }
  const credentials = {
    'cwmp.auth': 'digest',
    'cwmp.username': 'cpe',
    'cwmp.password': 'secret',
    'http.token': 'token',
  };
  t.equal(refusal({ 'cwmp.listen': '0.0.0.0:0', 'http.listen': '0.0.0.0:0', ...credentials }), undefined);
});

t.test('of a file the URL is the credential', async (t) => {
  t.equal(refusal({ 'files.listen': '0.0.0.0:7548' }), undefined);
});

t.test('unless the operator says so in words', async (t) => {
  t.equal(refusal({ 'cwmp.listen': '0.0.0.0:0', insecure: 'true' }), undefined);
});

t.test('authentication without credentials to compare with is refused even then', async (t) => {
  t.match(refusal({ 'cwmp.auth': 'digest', insecure: 'true' }), {
    code: 'CAUSEWAY_CONFIG_INVALID',
    message: /cwmp\.username and cwmp\.password/,
  });
});
