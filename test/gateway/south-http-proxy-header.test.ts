// PROXY headers before HTTP: no byte behind them is lost, wherever they are cut; broken and slow ones end their
// connection with a counted reason.
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { loadConfig } from '../../proxy/config/load.ts';
import { cwmpSettings } from '../../proxy/main/settings.ts';
import { type Harness, startHarness } from './harness.ts';
import {
  bystander,
  counted,
  describedDevice,
  informText,
  openRawSession,
  rawConnection,
  rpcOf,
  untilCounted,
} from './south-tools.ts';

const LINE = Buffer.from('PROXY TCP4 203.0.113.7 127.0.0.1 4660 7547\r\n');
const BINARY = Buffer.concat([
  Buffer.from('0d0a0d0a000d0a515549540a', 'hex'),
  Buffer.from([0x21, 0x11, 0, 12, 203, 0, 113, 8, 127, 0, 0, 1, 0x12, 0x34, 0x1d, 0x7b]),
]);
const COUNTED = ['cwmp_refused', 'failure'];

function post(body: string, headers = ''): Buffer {
  return Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`);
}
const sourceOf = async (harness: Harness, serial: string): Promise<string> =>
  (await describedDevice(harness, `02C0DE-Raw-${serial}`)).lastInform.from;

t.test('connections of trusted proxies', async (t) => {
  const settings = { 'cwmp.trustedProxies': '127.0.0.1', 'cwmp.proxyProtocol': 'true' };
  const harness = await startHarness(t, settings);

  t.test('say where they come from, in both versions, and are then the CPE’s own', async (t) => {
    for (const [serial, header, source] of [
      ['LINE', LINE, '203.0.113.7'],
      ['BINARY', BINARY, '203.0.113.8'],
      ['SILENT', Buffer.from('PROXY UNKNOWN\r\n'), ''],
    ] as const) {
      const connection = await rawConnection(t, harness);
      connection.send(header);
      const inform = await connection.exchange(informText({ serial }), { 'X-Forwarded-For': '198.51.100.1' });
      t.equal(rpcOf(inform), 'InformResponse');
      t.equal(await sourceOf(harness, serial), source);
      t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods', 'without a cookie');
    }
  });

  t.test('may come through a proxy for HTTP besides, which is trusted', async (t) => {
    const connection = await rawConnection(t, harness);
    connection.send('PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n');
    const headers = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.9' };
    t.equal(rpcOf(await connection.exchange(informText({ serial: 'BOTH' }), headers)), 'InformResponse');
    t.equal(await sourceOf(harness, 'BOTH'), '203.0.113.9');
    t.equal((await connection.exchange('')).status, 400, 'its connections are shared');
  });

  t.test('lose no byte, wherever the header and what follows are cut', async (t) => {
    const version = 'x'.repeat(200);
    const values = { 'Device.DeviceInfo.SoftwareVersion': version };
    for (const header of [LINE, BINARY]) {
      const bytes = Buffer.concat([header, post(informText({ serial: 'CUT', values }))]);
      const cuts = [0, 1, 5, 12, 15, header.length - 1, header.length, header.length + 1, bytes.length - 1];
      for (const cut of cuts) {
        const connection = await rawConnection(t, harness);
        connection.socket.setNoDelay(true);
        connection.send(bytes.subarray(0, cut));
        await new Promise((resolve) => setTimeout(resolve, 5));
        connection.send(bytes.subarray(cut));
        t.equal(rpcOf(await connection.response()), 'InformResponse', `cut at ${cut}`);
        t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods');
      }
    }
    const large = informText({ serial: 'LARGE', values: { 'Device.X_LARGE': 'y'.repeat(220_000) } });
    const connection = await rawConnection(t, harness);
    connection.send(Buffer.concat([BINARY, post(large)]));
    connection.socket.end();
    t.equal(rpcOf(await connection.response()), 'InformResponse', 'a large one, and its half closed behind it');
    await connection.ended();
  });

  t.test('with bytes that are no text in the first packet', async (t) => {
    const connection = await rawConnection(t, harness);
    const coded = gzipSync(informText({ serial: 'PIPELINE' }));
    const head = `POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`;
    connection.send(Buffer.concat([LINE, Buffer.from(head), coded]));
    t.equal(rpcOf(await connection.response()), 'InformResponse');
    t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods');
  });

  t.test('without a header, or with a broken one, are ended', async (t) => {
    for (const bytes of [
      post(informText({ serial: 'NONE' })),
      Buffer.from('PROXY TCP4 nonsense\r\n'),
      Buffer.concat([Buffer.from('x'), LINE]),
      Buffer.alloc(200),
    ]) {
      const connection = await rawConnection(t, harness);
      const grown = await counted(harness, COUNTED, async () => {
        connection.send(bytes);
        await connection.ended();
      });
      t.same(grown, { 'cwmp_refused proxy-header-broken': 1 });
    }
  });

  t.test('that end in the middle of it are counted, those that bring nothing are not', async (t) => {
    const [nothing, half, reset] = [
      await rawConnection(t, harness),
      await rawConnection(t, harness),
      await rawConnection(t, harness),
    ];
    const grown = await counted(harness, COUNTED, async () => {
      nothing.socket.end();
      await nothing.ended();
      half.send(LINE.subarray(0, 20));
      half.socket.end();
      await half.ended();
      reset.send(BINARY.subarray(0, 14));
      await new Promise((resolve) => setTimeout(resolve, 20));
      reset.socket.resetAndDestroy();
      await untilCounted(harness, 'cwmp_refused proxy-header-cut-off', 2);
    });
    t.same(grown, { 'cwmp_refused proxy-header-cut-off': 2 });
  });

  t.test('that are slow with it are ended in time, though they drip', async (t) => {
    const connection = await rawConnection(t, harness);
    const start = Date.now();
    const grown = await counted(harness, COUNTED, async () => {
      let sent = 0;
      const drip = setInterval(() => connection.send(LINE.subarray(sent, (sent += 1))), 200);
      await connection.ended();
      clearInterval(drip);
    });
    t.same(grown, { 'cwmp_refused proxy-header-slow': 1 });
    t.ok(Date.now() - start < 6000);
  });
});

t.test('connections of others bring none', async (t) => {
  const harness = await startHarness(t, { 'cwmp.trustedProxies': '192.0.2.1', 'cwmp.proxyProtocol': 'true' });
  const noticesNothing = await bystander(t, harness);
  const direct = await rawConnection(t, harness);
  await openRawSession(direct, { serial: 'DIRECT' });
  t.equal(rpcOf(await direct.exchange('')), 'GetRPCMethods');
  const liar = await rawConnection(t, harness);
  const grown = await counted(harness, COUNTED, async () => {
    liar.send(Buffer.concat([LINE, post(informText({ serial: 'LIAR' }))]));
    t.equal((await liar.response()).status, 400);
    await liar.ended();
  });
  t.same(grown, { 'cwmp_refused not-http': 1 });
  await noticesNothing(t);
});

t.test('settings that cannot be meant end the start', async (t) => {
  const refused = (flags: readonly (readonly [string, string])[]): (() => unknown) => {
    const { config } = loadConfig({ file: undefined, environment: {}, flags });
    return () => cwmpSettings(config);
  };
  const code = 'CAUSEWAY_CONFIG_INVALID';
  t.throws(refused([['cwmp.proxyProtocol', 'true']]), { code, message: /cwmp\.trustedProxies/ });
  t.throws(refused([['cwmp.trustedProxies', '10.0.0.0/33']]), { code, message: /10\.0\.0\.0\/33: bad-prefix/ });
  t.throws(refused([['cwmp.trustedProxies', 'nginx']]), { code, message: /nginx: not-an-address/ });
});
