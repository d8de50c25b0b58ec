// Sessions that fail: the wait before the next attempt, RetryCount, and what the next Inform carries.
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { createCpe } from './cpe.ts';
import { loadDump } from './dumps.ts';
import { QUICK, startPair } from './pair.ts';
import { seededRandom } from './random.ts';
import { retryRange, retryWait, STANDARD_RETRY } from './retry.ts';
import { childOf, textOf } from './soap-read.ts';
import { forEver, rpc, type AcsPost } from './scripted-acs.ts';

t.test('the table of TR-069 §3.2.1.1', async (t) => {
  const ranges = [1, 2, 3, 4, 9, 10, 11, 500].map((count) => retryRange(count, STANDARD_RETRY));
  t.same(ranges, [
    [5, 10],
    [10, 20],
    [20, 40],
    [40, 80],
    [1280, 2560],
    [2560, 5120],
    [2560, 5120],
    [2560, 5120],
  ]);
  t.same(retryRange(3, { minimumWait: 10, multiplier: 3000 }), [90, 270]);
  const random = seededRandom(7);
  for (let count = 1; count < 20; count += 1) {
    const [least, most] = retryRange(count, STANDARD_RETRY);
    const wait = retryWait(count, STANDARD_RETRY, random) / 1000;
    t.ok(wait >= least && wait <= most, `attempt ${count}: ${wait} s`);
  }
});

const retryCountOf = (post: AcsPost | undefined): string | undefined => textOf(post?.content, 'RetryCount');
const eventsOf = (post: AcsPost | undefined): (string | undefined)[] | undefined =>
  childOf(post?.content, 'Event')?.children.map((item) => textOf(item, 'EventCode'));

t.test('RetryCount grows until a session ends in order', async (t) => {
  const { acs, cpe } = await startPair(t);
  let refusals = 3;
  acs.intercept(() => ((refusals -= 1) >= 0 ? { status: 500, body: 'out of order' } : undefined));
  const waits: number[] = [];
  cpe.on((occurrence) => {
    if (occurrence.kind === 'retry-planned') waits.push(occurrence.wait);
  });
  const done = cpe.waitFor('session-ended', ({ ok }) => ok);
  cpe.inform('1 BOOT', '4 VALUE CHANGE');
  t.equal((await done).retryCount, 3);
  t.same(
    cpe.sessions.map(({ reason }) => reason),
    ['HTTP 500', 'HTTP 500', 'HTTP 500', 'done'],
  );
  const informs = acs.posts.filter(({ method }) => method === 'Inform');
  t.same(informs.map(retryCountOf), ['0', '1', '2', '3']);
  t.same(eventsOf(informs[3]), ['1 BOOT', '4 VALUE CHANGE'], 'nothing was lost');
  const [first = 0, second = 0, third = 0] = waits;
  t.ok(first >= 5 && first <= 10 && second >= 10 && second <= 20 && third >= 20 && third <= 40, waits.join());
  const next = cpe.nextSession();
  cpe.inform('2 PERIODIC');
  t.equal((await next).retryCount, 0);
});

t.test('a new event does not wait for the retry', async (t) => {
  const { acs, cpe } = await startPair(t, { timings: { retryScale: 1000 } });
  let refusals = 1;
  acs.intercept(() => ((refusals -= 1) >= 0 ? { status: 503 } : undefined));
  const failed = cpe.nextSession();
  cpe.inform('2 PERIODIC');
  t.match(await failed, { ok: false, reason: 'HTTP 503' });
  const done = cpe.nextSession();
  cpe.inform('6 CONNECTION REQUEST');
  t.match(await done, { ok: true, retryCount: 1 });
  t.same(eventsOf(acs.posts.at(-2)), ['2 PERIODIC', '6 CONNECTION REQUEST']);
});

