// What a connection says of a download: only who closed in order after the last byte has it.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { untilCounted } from '../gateway/south-tools.ts';
import { connected, exchange, head, oneMore, parse, startFiles, targetOf } from './file-gateway.ts';

/** Fits into what the system buffers: it is sent before anything of it is read. */
const BYTES = randomBytes(100_000);

t.test('connections', async (t) => {
  const gateway = await startFiles(t);
  const id = await gateway.add(BYTES);
  const target = async (): Promise<string> => targetOf(await gateway.url(id));

  await t.test('all was sent and the line dropped: the CPE may go on', async (t) => {
    const path = await target();
    const socket = await connected(gateway);
    socket.write(head(`GET ${path} HTTP/1.1`));
    await once(socket, 'readable');
    const read = socket.read(10_000) as Buffer;
    socket.resetAndDestroy();
    await untilCounted(gateway, 'files_transfer download-cut-off', 1);
    const { body } = parse(read);
    const done = await oneMore(gateway, 'downloaded');
    const rest = await exchange(gateway, head(`GET ${path} HTTP/1.1`, `Range: bytes=${body.length}-`));
    t.equal(rest.status, 206);
    t.ok(Buffer.concat([body, rest.body]).equals(BYTES));
    await done();
    t.equal((await exchange(gateway, head(`GET ${path} HTTP/1.1`))).status, 410);
  });

  await t.test('HEAD, and the download on the same connection', async (t) => {
    const path = await target();
    const socket = await connected(gateway);
    socket.write(head(`HEAD ${path} HTTP/1.1`));
    const [first] = (await once(socket, 'data')) as [Buffer];
    t.match(parse(first), { status: 200, text: '' });
    const done = await oneMore(gateway, 'downloaded');
    socket.write(head(`GET ${path} HTTP/1.1`));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    t.ok(parse(Buffer.concat(chunks)).body.equals(BYTES));
    await done();
    t.equal((await exchange(gateway, head(`GET ${path} HTTP/1.1`))).status, 410);
  });

  await t.test('a CPE that closes its half at once gets its answer', async (t) => {
    const path = await target();
    const socket = await connected(gateway);
    socket.end(head(`GET ${path} HTTP/1.0`));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    t.ok(parse(Buffer.concat(chunks)).body.equals(BYTES));
  });

  await t.test('who asks again before the first connection has closed is not faster than it', async (t) => {
    const path = await target();
    const first = connect({ ...gateway.files, allowHalfOpen: true });
    first.write(head(`GET ${path} HTTP/1.1`));
    const chunks: Buffer[] = [];
    for await (const chunk of first.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
    t.ok(parse(Buffer.concat(chunks)).body.equals(BYTES));
    const again = await connected(gateway);
    const answer = once(again, 'data');
    again.write(head(`GET ${path} HTTP/1.1`));
    // Had it not waited, it would be answered before what came later.
    await exchange(gateway, head('GET /nothing HTTP/1.1'));
    first.end();
    t.equal(parse(((await answer) as [Buffer])[0]).status, 410);
  });

  await t.test('requests sent all at once: the first is answered, and it is the last', async (t) => {
    const path = await target();
    const request = head(`GET ${path} HTTP/1.1`);
    const { status, body } = await exchange(gateway, request + request + request);
    t.equal(status, 200);
    t.ok(body.equals(BYTES));
  });
});

t.test('the gateway stops at once, whatever is transferred', async (t) => {
  const gateway = await startFiles(t);
  const large = await gateway.add(Buffer.alloc(24 << 20));
  const loads = await connected(gateway);
  loads.on('error', () => undefined).write(head(`GET ${targetOf(await gateway.url(large))} HTTP/1.1`));
  const brings = await connected(gateway);
  const upload = targetOf(await gateway.uploadUrl());
  brings
    .on('error', () => undefined)
    .write(head(`PUT ${upload} HTTP/1.1`, 'Content-Length: 9', 'Expect: 100-continue'));
  await Promise.all([once(loads, 'readable'), once(brings, 'readable')]);
  const closed = [loads, brings].map((socket) => new Promise((resolve) => socket.resume().once('close', resolve)));
  t.equal(await gateway.gateway.stop(), true);
  await Promise.all(closed);
  t.match(gateway.log.join('\n'), /"download-cut-off"/);
  t.match(gateway.log.join('\n'), /"upload-cut-off"/);
});
