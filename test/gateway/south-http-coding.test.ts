// Bodies with a content coding: inflated under the cap of plain ones, whatever is in them; what cannot be inflated is
// refused with a counted reason, and a session beside it goes on.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { startHarness } from './harness.ts';
import {
  bystander,
  counted,
  cpeText,
  informText,
  openRawSession,
  type RawConnection,
  rawConnection,
  rpcOf,
  untilCounted,
} from './south-tools.ts';

const MEGABYTE = 1024 * 1024;

const plain = (text: string): Buffer => Buffer.from(text);

function postCoded(connection: RawConnection, coding: string, body: Buffer, more = ''): void {
  const lines = `Host: a\r\nContent-Encoding: ${coding}\r\n${more}Content-Length: ${body.length}\r\n\r\n`;
  connection.send(Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines}`), body]));
}

t.test('content codings', async (t) => {
  const harness = await startHarness(t);
  const noticesNothing = await bystander(t, harness);
  const refused = async (t: Test, run: () => Promise<unknown>): Promise<unknown> => {
    const grown = await counted(harness, ['cwmp_refused', 'failure'], run);
    await noticesNothing(t);
    return grown;
  };

  t.test('gzip and deflate, in every spelling, in one piece and in many', async (t) => {
    const codings = [
      ['gzip', gzipSync],
      ['GZip', gzipSync],
      ['x-gzip', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync],
      ['identity', plain],
      ['', plain],
    ] as const;
    const connection = await rawConnection(t, harness);
    for (const [index, [coding, encode]] of codings.entries()) {
      const body = encode(informText({ serial: `CODED${index}` }));
      postCoded(connection, coding, body);
      t.equal(rpcOf(await connection.response()), 'InformResponse', `${coding} ${encode.name}`);
      connection.send(`POST / HTTP/1.1\r\nContent-Encoding: ${coding}\r\nTransfer-Encoding: chunked\r\n\r\n`);
      for (let at = 0; at < body.length; at += 50) {
        const piece = body.subarray(at, at + 50);
        connection.send(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
      }
      connection.send('0\r\n\r\n');
      t.equal(rpcOf(await connection.response()), 'InformResponse', `${coding} ${encode.name}, chunked`);
    }
  });

  t.test('an empty POST is one, though it names a coding', async (t) => {
    const connection = await rawConnection(t, harness);
    const Cookie = await openRawSession(connection, { serial: 'EMPTY' });
    const answer = await connection.exchange('', { Cookie, 'Content-Encoding': 'gzip' });
    t.equal(rpcOf(answer), 'GetRPCMethods');
  });

  t.test('within a session as much as a plain body may have', async (t) => {
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'LARGE' });
    const large = cpeText(`<!-- ${'x'.repeat(15 * MEGABYTE)} --><cwmp:GetRPCMethods></cwmp:GetRPCMethods>`);
    postCoded(connection, 'gzip', gzipSync(large), `Cookie: ${cookie}\r\n`);
    t.equal(rpcOf(await connection.response()), 'GetRPCMethodsResponse');
    const grown = await counted(harness, ['cwmp_refused', 'cwmp_session_end'], async () => {
      postCoded(connection, 'gzip', gzipSync(Buffer.alloc(17 * MEGABYTE)), `Cookie: ${cookie}\r\n`);
      t.match(await connection.response(), { status: 413, body: 'too-large\n' });
      await connection.ended();
      await untilCounted(harness, 'cwmp_session_end malformed', 1);
    });
    t.same(grown, { 'cwmp_refused too-large': 1, 'cwmp_session_end malformed': 1 });
  });

  t.test('a bomb ends at the cap', async (t) => {
    // 200 KB that would be 200 MB: under the cap as it comes, a thousand times over it inside.
    for (const [coding, bomb] of [
      ['gzip', gzipSync(Buffer.alloc(200 * MEGABYTE))],
      ['deflate', deflateSync(Buffer.alloc(200 * MEGABYTE))],
    ] as const) {
      t.ok(bomb.length < 256 * 1024, `${bomb.length} bytes`);
      const connection = await rawConnection(t, harness);
      const before = process.memoryUsage().arrayBuffers;
      t.same(
        await refused(t, async () => {
          postCoded(connection, coding, bomb);
          t.match(await connection.response(), { status: 413, body: 'too-large\n' });
          await connection.ended();
        }),
        { 'cwmp_refused too-large': 1 },
      );
      t.ok(process.memoryUsage().arrayBuffers - before < 20 * MEGABYTE, 'of which nothing is kept');
    }
  });

  t.test('so does what never becomes anything', async (t) => {
    const connection = await rawConnection(t, harness);
    const nothing = gzipSync('');
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => nothing));
    const sent = Buffer.concat([Buffer.from(`${many.length.toString(16)}\r\n`), many, Buffer.from('\r\n0\r\n\r\n')]);
    t.same(
      await refused(t, async () => {
        connection.send('POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n');
        connection.send(sent);
        t.match(await connection.response(), { status: 413 });
        await connection.ended();
      }),
      { 'cwmp_refused too-large': 1 },
    );
  });

  t.test('what is not of its coding', async (t) => {
    const inform = gzipSync(informText({ serial: 'BROKEN' }));
    const damaged = Buffer.from(inform);
    damaged.fill(0xff, 40, 60);
    const wrongSum = Buffer.from(inform);
    wrongSum.writeUInt32LE(1, wrongSum.length - 8);
    for (const [coding, body] of [
      ['gzip', Buffer.from('<soap-env:Envelope/>')],
      ['deflate', Buffer.from('<soap-env:Envelope/>')],
      ['gzip', deflateSync('x')],
      ['gzip', inform.subarray(0, -20)],
      ['gzip', damaged],
      ['gzip', wrongSum],
    ] as const) {
      const connection = await rawConnection(t, harness);
      t.same(
        await refused(t, async () => {
          postCoded(connection, coding, body);
          t.match(await connection.response(), { status: 400, body: 'broken-coding\n' });
          await connection.ended();
        }),
        { 'cwmp_refused broken-coding': 1 },
      );
    }
  });

  t.test('bytes after its end are passed over', async (t) => {
    const connection = await rawConnection(t, harness);
    for (const encode of [gzipSync, deflateSync]) {
      const body = Buffer.concat([encode(informText({ serial: 'TAIL' })), Buffer.alloc(100)]);
      postCoded(connection, encode === gzipSync ? 'gzip' : 'deflate', body);
      t.equal(rpcOf(await connection.response()), 'InformResponse', encode.name);
      t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods', 'and the connection is of use');
    }
  });

  t.test('a CPE that stops in the middle', async (t) => {
    const connection = await rawConnection(t, harness);
    t.same(
      await refused(t, async () => {
        connection.send('POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n');
        connection.send(gzipSync(informText({ serial: 'CUT' })).subarray(0, 100));
        await new Promise((resolve) => setTimeout(resolve, 50));
        connection.socket.destroy();
        await untilCounted(harness, 'cwmp_refused cut-off', 1);
      }),
      { 'cwmp_refused cut-off': 1 },
    );
  });

  t.test('other codings are refused by name', async (t) => {
    for (const coding of ['br', 'compress', 'gzip, gzip', 'nonsense']) {
      const connection = await rawConnection(t, harness);
      t.same(
        await refused(t, async () => {
          const answer = await connection.exchange('xx', { 'Content-Encoding': coding });
          t.match(answer, { status: 415 }, coding);
          t.equal(answer.headers.get('accept-encoding'), 'gzip, deflate, identity');
        }),
        { 'cwmp_refused content-encoding': 1 },
      );
    }
  });
});
