// Readers that stand still, or take a byte now and then, are ended with a reason; others do not notice.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import t from 'tap';
import { untilCounted } from '../gateway/south-tools.ts';
import { connected, exchange, head, startFiles, targetOf } from './file-gateway.ts';

/** More than the system buffers on both sides of a connection of this machine. */
const LARGE = 24 << 20;

t.test('slow readers', async (t) => {
  const gateway = await startFiles(t, { 'files.idle': '2s', 'files.transfers': '110' });
  const bytes = Buffer.alloc(LARGE, 'f');
  const id = await gateway.add(bytes);
  const slow: Socket[] = [];
  t.teardown(() => slow.forEach((socket) => socket.destroy()));
  for (let n = 0; n < 100; n += 1) {
    const path = targetOf(await gateway.url(id));
    const socket = await connected(gateway);
    slow.push(socket.on('error', () => undefined));
    socket.write(head(`GET ${path} HTTP/1.1`));
    // The head and what comes with it, and no more.
    await once(socket, 'readable');
    socket.read(1);
  }
  const fast = await fetch(await gateway.url(id));
  t.ok(Buffer.from(await fast.arrayBuffer()).equals(bytes), 'a fast one passes');
  await untilCounted(gateway, 'files_transfer download-too-slow', 100);
  t.equal(gateway.log.filter((line) => line.includes('"download-too-slow"')).length, 100);
});

t.test('a reader that takes a little now and then is slow too', async (t) => {
  const gateway = await startFiles(t, { 'files.idle': '1s' });
  const socket = await connected(gateway);
  t.teardown(() => socket.destroy());
  socket
    .on('error', () => undefined)
    .write(head(`GET ${targetOf(await gateway.url(await gateway.add(Buffer.alloc(LARGE))))} HTTP/1.1`));
  const sip = setInterval(() => void socket.read(100), 50);
  t.teardown(() => clearInterval(sip));
  await untilCounted(gateway, 'files_transfer download-too-slow', 1);
  t.pass('it was ended');
});

t.test('more transfers than there may be are asked to come again', async (t) => {
  const gateway = await startFiles(t, { 'files.transfers': '2' });
  const id = await gateway.add(Buffer.alloc(LARGE));
  const held: Socket[] = [];
  t.teardown(() => held.forEach((socket) => socket.destroy()));
  for (let n = 0; n < 2; n += 1) {
    const socket = await connected(gateway);
    held.push(socket.on('error', () => undefined));
    socket.write(head(`GET ${targetOf(await gateway.url(id))} HTTP/1.1`));
    await once(socket, 'readable');
  }
  const path = targetOf(await gateway.url(id));
  const full = await exchange(gateway, head(`GET ${path} HTTP/1.1`));
  t.equal(full.status, 503);
  t.equal(full.body.toString(), 'transfers-full\n');
  t.match(full.headers.get('retry-after'), /^\d+$/);
  t.equal(
    (await exchange(gateway, head(`HEAD ${path} HTTP/1.1`, 'Connection: close'))).status,
    200,
    'HEAD moves nothing',
  );
  held[0]?.destroy();
  await untilCounted(gateway, 'files_transfer download-cut-off', 1);
  const socket = await connected(gateway);
  held.push(socket);
  socket.write(head(`GET ${path} HTTP/1.1`));
  const [first] = (await once(socket, 'data')) as [Buffer];
  t.match(first.toString('latin1'), /^HTTP\/1\.1 200 /, 'there is room again');
});

t.test('one URL takes no more than four at once', async (t) => {
  const gateway = await startFiles(t);
  const path = targetOf(await gateway.url(await gateway.add(Buffer.alloc(LARGE))));
  for (let n = 0; n < 4; n += 1) {
    const socket = await connected(gateway);
    t.teardown(() => socket.destroy());
    socket.on('error', () => undefined).write(head(`GET ${path} HTTP/1.1`));
    await once(socket, 'readable');
  }
  const busy = await exchange(gateway, head(`GET ${path} HTTP/1.1`));
  t.same([busy.status, busy.body.toString()], [503, 'grant-busy\n']);
});
