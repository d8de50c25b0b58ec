// What the API refuses: always JSON with an error and a message, never a secret, nothing for another site's page.
import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { knownCpe } from '../gateway/north-tools.ts';
import { counted } from '../gateway/south-tools.ts';
import { call, callRaw } from './api-tools.ts';

t.test('an open API', async (t) => {
  const harness = await startHarness(t);
  await knownCpe(harness);
  const doctor = '/devices/02C0DE-Router-T0001/doctor';

  await t.test('every answer is of its type, kept nowhere, and no other site’s', async (t) => {
    for (const path of ['/devices', '/devices/x', '/nothing', '/devices?limit=x', '']) {
      const { headers } = await call(harness, path);
      t.match(headers.get('content-type'), /^application\/json/, path);
      t.equal(headers.get('cache-control'), 'no-store');
      t.equal(headers.get('x-content-type-options'), 'nosniff');
      t.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      t.equal(headers.get('access-control-allow-origin'), null);
    }
  });

  await t.test('paths and methods that are not there', async (t) => {
    const none = { status: 404, body: { error: 'not-found', message: 'no such resource' } };
    for (const path of ['/nothing', '/devices/a/b/c', '/requests', '/../../etc/passwd', '//']) {
      t.match(await call(harness, path), none, path);
    }
    for (const method of ['DELETE', 'PUT', 'PATCH', 'OPTIONS'])
      t.match(await call(harness, '/devices', { method }), none);
    t.match(await call(harness, '/devices', { method: 'POST' }), none);
  });

  await t.test('a path that does not decode, and bodies that nobody asked for', async (t) => {
    const bad = { status: 400, body: { error: 'bad-request', message: String } };
    t.match(await call(harness, '/devices/%zz'), bad);
    const headers = { 'Content-Type': 'application/json' };
    t.match(await call(harness, doctor, { method: 'POST', headers, body: '{' }), bad);
    const large = await call(harness, doctor, { method: 'POST', headers, body: `"${'x'.repeat(2_000_000)}"` });
    t.match(large, { status: 413, body: { error: 'bad-request' } });
  });

  await t.test('pages of other sites, by their Origin or by a name that they made ours', async (t) => {
    const grown = await counted(harness, ['request_refused', 'connection_request'], async () => {
      for (const method of ['GET', 'POST']) {
        const path = method === 'GET' ? '/devices' : doctor;
        const answer = await call(harness, path, { method, headers: { Origin: 'https://evil.example' } });
        t.match(answer, { status: 403, body: { error: 'foreign-origin' } });
        t.equal(answer.headers.get('access-control-allow-origin'), null);
      }
      const rebound = await callRaw(harness, 'GET /api/v1/devices HTTP/1.1', 'Host: evil.example');
      t.match(rebound, /^HTTP\/1\.1 403 [\s\S]*"error":"foreign-host"/);
      t.notMatch(rebound, /T0001/);
    });
    t.same(grown, { 'request_refused foreign-origin': 2, 'request_refused foreign-host': 1 }, 'and no CPE was called');
    const page = await call(harness, '/devices', { headers: { Origin: 'http://localhost:5173' } });
    t.equal(page.status, 200, 'a page of this machine may ask');
  });
});

t.test('with a token', async (t) => {
  const harness = await startHarness(t, { 'http.token': 'the-token' });
  const ask = (authorization: string | undefined, path = '/devices') =>
    call(harness, path, { headers: authorization === undefined ? {} : { Authorization: authorization } });
  const grown = await counted(harness, ['request_refused'], async () => {
    for (const path of ['/devices', '/nothing', '/devices/x', '']) {
      const answer = await ask(undefined, path);
      t.match(answer, { status: 401, body: { error: 'no-token', message: /http\.token/ } }, path);
      t.equal(answer.headers.get('www-authenticate'), 'Bearer');
    }
    t.match(await ask('Bearer guess'), { status: 401, body: { error: 'wrong-token' } });
  });
  t.same(grown, { 'request_refused no-token': 4, 'request_refused wrong-token': 1 });
  t.match(await ask('Bearer the-token'), { status: 200, body: { devices: [] } });
  t.notMatch(harness.log.join('\n'), /the-token|guess/);
});