t.test('503 with Retry-After: not sooner, not later', async (t) => {
  const { acs, cpe } = await startPair(t);
  let refusals = 1;
  acs.intercept(() => ((refusals -= 1) >= 0 ? { status: 503, headers: { 'Retry-After': '30' } } : undefined));
  const planned = cpe.waitFor('retry-planned');
  const done = cpe.waitFor('session-ended', ({ ok }) => ok);
  cpe.inform('2 PERIODIC');
  t.equal((await planned).wait, 30);
  await done;
});

t.test('delivery with the response: what the InformResponse acknowledged is not sent again', async (t) => {
  const { acs, cpe } = await startPair(t, { delivery: 'response' });
  let cuts = 1;
  acs.intercept(({ method, socket }) => {
    if (method !== '' || (cuts -= 1) < 0) return undefined;
    socket.destroy();
    return forEver;
  });
  const done = cpe.waitFor('session-ended', ({ ok }) => ok);
  cpe.inform('4 VALUE CHANGE');
  await done;
  const informs = acs.posts.filter(({ method }) => method === 'Inform');
  t.same(informs.map(eventsOf), [['4 VALUE CHANGE'], []], 'an empty Event list, as EasyCwmp sends it (quirk 19)');
  t.same(informs.map(retryCountOf), ['0', '1']);
});

t.test('the ACS asks to repeat: fault 8005', async (t) => {
  const { acs, cpe, session } = await startPair(t);
  let faults = 2;
  acs.intercept(({ method, envelope }) =>
    method === 'Inform' && (faults -= 1) >= 0
      ? {
          status: 200,
          headers: { 'Content-Type': 'text/xml; charset="utf-8"' },
          body: faultEnvelope('8005', envelope?.id ?? ''),
        }
      : undefined,
  );
  t.match(await session('2 PERIODIC'), { ok: true, retryCount: 0, posts: 4 });
  faults = 9;
  const given = cpe.nextSession();
  cpe.inform('2 PERIODIC');
  t.match(await given, { ok: false, reason: /again and again/ });
});

const faultEnvelope = (code: string, id: string): string =>
  '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">' +
  `<soap-env:Header><cwmp:ID soap-env:mustUnderstand="1">${id}</cwmp:ID></soap-env:Header><soap-env:Body><soap-env:Fault>` +
  `<faultcode>Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>${code}</FaultCode>` +
  '<FaultString>no</FaultString></cwmp:Fault></detail></soap-env:Fault></soap-env:Body></soap-env:Envelope>';

t.test('answers that end a session', async (t) => {
  const xml = { 'Content-Type': 'text/xml; charset="utf-8"' };
  const cases: readonly [string, string, RegExp][] = [
    ['Inform', 'no XML', /not well-formed/],
    ['Inform', '<a/>', /not a SOAP 1.1 envelope/],
    ['Inform', faultEnvelope('8003', '1'), /the Inform was answered with a fault/],
    ['Inform', '', /did not answer Inform/],
    ['', faultEnvelope('8003', '1'), /sent Fault unasked/],
  ];
  for (const [method, body, reason] of cases) {
    const { acs, session } = await startPair(t, { timings: { retryScale: 1000 } });
    acs.intercept((post) => (post.method === method ? { status: 200, headers: xml, body } : undefined));
    t.match(await session('2 PERIODIC', rpc('GetRPCMethods')), { ok: false, reason });
  }
});

t.test('nobody there', async (t) => {
  const silent = net.createServer();
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  await new Promise((resolve) => silent.close(resolve));
  const cpe = createCpe({
    dump: loadDump('tiny-tr181'),
    acsUrl: `http://127.0.0.1:${port}/`,
    timings: { ...QUICK, retryScale: 1000 },
  });
  t.teardown(async () => cpe.stop());
  const ended = cpe.nextSession();
  await cpe.start();
  t.match(await ended, { ok: false, reason: /ECONNREFUSED/ });

  const { session } = await startPair(t, { acsUrl: 'nowhere', timings: { retryScale: 1000 } });
  t.match(await session('1 BOOT'), { ok: false, reason: 'no ACS URL: "nowhere"' });
});
