// What a CPE can do wrong on the wire below SOAP: each has its answer and one counted reason, and a good CPE beside it
// notices nothing (promise 3).
import t, { type Test } from 'tap';
import { startHarness } from './harness.ts';
import {
  bystander,
  counted,
  cpeText,
  goesOn,
  informText,
  openRawSession,
  rawConnection,
  untilCounted,
} from './south-tools.ts';

const REFUSED = ['cwmp_refused'];

t.test('below SOAP', async (t) => {
  const harness = await startHarness(t, { 'session.idle': '1s' });
  const neighbour = harness.cpe();
  const ended = neighbour.nextSession();
  await neighbour.start();
  await ended;
  const noticesNothing = await bystander(t, harness);
  const refused = async (t: Test, run: () => Promise<unknown>): Promise<unknown> => {
    const grown = await counted(harness, REFUSED, run);
    await noticesNothing(t);
    return grown;
  };

  t.test('other methods', async (t) => {
    const { hostname } = new URL(harness.acsUrl);
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'PATCH']) {
      const connection = await rawConnection(t, harness);
      t.same(
        await refused(t, async () => {
          connection.send(`${method} /any/path?x HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
          const answer = await connection.response();
          t.match(answer, { status: 405 }, method);
          t.equal(answer.headers.get('allow'), 'POST');
        }),
        { 'cwmp_refused not-a-post': 1 },
      );
    }
  });

  t.test('any path and any Content-Type will do', async (t) => {
    const connection = await rawConnection(t, harness);
    const paths = ['/', '/acs/%zz', '/' + 'x'.repeat(2000), 'http://127.0.0.1:7547/', '//', '/?'];
    const types = ['text/xml', 'text/html', ';;;', '', 'application/json', 'text/xml; charset=', 'multipart/form-data'];
    let serial = 0;
    for (const [path, type] of [
      ...paths.map((path) => [path, 'text/xml'] as const),
      ...types.map((type) => ['/', type] as const),
    ]) {
      serial += 1;
      const body = informText({ serial: `P${serial}` });
      connection.send(
        `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      const answer = await connection.response();
      t.match(answer, { status: 200 }, `${path.slice(0, 40)} ${type}`);
      t.equal(answer.headers.get('keep-alive'), 'timeout=90', 'longer than load balancers keep theirs');
    }
  });

  t.test('what is no HTTP', async (t) => {
    for (const line of [
      'NONSENSE',
      'POST / HTTP/9.9',
      'POST',
      '\u0016\u0003\u0001\u0002\u0000',
      '<soap-env:Envelope>',
    ]) {
      const connection = await rawConnection(t, harness);
      t.same(
        await refused(t, async () => {
          connection.send(`${line}\r\nHost: a\r\n\r\n`);
          t.match(await connection.response(), { status: 400 }, JSON.stringify(line));
          await connection.ended();
        }),
        { 'cwmp_refused not-http': 1 },
      );
    }
    const endless = await rawConnection(t, harness);
    t.same(
      await refused(t, async () => {
        endless.send(`POST / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
        t.match(await endless.response(), { status: 431 });
      }),
      { 'cwmp_refused headers-too-large': 1 },
    );
  });

  t.test('a body beyond the cap is refused before it is here', async (t) => {
    const hundredMegabytes = 100 * 1024 * 1024;
    const declared = await rawConnection(t, harness);
    t.same(
      await refused(t, async () => {
        declared.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${hundredMegabytes}\r\n\r\n<`);
        const answer = await declared.response();
        t.match(answer, { status: 413, body: 'too-large\n' });
        t.equal(answer.headers.get('connection'), 'close');
        await declared.ended();
      }),
      { 'cwmp_refused too-large': 1 },
      'by what it declares',
    );
    const chunked = await rawConnection(t, harness);
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]);
    const before = process.memoryUsage().arrayBuffers;
    let sent = 0;
    let stop = false;
    t.same(
      await refused(t, async () => {
        chunked.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
        const sending = (async () => {
          while (!stop && sent < hundredMegabytes && !chunked.socket.destroyed) {
            sent += chunk.length;
            if (!chunked.socket.write(chunk)) await new Promise((resolve) => setTimeout(resolve, 5));
          }
        })();
        t.match(await chunked.response(), { status: 413 });
        stop = true;
        await sending;
        await chunked.ended();
      }),
      { 'cwmp_refused too-large': 1 },
      'by what comes, counted once',
    );
    t.ok(sent < 20 * 1024 * 1024, `${sent} of ${hundredMegabytes} bytes were taken`);
    t.ok(process.memoryUsage().arrayBuffers - before < 30 * 1024 * 1024);
  });

  t.test('within a session the cap is higher, and breaking it ends the session', async (t) => {
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'BIG' });
    const padding = `<!-- ${'x'.repeat(600_000)} -->`;
    const big = cpeText(`${padding}<cwmp:GetRPCMethods></cwmp:GetRPCMethods>`);
    t.match(await connection.exchange(big, { Cookie: cookie }), { status: 200, body: /GetRPCMethodsResponse/ });
    t.same(
      await counted(harness, ['cwmp_refused', 'cwmp_session_end'], async () => {
        connection.post('', { Cookie: cookie, 'Content-Length': String(17 * 1024 * 1024) });
        t.match(await connection.response(), { status: 413 });
        await untilCounted(harness, 'cwmp_session_end malformed', 1);
      }),
      { 'cwmp_refused too-large': 1, 'cwmp_session_end malformed': 1 },
    );
  });

  t.test('a CPE that stops in the middle of its body', async (t) => {
    const connection = await rawConnection(t, harness);
    t.same(
      await refused(t, async () => {
        connection.post('<soap-env:Envelope', { 'Content-Length': '5000' });
        await new Promise((resolve) => setTimeout(resolve, 50));
        connection.socket.destroy();
        await untilCounted(harness, 'cwmp_refused cut-off', 1);
      }),
      { 'cwmp_refused cut-off': 1 },
    );
  });

  t.test('bytes that come after a whole request, and are none', async (t) => {
    const connection = await rawConnection(t, harness);
    t.same(
      await refused(t, async () => {
        const body = informText({ serial: 'AFTER' });
        connection.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        t.match(await connection.response(), { status: 200 });
        connection.send('\u0000\u0000');
        t.match(await connection.response(), { status: 400 });
        await connection.ended();
      }),
      { 'cwmp_refused not-http': 1 },
    );
  });

  t.test('lengths that contradict each other are refused, lest a proxy reads another request than we', async (t) => {
    const contradictions = [
      'Content-Length: 5\r\nContent-Length: 6',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Content-Length: -1',
      'Content-Length: 0x10',
      'Transfer-Encoding: chunked, identity',
    ];
    for (const lines of contradictions) {
      const connection = await rawConnection(t, harness);
      t.same(
        await refused(t, async () => {
          connection.send(`POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n0\r\n\r\n`);
          t.match(await connection.response(), { status: 400 }, lines);
          await connection.ended();
        }),
        { 'cwmp_refused not-http': 1 },
      );
    }
  });

  t.test('without Host, and in HTTP/1.0', async (t) => {
    const body = informText({ serial: 'OLD' });
    for (const line of ['POST / HTTP/1.1', 'POST / HTTP/1.0', 'POST / HTTP/1.0\r\nConnection: keep-alive']) {
      const connection = await rawConnection(t, harness);
      connection.send(`${line}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      t.match(await connection.response(), { status: 200 }, line);
    }
  });

  t.test('a body that comes drop by drop has its time', async (t) => {
    const connection = await rawConnection(t, harness);
    t.same(
      await refused(t, async () => {
        connection.post('', { 'Content-Length': '5000' });
        const drip = setInterval(() => connection.send('x'), 100);
        t.match(await connection.response(), { status: 408 });
        clearInterval(drip);
        await connection.ended();
      }),
      { 'cwmp_refused too-slow': 1 },
    );
  });

  t.test('a CPE that closes its half of the connection still hears the answer', async (t) => {
    const connection = await rawConnection(t, harness);
    connection.post(informText({ serial: 'HALF' }));
    connection.socket.end();
    const answer = await connection.response();
    t.match(answer, { status: 200, body: /InformResponse/ });
    await connection.ended();
    const another = await rawConnection(t, harness);
    t.match(await another.exchange('', { Cookie: answer.headers.get('set-cookie') ?? '' }), {
      status: 200,
      body: /GetRPCMethods/,
    });
  });

  t.test('the neighbour noticed nothing', (t) => goesOn(t, harness, neighbour));
});
