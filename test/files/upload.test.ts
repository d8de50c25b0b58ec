// A CPE brings a file: it is stored whole and acknowledged then, or nothing is left of it.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import t from 'tap';
import { counted, untilCounted } from '../gateway/south-tools.ts';
import { connected, exchange, head, startFiles, targetOf } from './file-gateway.ts';

const BYTES = randomBytes(200_000);
const LOG = { device: '02C0DE-Router-T0001', name: 'syslog.txt', type: '2 Vendor Log File' };

t.test('uploads', async (t) => {
  const gateway = await startFiles(t, { 'files.max': '300KB', 'files.total': '1MB', 'files.idle': '2s' });
  const target = async (wish: object = LOG): Promise<string> => targetOf(await gateway.uploadUrl(wish));

  await t.test('PUT of a known length', async (t) => {
    const url = await gateway.uploadUrl(LOG);
    const answer = await fetch(url, { method: 'PUT', body: BYTES });
    t.equal(answer.status, 201);
    const [file, ...more] = await gateway.list();
    t.same(more, []);
    const SHA256 = createHash('sha256').update(BYTES).digest('hex');
    t.match(file, {
      ...LOG,
      type: undefined,
      fileType: LOG.type,
      size: BYTES.length,
      checksums: { 'SHA-256': SHA256 },
    });
    const content = await fetch(`${gateway.apiUrl}/files/${file?.id ?? ''}/content`);
    t.ok(Buffer.from(await content.arrayBuffer()).equals(BYTES), 'the operator has it');
    t.equal((await fetch(url, { method: 'PUT', body: BYTES })).status, 410, 'once');
    t.equal((await gateway.list()).length, 1);
  });

  await t.test('POST in chunks, with a name behind the token', async (t) => {
    const chunks = [1000, 1, 3000].map((size) => randomBytes(size));
    const parts = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
    const path = `${await target()}/some.log`;
    const start = head(`POST ${path} HTTP/1.1`, 'Transfer-Encoding: chunked', 'Connection: close');
    t.equal((await exchange(gateway, start, ...parts, '0\r\n\r\n')).status, 201);
    t.equal((await gateway.list()).at(-1)?.size, 4001);
  });

  await t.test('Expect: 100-continue is answered before the body, with what is known then', async (t) => {
    const path = await target();
    const socket = await connected(gateway);
    socket.write(head(`PUT ${path} HTTP/1.1`, 'Content-Length: 5', 'Expect: 100-continue', 'Connection: close'));
    const [interim] = (await once(socket, 'data')) as [Buffer];
    t.match(interim.toString(), /^HTTP\/1\.1 100 /);
    socket.write('hello');
    const [final] = (await once(socket, 'data')) as [Buffer];
    t.match(final.toString(), /^HTTP\/1\.1 201 /);
    const refused = head(`PUT ${await target()} HTTP/1.1`, 'Content-Length: 300001', 'Expect: 100-continue');
    t.match(await exchange(gateway, refused), { status: 413, text: 'file-too-large\n' });
  });

  await t.test('what is refused, and leaves nothing', async (t) => {
    const before = await gateway.list();
    const cases: readonly (readonly [lines: readonly string[], status: number, reason: string])[] = [
      [['Content-Length: 5', 'Content-Type: multipart/form-data; boundary=x'], 415, 'multipart'],
      [['Content-Length: 5', 'Content-Encoding: gzip'], 415, 'content-encoding'],
      [[], 411, 'no-length'],
      [['Content-Length: 0'], 400, 'empty'],
      [['Content-Length: 900000'], 413, 'file-too-large'],
    ];
    for (const [lines, status, reason] of cases) {
      const request = head(`PUT ${await target()} HTTP/1.1`, ...lines);
      const answer = await exchange(gateway, request, lines[0] === 'Content-Length: 5' ? 'hello' : '');
      t.same([answer.status, answer.body.toString()], [status, `${reason}\n`]);
    }
    const body = `${(300_001).toString(16)}\r\n${'x'.repeat(300_001)}\r\n0\r\n\r\n`;
    const long = await exchange(gateway, head(`PUT ${await target()} HTTP/1.1`, 'Transfer-Encoding: chunked'), body);
    t.match(long, { status: 413, text: 'file-too-large\n' }, 'no length was told');
    t.same(await gateway.list(), before);
  });

  await t.test('all files together are bounded', async (t) => {
    const url = await gateway.uploadUrl({ ...LOG, count: 20 });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await fetch(url, { method: 'PUT', body: BYTES })).status);
    t.same(statuses, [201, 201, 201, 507, 507]);
    for (const { id } of await gateway.list()) await fetch(`${gateway.apiUrl}/files/${id}`, { method: 'DELETE' });
    t.equal((await fetch(url, { method: 'PUT', body: BYTES })).status, 201, 'there is room again');
  });

  await t.test('interrupted or too slow, nothing is left, and the URL is good still', async (t) => {
    const before = await gateway.list();
    const path = await target();
    const grown = await counted(gateway, ['files_transfer'], async () => {
      const cut = await connected(gateway);
      cut.write(head(`PUT ${path} HTTP/1.1`, 'Content-Length: 200000'));
      cut.write(BYTES.subarray(0, 100_000), () => cut.resetAndDestroy());
      await untilCounted(gateway, 'files_transfer upload-cut-off', 1);
      const slow = await connected(gateway);
      t.teardown(() => slow.destroy());
      slow.on('error', () => undefined).write(head(`PUT ${path} HTTP/1.1`, 'Content-Length: 200000'));
      slow.write('a little');
      await untilCounted(gateway, 'files_transfer upload-too-slow', 1);
    });
    t.same(grown, { 'files_transfer upload-cut-off': 1, 'files_transfer upload-too-slow': 1 });
    t.same(await gateway.list(), before);
    const answer = await exchange(
      gateway,
      head(`PUT ${path} HTTP/1.1`, 'Content-Length: 200000', 'Connection: close'),
      BYTES,
    );
    t.equal(answer.status, 201);
  });

  await t.test('of two at once under one URL one is kept', async (t) => {
    const before = await gateway.list();
    const url = await gateway.uploadUrl(LOG);
    const statuses = await Promise.all([1, 2].map(async () => (await fetch(url, { method: 'PUT', body: 'x' })).status));
    t.same(statuses.sort(), [201, 410]);
    t.equal((await gateway.list()).length, before.length + 1);
  });
});
