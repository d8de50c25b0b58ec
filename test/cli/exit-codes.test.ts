// What scripts rely on: how a command says that it was wrong, that nobody is there, that it may not.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { CAUSEWAY, gatewayOf, knownCpe, runCauseway, spawnCauseway } from './run-causeway.ts';

t.test('usage: 2, with the nearest name', async (t) => {
  const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[], /Commands\n {2}causeway start/],
    [['devcies'], /devcies is no command; did you mean causeway devices\?/],
    [['get'], /get is no command; did you mean causeway usp get\?/],
    [['usp'], /causeway usp get/],
    [['usp', 'gte'], /usp gte is no command; did you mean causeway usp get\?/],
    [['--json', 'devices'], /options stand after the command/],
    [['usp', 'get'], /<agent> is missing\n {2}causeway usp get <agent> <path>… \[options\]/],
    [['usp', 'get', 'T0001'], /<path> is missing/],
    [['usp', 'get', 'T0001', 'Device.', '--max-dept', '1'], /did you mean --max-depth\?/],
    [['usp', 'get', 'T0001', 'Device.', '--max-depth', 'two'], /--max-depth wants a whole number/],
    [['usp', 'watch', 'T0001'], /nothing to watch/],
    [['doctor', 'a', 'b'], /one argument too many/],
    [['devices', '--controller', 'self::x'], /--controller is no option of this command/],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await runCauseway(args);
    t.equal(code, 2, args.join(' '));
    t.equal(out, '');
    t.match(err, message);
  }
  t.match(await spawnCauseway(['devcies']), { code: 2, out: '', err: /^causeway: devcies is no command; .*\n$/ });
});

t.test('help and version: 0, on standard output', async (t) => {
  for (const args of [
    ['--help'],
    ['usp', '--help'],
    ['usp', 'set', '--help'],
    ['usp', 'set', '-h'],
    ['devices', '--help'],
  ]) {
    const { code, out, err } = await runCauseway(args);
    t.same({ code, err }, { code: 0, err: '' });
    t.match(out, /^causeway.*\n[^]*Examples\n/);
  }
  const help = await spawnCauseway(['--help']);
  t.same({ code: help.code, err: help.err }, { code: 0, err: '' });
  t.equal(help.out, (await runCauseway(['--help'])).out);
  t.match(await spawnCauseway(['--version']), { code: 0, out: /^\d+\.\d+\.\d+\n$/ });
});

t.test('nobody there, or not a gateway: 3', async (t) => {
  const server = createServer((_request, response) => response.end('<html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const other = await runCauseway(['devices', '--gateway', `127.0.0.1:${port}`]);
  t.match(other, { code: 3, err: /answers, but not as a Causeway gateway/ });
  await new Promise((resolve) => server.close(resolve));
  const nobody = await spawnCauseway(['devices', '--gateway', `http://127.0.0.1:${port}`]);
  t.match(nobody, { code: 3, err: /no gateway at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\); causeway start runs/ });
});

t.test('a gateway that takes too long: 3', async (t) => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const slow = await runCauseway(['devices', '--gateway', `127.0.0.1:${port}`, '--timeout', '200ms']);
  t.match(slow, { code: 3, err: /no answer from \S+ within 0\.2 s \(--timeout\)/ });
});

t.test('another listener of the gateway: 3, with the setting that says which is right', async (t) => {
  const harness = await startHarness(t);
  for (const url of [harness.acsUrl, harness.operateUrl]) {
    const { code, err } = await runCauseway(['devices', '--gateway', url]);
    t.equal(code, 3, url);
    t.match(err, /answered 40[45].*--gateway wants the address of http\.listen/);
  }
});

t.test('a result that cannot be written: 1, in one line', { skip: !existsSync('/dev/full') }, async (t) => {
  const full = openSync('/dev/full', 'w');
  t.teardown(() => closeSync(full));
  const child = spawnSync(process.execPath, [CAUSEWAY, '--help'], { stdio: ['ignore', full, 'pipe'] });
  t.equal(child.status, 1);
  t.match(child.stderr.toString(), /^causeway: standard output cannot be written: ENOSPC.*\n$/);
});

t.test('no token, or a wrong one: 4, and the token is shown nowhere', async (t) => {
  const harness = await startHarness(t, { 'http.token': 'right-token' });
  await knownCpe(harness);
  const get = ['usp', 'get', 'T0001', 'Device.DeviceInfo.SoftwareVersion', '--gateway', gatewayOf(harness)];
  t.match(await spawnCauseway(get), { code: 4, out: '', err: /refused \(401\): no-token: .*CAUSEWAY_TOKEN/ });
  const wrong = await runCauseway(get, { CAUSEWAY_TOKEN: 'hunter2' });
  t.match(wrong, { code: 4, out: '', err: /refused \(401\): wrong-token/ });
  t.notMatch(wrong.err, /hunter2/);
  t.match(await spawnCauseway(get, { CAUSEWAY_TOKEN: 'right-token' }), { code: 0, out: /= 3\.2\.1\n/, err: '' });
  t.match(await runCauseway([...get, '--token', 'right-token']), { code: 0 });
});
